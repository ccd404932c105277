// The narrow traits between the layers of a simulated vnode: applications over streams over the network.

/** Reliable byte streams between vnodes, as an application sees them. An end's peer is `endpoint ^ 1`. */
export interface Streams {
  /** Starts a connection from one vnode to another; returns the client's endpoint (even). */
  open(client: number, server: number): number;
  /** Appends `bytes` to the stream; never refuses, but see `space`. */
  write(endpoint: number, bytes: number): void;
  /** Bytes that the send buffer still takes before a real write would block. */
  space(endpoint: number): number;
  /** In-order bytes that wait to be read. */
  readable(endpoint: number): number;
  /** Takes all readable bytes; returns how many. The advertised window opens. */
  read(endpoint: number): number;
  /** Sends what was written, then closes both directions. */
  close(endpoint: number): void;
}

/** What streams tell their application. `endpoint` is the application's own end. */
export interface StreamEvents {
  /** The handshake is complete at this end. */
  opened(endpoint: number): void;
  /** New in-order bytes can be read. Called once per packet that brings some. */
  readableNow(endpoint: number): void;
  /** After `space` had been used up, at least a third of the send buffer is free again. */
  writableNow(endpoint: number): void;
  /** The peer closed, or the connection could not be set up. */
  closed(endpoint: number): void;
}

/** What carries packets. Packets are ids in the shared `Packets` pool. */
export interface PacketCarrier {
  /**
   * Takes the packet on its way to `packets.endpoint[packet]`. False: the sender's own queueing discipline was full
   * and the packet is gone; that slows a TCP sender without being a loss (it may offer the segment again).
   */
  send(packet: number): boolean;
  /** A timer of `endpoint` went off. True: its host's CPU takes it first, and tells `timed` afterwards. */
  timer?(endpoint: number): boolean;
  /** `endpoint` has room in its own qdisc again. True: its host sees to that after the work at hand, and tells `timed`. */
  tasklet?(endpoint: number): boolean;
}

/** What the carrier tells the transport. */
export interface PacketReceiver {
  /** The packet has arrived at its endpoint; the receiver gives it back to the pool (`packets.deliver`). */
  receive(packet: number): void;
  /** A packet sent by `endpoint` left the sender's queueing discipline (what TCP small queues count). */
  departed(endpoint: number, charged: number): void;
  /** What `endpoint` sent is charged so much more there, or less, than when it was sent: it was cut, or a part was refused. */
  recharged(endpoint: number, more: number): void;
  /** The interrupt of a timer, or the tasklet, that the carrier was told of is done. */
  timed(endpoint: number): void;
}

/** CPU of the applications: one task a vnode. */
export interface Tasks {
  /** Makes the vnode's task runnable; once on a core it is asked to `begin` and, its work done, to `finish`. */
  wake(vnode: number): void;
  /** The vnode's task, which has nothing to do, is woken at `until`, ns: on a host with costs by a timer's interrupt. */
  sleep(vnode: number, until: number): void;
}

/** An application as the scheduler sees it. On an ideal host both calls come at once. */
export interface Application {
  /** ns of CPU work for the input that is pending now. */
  begin(vnode: number): number;
  /** The work is done: reads, writes and their effects happen now. Returns true to run again. */
  finish(vnode: number): boolean;
}
