// The door of bittorrent: the protocol and the clients that speak it.

export * from './client.js';
