// The door of TCP.

export { DEFAULT_OPTIONS, type TcpOptions, tcpOptions } from './options.js';
export { Tcp } from './tcp.js';
