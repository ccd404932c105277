// hrktorrent 0.3 on libtorrent-rasterbar 0.15 (2010): the client of the RoEduNet paper. TCP only.

import type { ClientProfile } from '../client.js';

const SECOND = 1e9;

export const hrktorrent: ClientProfile = {
  name: 'hrktorrent',
  title: 'hrktorrent 0.3.5 on libtorrent-rasterbar 0.15.1',
  transport: 'tcp',
  maxConnections: 200,
  wantPeers: 200,
  dialDelay: 0,
  connectsPerSecond: 10,
  announceInterval: 120 * SECOND,
  keepAliveInterval: 120 * SECOND,
  uploadSlots: 7,
  optimisticSlots: 1,
  chokeInterval: 15 * SECOND,
  optimisticInterval: 60 * SECOND,
  rateRounds: 1,
  betweenRounds: 'free-slots',
  allowedFast: 0,
  slotHead: 1,
  favoursLocal: true,
  minimumRequests: 2,
  maximumRequests: 200,
  requestRule: 'queue-time',
  queueTime: 3 * SECOND,
  pieceTimeout: 20 * SECOND,
  idleRetry: 'at once',
  randomFirstPieces: 4,
  strictPriority: false,
  begunPerConnection: 1.5,
  begunWithoutFree: true,
  onePeerPerPiece: false,
  wholePieceTime: 0,
  endgame: 'no-block-free',
  endgameBlock: 'least-asked',
  endgameRequests: 1,
  endgameCancels: true,
  redundantHave: false,
  haveDelay: 0,
  haveBatch: 1,
  perByte: 1.5,
  perMessage: 2500,
  hashPerByte: 4.5,
  perConnection: 100_000,
  ticksPerSecond: 4,
  tickWork: 30_000,
  startWork: 0,
  memoryBase: 4_000_000,
  memoryPerConnection: 20_000,
  memoryCache: 3_020_000,
  caches: 'file',
  source: 'published',
  note:
    'Habits: defaults of session_settings.hpp of libtorrent 0.15 (200 connections, numwant 200, 10 connects a second, ' +
    '8 slots of which one optimistic, rounds of 15 s, optimistic 60 s, request_queue_time 3 s, 2 to 200 requests, ' +
    'piece_timeout 20 s, begun pieces first at equal rarity only); hrktorrent announces anew every 2 minutes (--forcereannounce). Assumed: CPU costs (SHA-1 of ' +
    'OpenSSL at about 220 MB/s on a 2.2 GHz Core 2; one copy more than the socket read for each byte; a few us a ' +
    'message through asio and the picker). Memory: base, 99 connections and cache together are the 9 MB by which a ' +
    'container of the RoEduNet paper grows from idle (4 MB) to active (13 MB); how they divide is assumed.',
};
