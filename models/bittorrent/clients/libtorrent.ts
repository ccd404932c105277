// libtorrent-rasterbar 1.2 to 2.0 with its default settings: uTP where both ends have it.

import type { ClientProfile } from '../client.js';
import { hrktorrent } from './hrktorrent.js';

export const libtorrent: ClientProfile = {
  ...hrktorrent,
  name: 'libtorrent',
  title: 'libtorrent-rasterbar 2.0, uTP',
  transport: 'utp',
  connectsPerSecond: 30,
  announceInterval: 1800e9,
  optimisticInterval: 30e9,
  slotHead: 20,
  favoursLocal: false,
  maximumRequests: 500,
  requestRule: 'slow-start',
  idleRetry: 5e9,
  begunWithoutFree: false,
  wholePieceTime: 20e9,
  endgame: 'no-piece-free',
  endgameBlock: 'any',
  endgameCancels: false,
  redundantHave: true,
  ticksPerSecond: 2,
  tickWork: 60_000,
  startWork: 0,
  memoryBase: 12_000_000,
  memoryPerConnection: 24_000,
  memoryCache: 8_000_000,
  caches: 'file',
  source: 'published',
  note:
    'Habits: defaults of settings_pack.cpp (200 connections, num_want 200, connection_speed 30, 8 slots of which a ' +
    'fifth, at least one, optimistic, rounds of 15 s, optimistic 30 s, seeding_piece_quota 20, request_queue_time 3 s, ' +
    'up to 500 requests, whole_pieces_threshold 20 s, strict_end_game_mode, send_redundant_have, tick_interval 500 ms); ' +
    'announces as the tracker says, half an hour. From peer_connection.cpp and request_blocks.cpp of 2.0.8: four requests ' +
    'at first and one more with each block until a second brings no more than the one before; whole pieces, side by side, ' +
    'of peers fast enough; blocks of others once every piece left is begun, and none is ever cancelled, for a block is ' +
    'marked as written before it is looked up whom else it was asked of; a peer without requests is not asked again for a ' +
    'new piece of its, but once in 5 s. ' +
    'Assumed: CPU costs as for hrktorrent; memory from the order of a small client process with its disk cache.',
};
