// The door of TCP.

export { DEFAULT_OPTIONS, type TcpOptions, tcpOptions } from './options.js';
export { Tcp, type TcpCounters, type TcpSetup, type TcpView } from './tcp.js';
