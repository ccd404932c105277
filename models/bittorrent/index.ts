// The door of BitTorrent's rules: pure, without clock, network or host.

export * from './bitfield.js';
export * from './choker.js';
export * from './client.js';
export * from './client-memory.js';
export * from './clients/index.js';
export * from './fluid.js';
export * from './messages.js';
export * from './piece-picker.js';
export * from './rarest-first.js';
export * from './request-depth.js';
export * from './torrent.js';
export * from './tracker.js';
