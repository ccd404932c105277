// aria2 1.3x with its default BitTorrent settings, and those that keep it to the swarm (no DHT, LPD, peer exchange).

import type { ClientProfile } from '../client.js';

const SECOND = 1e9;

export const aria2: ClientProfile = {
  name: 'aria2',
  title: 'aria2 1.36',
  transport: 'tcp',
  maxConnections: 55,
  wantPeers: 50,
  dialDelay: 2 * SECOND,
  connectsPerSecond: 44,
  announceInterval: 1800 * SECOND,
  keepAliveInterval: 120 * SECOND,
  uploadSlots: 3,
  optimisticSlots: 1,
  chokeInterval: 10 * SECOND,
  optimisticInterval: 30 * SECOND,
  rateRounds: 1,
  betweenRounds: 'round',
  allowedFast: 10,
  slotHead: 0,
  favoursLocal: false,
  minimumRequests: 6,
  maximumRequests: 256,
  requestRule: 'doubling',
  queueTime: 3 * SECOND,
  pieceTimeout: 60 * SECOND,
  idleRetry: 'at once',
  randomFirstPieces: 0,
  strictPriority: false,
  begunPerConnection: Number.POSITIVE_INFINITY,
  begunWithoutFree: true,
  onePeerPerPiece: true,
  wholePieceTime: 0,
  endgame: 'no-piece-free',
  endgameBlock: 'least-asked',
  endgameRequests: 256,
  endgameCancels: true,
  redundantHave: true,
  haveDelay: SECOND,
  haveBatch: Number.POSITIVE_INFINITY,
  perByte: 3,
  perMessage: 4000,
  hashPerByte: 4.5,
  perConnection: 150_000,
  ticksPerSecond: 1,
  tickWork: 200_000,
  startWork: 0,
  memoryBase: 2_000_000,
  memoryPerConnection: 78_000,
  memoryCache: 16 * 2 ** 20,
  caches: 'begun-pieces',
  source: 'published',
  note:
    'Habits from its sources: --bt-max-peers 55, numwant 50 (DefaultBtAnnounce), 44 first connections (BtRuntime) two ' +
    'rounds of its loop after the tracker answered, a second each (TrackerWatcherCommand, DownloadEngine), 3 regular ' +
    'slots and one optimistic in rounds of 10 s (BtLeecherStateChoke, ' +
    'BtSeederStateChoke) and whenever interest changes (BtInterestedMessage, BtNotInterestedMessage), ten allowed fast ' +
    'pieces and 6 outstanding requests doubled up to 256 (DefaultBtInteractive), `have` on connections at rest once a ' +
    'second (DownloadEngine), a piece from one peer at a time until the endgame (DefaultPieceStorage), requests ' +
    'dropped after 60 s (--bt-timeout class), blocks cached until their piece is whole (BtPieceMessage, --disk-cache 16M). ' +
    'Measured: memory of the process and of a connection with its socket, by containers of Debian 12 in swarms of 6, 12 and ' +
    '24 peers twice each, without a disk cache. Assumed: CPU costs, from the order of hrktorrent.',
};
