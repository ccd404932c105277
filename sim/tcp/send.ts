// Packets on their way out: what every packet carries besides data, pure acknowledgements, and what follows when the
// vnode's own queueing discipline refuses one.

import { ACK, chargeOf, SYN } from '../packets.js';
import { enterReduction } from './cwnd.js';
import { FRAME_HEADERS, WITH_SMALL_QUEUES } from './options.js';
import { ACK_NOW, INT, INTS, REAL, REALS } from './record.js';
import type { Stack } from './stack.js';

const { SND_NXT, RCV_NXT, RCV_READ, RCV_EDGE, RCV_WUP, RCV_BUFFER, TS_RECENT, ACK_DEADLINE } = REAL;
const { DSACK_START, DSACK_END, BLOCK_START_0, SND_UNA } = REAL;
const { MSS, OPTIONS, QDISC_BYTES, PACKETS_SENT, QUICK, BLOCKS, FLAGS } = INT;

/** Two bytes of padding and two of kind and length, then eight a block (RFC 2018, aligned as Linux does). */
const SACK_HEADER = 4;
const SACK_BLOCK = 8;
const MOST_BLOCKS = 3;

/** Moves the advertised edge to what the buffer allows, by no less than a segment or half the buffer (RFC 9293, 3.8.6.2.2). */
function advertise(t: Stack, endpoint: number): void {
  const { reals } = t;
  const r = endpoint * REALS;
  const buffer = reals[r + RCV_BUFFER];
  const edge = reals[r + RCV_READ] + buffer;
  const gain = edge - reals[r + RCV_EDGE];
  if (gain <= 0) return;
  if (gain >= t.ints[endpoint * INTS + MSS] || gain * 2 >= buffer) reals[r + RCV_EDGE] = edge;
}

/**
 * Hands a packet to the carrier with the endpoint's acknowledgement, window and timestamps. False: the vnode's own
 * qdisc was full; the window is reduced once for it, as after a congestion notification (Linux: tcp_enter_cwr).
 */
export function dispatch(t: Stack, endpoint: number, packet: number): boolean {
  const { reals, ints, packets } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  advertise(t, endpoint);
  const next = reals[r + RCV_NXT];
  packets.acknowledged[packet] = next;
  packets.window[packet] = reals[r + RCV_EDGE] - next;
  packets.sentAt[packet] = t.simulator.now;
  packets.echo[packet] = reals[r + TS_RECENT];
  reals[r + RCV_WUP] = next;
  reals[r + ACK_DEADLINE] = Number.POSITIVE_INFINITY;
  if (ints[i + QUICK] > 0) ints[i + QUICK]--;
  ints[i + FLAGS] &= ~ACK_NOW;
  ints[i + PACKETS_SENT]++;
  const charged = (ints[i + OPTIONS] & WITH_SMALL_QUEUES) !== 0 ? chargeOf(packets.payload[packet]) : 0;
  packets.charged[packet] = charged;
  ints[i + QDISC_BYTES] += charged;
  const outer = t.sender;
  t.sender = endpoint;
  const taken = t.carrier.send(packet);
  t.sender = outer;
  if (taken) return true;
  ints[i + QDISC_BYTES] -= charged;
  enterReduction(t, endpoint);
  return false;
}

/** An acknowledgement without data, with up to three SACK blocks; a duplicate just received goes first (RFC 2883). */
export function sendAck(t: Stack, endpoint: number): void {
  const { reals, ints, packets } = t;
  const r = endpoint * REALS;
  const packet = packets.allocate(endpoint ^ 1, ACK);
  packets.sequence[packet] = reals[r + SND_NXT];
  let blocks = 0;
  const duplicate = reals[r + DSACK_START] >= 0;
  const held = ints[endpoint * INTS + BLOCKS];
  if (duplicate || held > 0) {
    const { sacks } = packets;
    if (duplicate) {
      sacks[packet] = reals[r + DSACK_START];
      sacks[packet + 1] = reals[r + DSACK_END];
      reals[r + DSACK_START] = -1;
      blocks = 1;
    }
    for (let block = 0; block < held && blocks < MOST_BLOCKS; block++, blocks++) {
      sacks[packet + 2 * blocks] = reals[r + BLOCK_START_0 + 2 * block];
      sacks[packet + 2 * blocks + 1] = reals[r + BLOCK_START_0 + 2 * block + 1];
    }
    packets.sackCount[packet] = blocks;
  }
  packets.wire[packet] = blocks > 0 ? FRAME_HEADERS + SACK_HEADER + SACK_BLOCK * blocks : FRAME_HEADERS;
  dispatch(t, endpoint, packet);
}

/** A packet with an old offset, that makes the peer tell its window (tcp_xmit_probe_skb). */
export function sendWindowProbe(t: Stack, endpoint: number): void {
  const { packets } = t;
  const packet = packets.allocate(endpoint ^ 1, ACK);
  packets.sequence[packet] = t.reals[endpoint * REALS + SND_UNA] - 1;
  packets.wire[packet] = FRAME_HEADERS;
  dispatch(t, endpoint, packet);
}

/** A step of the handshake: SYN, or SYN and ACK. */
export function sendSyn(t: Stack, endpoint: number, acknowledges: boolean): void {
  const { packets } = t;
  const packet = packets.allocate(endpoint ^ 1, acknowledges ? SYN | ACK : SYN);
  packets.sequence[packet] = 0;
  packets.wire[packet] = FRAME_HEADERS;
  dispatch(t, endpoint, packet);
}
