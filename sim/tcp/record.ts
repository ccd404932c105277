// The record of a connection's end: its fields' places in two typed arrays, one row per endpoint.
//
// A row lies together, so that a packet touches a handful of cache lines however many endpoints there are. Each file
// takes the places it needs into constants of its own: the engine folds those into the machine code, imported ones
// it would load each time.

/** Names in turn as places 0, 1, 2, ... of a row. */
export const places = <const Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> =>
  Object.fromEntries(names.map((name, place) => [name, place])) as Record<Name, number>;

/** Offsets are bytes of a stream (SYN takes none, FIN takes one at its end); times are ns; -1: none, unless said. */
export const REAL = places([
  // sending
  'SND_UNA', // first unacknowledged offset
  'SND_NXT', // next offset to send
  'SND_EDGE', // first offset beyond the peer's window
  'WRITTEN', // end of what the application wrote
  'TIMER_DEADLINE', // the transmit timer's, Infinity: off
  'TIMER_PENDING', // time of its event in the queue, Infinity: none
  'SRTT', // eightfold smoothed RTT (0: no sample), fourfold deviation, its maximum, RTTVAR x 4 as Linux keeps them
  'MDEV',
  'MDEV_MAX',
  'RTTVAR',
  'RTT_SEQ', // end of the round in which MDEV_MAX is taken
  'RTO',
  'MIN_RTT', // Infinity: no sample
  'LAST_RTT', // the newest sample of this acknowledgement
  'TLP_HIGH_SEQ', // end of the tail-loss probe's episode
  'BYTES_ACKED', // counter
  'LAST_SENT', // when data was last sent
  'CWND_USAGE_SEQ', // end of the round in which the use of the window is judged
  'CWND_STAMP', // when the window was last found in use
  // receiving
  'RCV_NXT', // next offset expected
  'RCV_READ', // end of what the application took
  'RCV_EDGE', // first offset beyond the advertised window
  'RCV_WUP', // RCV_NXT as last sent
  'RCV_BUFFER', // bytes the receiver is ready to hold now
  'RCV_BUFFER_MAX',
  'TS_RECENT', // timestamp to echo (RFC 7323)
  'ACK_DELAY', // option
  'DSACK_START', // duplicate just received (RFC 2883)
  'DSACK_END',
  'LAST_RECEIVED', // when data last came, -1: never
  'ACK_DEADLINE', // the delayed acknowledgement's, Infinity: off
  'ACK_PENDING', // time of its event in the queue, Infinity: none
  'FIN_AT', // offset of the peer's FIN
  'SPACE_SEQ', // receive autotuning: measured from this read offset, at this time, bytes of the last round
  'SPACE_TIME',
  'SPACE_BYTES',
  'RCV_RTT', // eightfold round trip as the receiver sees it, 0: none
  // cubic, with HyStart
  'EPOCH', // start of the current curve, -1: none
  'CUBIC_TIME', // of the last update
  'DELAY_MIN', // 0: none
  'K', // ms from the epoch to the plateau
  'ROUND_START',
  'ROUND_END', // offset
  'LAST_ACK', // time of the last acknowledgement of the train
  'ROUND_RTT',
  // loss recovery
  'HIGH_SEQ', // SND_NXT when it began
  'RETRANS_STAMP', // time of its first retransmission
  'UNDO_MARKER', // SND_UNA when it began, while it may be undone
  'RACK_TIME', // send time and end offset of the latest-sent segment known delivered, and its RTT (RFC 8985)
  'RACK_END',
  'RACK_RTT',
  'HIGHEST_SACK', // highest offset selectively acknowledged; the same before the acknowledgement at hand, -1: none
  'HIGHEST_BEFORE',
  'LATE_FROM', // first offset of the acknowledgement at hand that had been overtaken, Infinity: none
  'PATIENCE', // ns until RACK takes the next segment for lost, 0: none
  'SEEN_START_0', // blocks of the last SACK, so that repeated ones cost nothing
  'SEEN_END_0',
  'SEEN_START_1',
  'SEEN_END_1',
  'SEEN_START_2',
  'SEEN_END_2',
  // selective acknowledgements to send
  'BLOCK_START_0', // newest first
  'BLOCK_END_0',
  'BLOCK_START_1',
  'BLOCK_END_1',
  'BLOCK_START_2',
  'BLOCK_END_2',
  'MINIMUM_RTO', // option
  'SEND_BUFFER', // option, 0: autotuned
]);

/** Counts are segments; lists hold ids of segments or ranges, -1: none. */
export const INT = places([
  'STATE',
  'MSS',
  'OPTIONS', // bits, see options
  'CONTROL', // congestion control, see congestion
  'CA_STATE', // see congestion states below
  'CWND',
  'CWND_CNT',
  'SSTHRESH',
  'CWND_USED', // most in flight since the window was last found in use
  'MAX_PACKETS_OUT',
  'CWND_LIMITED',
  'PACKETS_OUT',
  'SACKED_OUT',
  'LOST_OUT',
  'RETRANS_OUT',
  'TIMED', // whether the in-flight segments are also listed by time
  'RETRIES', // timeouts or probes without an answer
  'VNODE',
  'HEAD', // in-flight segments by offset
  'TAIL',
  'TIMER_KIND',
  'FIN_QUEUED',
  'FLAGS', // bits below
  'QDISC_BYTES', // in the vnode's own qdisc, counted for small queues
  'PACKETS_SENT', // counters
  'RETRANSMITTED',
  'LOSSES',
  // receiving
  'QUICK', // acknowledgements still sent at once
  'PINGPONG', // the application answers what it gets
  'BLOCKS', // SACK blocks to send
  'RANGES', // out-of-order ranges by offset
  'LEDBAT_BYTES', // of a segment by which the window has moved already
  // cubic
  'CUBIC_CNT',
  'CUBIC_ACKED',
  'CUBIC_CWND', // as of the last update
  'CUBIC_RENO', // what reno's window would be
  'CUBIC_MAX', // window before the last loss
  'CUBIC_ORIGIN',
  'HYSTART_FOUND',
  'HYSTART_SAMPLES',
  // loss recovery
  'PROBES', // of a window that is still closed
  'PRIOR_CWND',
  'PRIOR_SSTHRESH',
  'PRR_DELIVERED',
  'PRR_OUT',
  'UNDO_RETRANS',
  'TIME_HEAD',
  'TIME_TAIL',
  'SACK_HINT', // segment where the last SACK block ended
  'RETRANSMIT_HINT', // nothing before this segment waits for retransmission
  'SEEN', // SACK blocks remembered
  'RACK_ADVANCED',
  'REORDERING', // segments that may arrive early before it means loss
  'REORDER_SEEN',
  'TLP_RETRANS',
  'INITIAL_WINDOW',
  'PACED', // where the row of its pacing control begins (see paced), -1: it has none
]);

/** Row lengths: rows begin on a cache line (64 bytes). */
export const REALS = 72;
export const INTS = 64;

/** STATE. */
export const CLOSED = 0;
export const SYN_SENT = 1;
export const SYN_RECEIVED = 2;
export const ESTABLISHED = 3;

/** CA_STATE, as in Linux (include/uapi/linux/tcp.h). */
export const OPEN = 0;
export const DISORDER = 1;
export const CWR = 2;
export const RECOVERY = 3;
export const LOSS = 4;

/** FLAGS: space was used up; small queues hold data back; the application was told that the connection ended. */
export const NO_SPACE = 1;
export const THROTTLED = 2;
export const ENDED = 4;
/** An acknowledgement is owed at once. */
export const ACK_NOW = 8;
/** The application closed: what still comes in is thrown away. */
export const DISCARDS = 16;

/** TIMER_KIND: what the transmit timer is armed for. */
export const TIMER_RTO = 1;
export const TIMER_PROBE = 2;
export const TIMER_REORDERING = 3;
export const TIMER_WINDOW = 4;
export const TIMER_HANDSHAKE = 5;

/** A slow-start threshold that was never set (TCP_INFINITE_SSTHRESH). */
export const INFINITE = 0x7fffffff;
