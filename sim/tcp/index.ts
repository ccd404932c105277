// The door of TCP.

export { DEFAULT_OPTIONS, streamOptions, type TcpOptions } from './options.js';
export { Tcp } from './tcp.js';
