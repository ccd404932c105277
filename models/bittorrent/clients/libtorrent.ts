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
  redundantHave: true,
  ticksPerSecond: 2,
  tickWork: 60_000,
  startWork: 0,
  memoryBase: 12_000_000,
  memoryPerConnection: 24_000,
  memoryCache: 8_000_000,
  source: 'published',
  note:
    'Habits: defaults of settings_pack.cpp (200 connections, num_want 200, connection_speed 30, 8 slots of which a ' +
    'fifth, at least one, optimistic, rounds of 15 s, optimistic 30 s, seeding_piece_quota 20, request_queue_time 3 s, ' +
    'up to 500 requests, send_redundant_have, tick_interval 500 ms); announces as the tracker says, half an hour. ' +
    'Assumed: CPU costs as for hrktorrent; memory from the order of a small client process with its disk cache.',
};
