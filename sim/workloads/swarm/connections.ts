// Connections of the swarm, as halves: each end's view of one connection is an integer into typed arrays, and the two
// halves of a connection are 2k (who dialled) and 2k + 1, so that the other half is `half ^ 1`.

import { slowStartEnds } from '../../../models/index.js';

/** Flags of a half. */
export const Half = {
  /** It is in its member's list. */
  attached: 1,
  /** The TCP handshake is complete at this end. */
  open: 2,
  /** Handshake and bitfield have gone out: `have` may follow. */
  ready: 4,
  /** The peer's handshake has come. */
  greeted: 8,
  amUnchoking: 16,
  optimistic: 32,
  amInterested: 64,
  peerUnchoking: 128,
  peerInterested: 256,
  /** The peer had everything when its bitfield came; it counts as a seed in the order of pieces. */
  countedSeed: 512,
  snubbing: 1024,
  /** Its unchoke does not take a slot (local network). */
  exempt: 2048,
  tracker: 4096,
  /** This end is through with the connection. */
  done: 8192,
  /** Each block that comes adds to the requests that may be outstanding. */
  slowStart: 16384,
} as const;

/** Input that waits for the application. */
export const Input = { opened: 1, readable: 2, writable: 4, closed: 8 } as const;

const INTEGERS = [
  'endpoint',
  'member',
  'flags',
  'place',
  'pieces',
  'wanted',
  'depth',
  'unflushed',
  'input',
  'nextInput',
  'nextDirty',
  'window',
  'windowBytes',
  'windowBefore',
  'roundReceived',
  'roundBefore',
  'roundSent',
  'secondBytes',
  'secondBefore',
] as const;
const REALS = [
  'lastData',
  'lastSent',
  'uploaded',
  'lastOptimistic',
  'lastUnchoked',
  'secondEnds',
  'rate',
  'lastRequest',
] as const;

/** ns of the sliding window that a connection's download rate is taken over (libtorrent averages over about 5 s). */
const RATE_WINDOW = 5e9;
const RATE_SECONDS = 5;
const SECOND = 1e9;

export class Connections {
  endpoint = new Int32Array(0);
  /** Whose half it is. */
  member = new Int32Array(0);
  flags = new Int32Array(0);
  /** Index in the member's list. */
  place = new Int32Array(0);
  /** Pieces that the peer has, as this end knows; and how many of them this end lacks. */
  pieces = new Int32Array(0);
  wanted = new Int32Array(0);
  /** Requests that may be outstanding under the doubling rule, and in slow start. */
  depth = new Int32Array(0);
  /** Bytes of messages that still have to be written to the stream. */
  unflushed = new Int32Array(0);
  /** Pending input, and the chain of halves of one member that have some; likewise those with bytes to write. */
  input = new Int32Array(0);
  nextInput = new Int32Array(0);
  nextDirty = new Int32Array(0);
  private window = new Int32Array(0);
  private windowBytes = new Int32Array(0);
  private windowBefore = new Int32Array(0);
  /** File bytes received in this choking round and the one before, and sent in this round. */
  roundReceived = new Int32Array(0);
  roundBefore = new Int32Array(0);
  roundSent = new Int32Array(0);
  /** File bytes received in this second of the member's clock, and in the one before. */
  secondBytes = new Int32Array(0);
  private secondBefore = new Int32Array(0);
  /** ns at which this second ends; what the seconds so far tell of the download rate, bytes a second. */
  private secondEnds = new Float64Array(0);
  rate = new Float64Array(0);
  /** ns at which the peer was asked for something last, or would have been. */
  lastRequest = new Float64Array(0);
  /** ns: when file data came last (or was first asked for), when something was sent last. */
  lastData = new Float64Array(0);
  lastSent = new Float64Array(0);
  /** File bytes sent to the peer. */
  uploaded = new Float64Array(0);
  /** ns; -1: never. */
  lastOptimistic = new Float64Array(0);
  /** ns at which this end unchoked the peer last; 0: never. */
  lastUnchoked = new Float64Array(0);
  /** `words` words for each half: the pieces that the peer has. */
  bits = new Int32Array(0);
  /** Halves so far, free ones included. */
  capacity = 0;
  private used = 0;
  private readonly spare: number[] = [];
  /** The half of each endpoint; -1: none. */
  private halves = new Int32Array(1024).fill(-1);

  constructor(readonly words: number) {}

  /** A connection of two members; returns the dialling half (even). */
  allocate(dialling: number, dialled: number): number {
    const half = this.spare.pop() ?? this.used;
    if (half === this.used) {
      this.used += 2;
      if (this.used > this.capacity) this.grow();
    }
    this.reset(half, dialling);
    this.reset(half + 1, dialled);
    return half;
  }

  /** Binds a connection to a flow's endpoints (`endpoint` and `endpoint ^ 1`). */
  bind(half: number, endpoint: number): void {
    while (endpoint + 1 >= this.halves.length) {
      const larger = new Int32Array(this.halves.length * 2).fill(-1);
      larger.set(this.halves);
      this.halves = larger;
    }
    this.endpoint[half] = endpoint;
    this.endpoint[half ^ 1] = endpoint ^ 1;
    this.halves[endpoint] = half;
    this.halves[endpoint ^ 1] = half ^ 1;
  }

  /** Gives both halves back; both must be through. */
  free(half: number): void {
    const first = half & ~1;
    this.halves[this.endpoint[first]] = -1;
    this.halves[this.endpoint[first + 1]] = -1;
    this.endpoint[first] = -1;
    this.endpoint[first + 1] = -1;
    this.spare.push(first);
  }

  /** The half at an endpoint; -1: none. */
  at(endpoint: number): number {
    return endpoint < this.halves.length ? this.halves[endpoint] : -1;
  }

  /** File bytes have come in at `now` (ns). */
  countReceived(half: number, bytes: number, now: number): void {
    this.lastData[half] = now;
    this.roundReceived[half] += bytes;
    this.slide(half, now);
    this.windowBytes[half] += bytes;
  }

  /** Bytes of file data a second that come in, over the last `RATE_WINDOW`. */
  downloadRate(half: number, now: number): number {
    this.slide(half, now);
    const left = this.window[half] + 1 - now / RATE_WINDOW;
    return (this.windowBytes[half] + this.windowBefore[half] * left) / (RATE_WINDOW / 1e9);
  }

  /** From `now` (ns) on, seconds of a clock that began at `since` (ns) are told apart, in slow start. */
  beginSeconds(half: number, since: number, now: number): void {
    this.secondEnds[half] = since + (Math.floor((now - since) / SECOND) + 1) * SECOND;
    this.flags[half] |= Half.slowStart;
  }

  /** Accounts for the seconds that have ended: the rate as libtorrent averages it (stat.cpp), and the end of slow start. */
  endSeconds(half: number, now: number): void {
    let passed = Math.floor((now - this.secondEnds[half]) / SECOND) + 1;
    if (passed <= 0) return;
    this.secondEnds[half] += passed * SECOND;
    for (
      ;
      passed > 0 && (this.secondBytes[half] > 0 || this.secondBefore[half] > 0 || this.rate[half] >= 1);
      passed--
    ) {
      const bytes = this.secondBytes[half];
      const unchoked = (this.flags[half] & Half.peerUnchoking) !== 0;
      if (unchoked && slowStartEnds(this.secondBefore[half], bytes)) this.flags[half] &= ~Half.slowStart;
      this.rate[half] += (bytes - this.rate[half]) / RATE_SECONDS;
      this.secondBefore[half] = bytes;
      this.secondBytes[half] = 0;
    }
    if (passed > 0) this.rate[half] = 0;
  }

  private slide(half: number, now: number): void {
    const window = Math.floor(now / RATE_WINDOW);
    const passed = window - this.window[half];
    if (passed === 0) return;
    this.windowBefore[half] = passed === 1 ? this.windowBytes[half] : 0;
    this.windowBytes[half] = 0;
    this.window[half] = window;
  }

  private reset(half: number, member: number): void {
    for (const field of INTEGERS) this[field][half] = 0;
    for (const field of REALS) this[field][half] = 0;
    this.member[half] = member;
    this.place[half] = -1;
    this.nextInput[half] = -1;
    this.nextDirty[half] = -1;
    this.lastOptimistic[half] = -1;
    this.bits.fill(0, half * this.words, (half + 1) * this.words);
  }

  private grow(): void {
    this.capacity = this.capacity === 0 ? 256 : this.capacity * 2;
    for (const field of INTEGERS) {
      const larger = new Int32Array(this.capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
    for (const field of REALS) {
      const larger = new Float64Array(this.capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
    const bits = new Int32Array(this.capacity * this.words);
    bits.set(this.bits);
    this.bits = bits;
  }
}
