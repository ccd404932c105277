// BBR, version 1 (Cardwell and others, "BBR: Congestion-Based Congestion Control", ACM Queue 14(5), 2016;
// net/ipv4/tcp_bbr.c in Linux): paces at the greatest delivery rate of the last rounds, keeps in flight what that rate
// and the least round trip ask for, and probes for more of the one and less of the other in turn. Losses matter to it
// only where a policer shows.

import { inFlight } from '../in-flight.js';
import { LARGEST_PACKET } from '../options.js';
import { PACED } from '../paced.js';
import { limitedByApplication } from '../rate-sample.js';
import { INFINITE, INT, INTS, LOSS, OPEN, REAL, REALS, RECOVERY } from '../record.js';
import type { Stack } from '../stack.js';
import { extraWindow, noteAggregation } from './aggregation.js';
import { noteBandwidth } from './greatest.js';
import { bandwidthOf, forgetPolicer, watchForPolicer } from './policer.js';

const { DELIVERED, DELIVERED_AT, APP_LIMITED, RATE, WIRE_TIME, PENDING } = PACED;
const { MODE, ROUNDS, ROUND_END, ROUND_START, MAX_0, LEAST_RTT, LEAST_RTT_AT } = PACED;
const { PROBE_RTT_UNTIL, PROBE_RTT_ROUND, FULL_BANDWIDTH, FULL_COUNT, FULL, PACING_GAIN, WINDOW_GAIN } = PACED;
const { CYCLE, CYCLE_AT, SEEN_RTT, IDLE_RESTART, CONSERVES, STATE_BEFORE, WINDOW_BEFORE } = PACED;
const { POLICED, EPOCH_AT, EPOCH_ACKED } = PACED;
const { PACED: ROW, CWND, SSTHRESH, MSS, CA_STATE, INITIAL_WINDOW } = INT;
const { SRTT } = REAL;

/** MODE: ramping up, draining what that queued, cycling about the bandwidth, measuring the round trip. */
const STARTUP = 0;
const DRAIN = 1;
const PROBE_BANDWIDTH = 2;
const PROBE_RTT = 3;

const MILLISECOND = 1_000_000;
const SECOND = 1e9;
/** A bandwidth counts for so many rounds. */
const BANDWIDTH_ROUNDS = 10;
/** A least round trip counts for so long, and is then measured anew for so long with so little in flight. */
const LEAST_RTT_TIME = 10 * SECOND;
const PROBE_RTT_TIME = 200 * MILLISECOND;
const LEAST_WINDOW = 4;
/** Twice the data each round: 2 / ln 2, and its inverse. */
const HIGH_GAIN = 739 / 256;
const DRAIN_GAIN = 88 / 256;
const WINDOW_TWICE = 2;
/** One round trip above the bandwidth, one below, six at it. */
const CYCLE_GAINS = [1.25, 0.75, 1, 1, 1, 1, 1, 1] as const;
const START_PHASES = 7;
/** The pipe is full when the bandwidth has not grown by a quarter in three rounds. */
const FULL_GROWTH = 1.25;
const FULL_ROUNDS = 3;
/** Paced by one per cent less, so that no queue builds up. */
const MARGIN = 0.99;
/** A packet carries what a 1/1024 of a second does. */
const PACKET_SHARE = 1024;
const MOST_PACKET_SEGMENTS = 127;
/** Below this many bytes a second a packet has one segment, above two at least. */
const SLOW = 150_000;
/** Before the first round trip is known. */
const FIRST_RTT = MILLISECOND;

export function initialise(t: Stack, endpoint: number): void {
  const i = endpoint * INTS;
  const p = t.paced.allocate();
  t.ints[i + ROW] = p;
  const { reals } = t.paced;
  const { now } = t.simulator;
  reals[p + PENDING] = Number.POSITIVE_INFINITY;
  reals[p + WIRE_TIME] = 0;
  reals[p + LEAST_RTT] = Number.POSITIVE_INFINITY;
  reals[p + LEAST_RTT_AT] = now;
  reals[p + EPOCH_AT] = now;
  reals[p + STATE_BEFORE] = OPEN;
  reals[p + MODE] = STARTUP;
  reals[p + PACING_GAIN] = HIGH_GAIN;
  reals[p + WINDOW_GAIN] = HIGH_GAIN;
  firstRate(t, endpoint);
}

/** Pacing before any bandwidth is known: the window each round trip, times the gain. */
function firstRate(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const srtt = t.reals[endpoint * REALS + SRTT];
  if (srtt > 0) reals[p + SEEN_RTT] = 1;
  reals[p + RATE] = rateOf(t, endpoint, t.ints[endpoint * INTS + CWND] / (srtt > 0 ? srtt / 8 : FIRST_RTT), HIGH_GAIN);
}

/** Bytes a second. */
const rateOf = (t: Stack, endpoint: number, bandwidth: number, gain: number): number =>
  Math.floor(bandwidth * SECOND * t.ints[endpoint * INTS + MSS] * gain * MARGIN);

/** A loss reduces nothing. */
export function reducedThreshold(t: Stack, endpoint: number): number {
  saveWindow(t, endpoint);
  return t.ints[endpoint * INTS + SSTHRESH];
}

function saveWindow(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  const window = t.ints[i + CWND];
  const quiet = reals[p + STATE_BEFORE] < RECOVERY && reals[p + MODE] !== PROBE_RTT;
  reals[p + WINDOW_BEFORE] = quiet || window > reals[p + WINDOW_BEFORE] ? window : reals[p + WINDOW_BEFORE];
}

/** A retransmission timeout: the pipe has to be found full again. */
export function timedOut(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  reals[p + STATE_BEFORE] = LOSS;
  reals[p + FULL_BANDWIDTH] = 0;
  reals[p + ROUND_START] = 1;
  const { sample } = t;
  sample.begin(inFlight(t, endpoint));
  sample.losses = 1;
  if (watchForPolicer(t, endpoint, reals[p + MODE] === PROBE_BANDWIDTH)) probeBandwidth(t, endpoint);
}

/** Losses turned out to be none. */
export function undone(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  reals[p + FULL_BANDWIDTH] = 0;
  reals[p + FULL_COUNT] = 0;
  forgetPolicer(t, endpoint);
}

/** Sending starts again with nothing in flight. */
export function sendingAgain(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  if (reals[p + APP_LIMITED] === 0) return;
  reals[p + IDLE_RESTART] = 1;
  reals[p + EPOCH_AT] = t.simulator.now;
  reals[p + EPOCH_ACKED] = 0;
  if (reals[p + MODE] === PROBE_BANDWIDTH) setRate(t, endpoint, bandwidthOf(t, p), 1);
  else if (reals[p + MODE] === PROBE_RTT) endProbeRtt(t, endpoint);
}

/** An acknowledgement was taken in, and the stack's rate sample is that of it. */
export function acknowledged(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  updateBandwidth(t, endpoint);
  noteAggregation(t, endpoint);
  if (reals[p + MODE] === PROBE_BANDWIDTH && cycleIsOver(t, endpoint)) advanceCycle(t, p);
  checkFull(t, p);
  checkDrain(t, endpoint);
  updateLeastRtt(t, endpoint);
  setGains(t, p);
  const bandwidth = bandwidthOf(t, p);
  setRate(t, endpoint, bandwidth, reals[p + PACING_GAIN]);
  setWindow(t, endpoint, bandwidth, reals[p + WINDOW_GAIN]);
}

function updateBandwidth(t: Stack, endpoint: number): void {
  const { sample } = t;
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  reals[p + ROUND_START] = 0;
  if (sample.delivered < 0 || sample.interval <= 0) return;
  if (sample.priorDelivered >= reals[p + ROUND_END]) {
    reals[p + ROUND_END] = reals[p + DELIVERED];
    reals[p + ROUNDS]++;
    reals[p + ROUND_START] = 1;
    reals[p + CONSERVES] = 0;
  }
  if (watchForPolicer(t, endpoint, reals[p + MODE] === PROBE_BANDWIDTH)) probeBandwidth(t, endpoint);
  const bandwidth = sample.delivered / sample.interval;
  // What the application held back counts only where it is more than was known.
  if (!sample.appLimited || bandwidth >= reals[p + MAX_0])
    noteBandwidth(reals, p, reals[p + ROUNDS], bandwidth, BANDWIDTH_ROUNDS);
}

function cycleIsOver(t: Stack, endpoint: number): boolean {
  const { sample } = t;
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const long = reals[p + DELIVERED_AT] - reals[p + CYCLE_AT] > reals[p + LEAST_RTT];
  const gain = reals[p + PACING_GAIN];
  if (gain === 1) return long;
  const flying = inNetwork(t, endpoint, sample.priorInFlight);
  if (gain > 1) return long && (sample.losses > 0 || flying >= wantedInFlight(t, endpoint, reals[p + MAX_0], gain));
  return long || flying <= wantedInFlight(t, endpoint, reals[p + MAX_0], 1);
}

function advanceCycle(t: Stack, p: number): void {
  const { reals } = t.paced;
  reals[p + CYCLE] = (reals[p + CYCLE] + 1) % CYCLE_GAINS.length;
  reals[p + CYCLE_AT] = reals[p + DELIVERED_AT];
}

/** In a phase drawn at random, though never the one that drains. */
function probeBandwidth(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  reals[p + MODE] = PROBE_BANDWIDTH;
  reals[p + CYCLE] = CYCLE_GAINS.length - 1 - t.phases.below(START_PHASES);
  advanceCycle(t, p);
}

function checkFull(t: Stack, p: number): void {
  const { reals } = t.paced;
  if (reals[p + FULL] > 0 || reals[p + ROUND_START] === 0 || t.sample.appLimited) return;
  if (reals[p + MAX_0] >= reals[p + FULL_BANDWIDTH] * FULL_GROWTH) {
    reals[p + FULL_BANDWIDTH] = reals[p + MAX_0];
    reals[p + FULL_COUNT] = 0;
    return;
  }
  reals[p + FULL_COUNT]++;
  if (reals[p + FULL_COUNT] >= FULL_ROUNDS) reals[p + FULL] = 1;
}

function checkDrain(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  if (reals[p + MODE] === STARTUP && reals[p + FULL] > 0) {
    reals[p + MODE] = DRAIN;
    t.ints[i + SSTHRESH] = Math.min(INFINITE, wantedInFlight(t, endpoint, reals[p + MAX_0], 1));
  }
  if (reals[p + MODE] !== DRAIN) return;
  if (inNetwork(t, endpoint, inFlight(t, endpoint)) <= wantedInFlight(t, endpoint, reals[p + MAX_0], 1))
    probeBandwidth(t, endpoint);
}

function updateLeastRtt(t: Stack, endpoint: number): void {
  const { sample } = t;
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  const { now } = t.simulator;
  const old = now > reals[p + LEAST_RTT_AT] + LEAST_RTT_TIME;
  if (sample.rtt >= 0 && (sample.rtt < reals[p + LEAST_RTT] || (old && !sample.delayed))) {
    reals[p + LEAST_RTT] = sample.rtt;
    reals[p + LEAST_RTT_AT] = now;
  }
  if (old && reals[p + IDLE_RESTART] === 0 && reals[p + MODE] !== PROBE_RTT) {
    saveWindow(t, endpoint);
    reals[p + MODE] = PROBE_RTT;
    reals[p + PROBE_RTT_UNTIL] = 0;
  }
  if (reals[p + MODE] === PROBE_RTT) {
    limitedByApplication(t, endpoint);
    if (reals[p + PROBE_RTT_UNTIL] === 0 && inFlight(t, endpoint) <= LEAST_WINDOW) {
      reals[p + PROBE_RTT_UNTIL] = now + PROBE_RTT_TIME;
      reals[p + PROBE_RTT_ROUND] = 0;
      reals[p + ROUND_END] = reals[p + DELIVERED];
    } else if (reals[p + PROBE_RTT_UNTIL] > 0) {
      if (reals[p + ROUND_START] > 0) reals[p + PROBE_RTT_ROUND] = 1;
      if (reals[p + PROBE_RTT_ROUND] > 0) endProbeRtt(t, endpoint);
    }
  }
  if (sample.delivered > 0) reals[p + IDLE_RESTART] = 0;
}

function endProbeRtt(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  const { now } = t.simulator;
  if (reals[p + PROBE_RTT_UNTIL] === 0 || now <= reals[p + PROBE_RTT_UNTIL]) return;
  reals[p + LEAST_RTT_AT] = now;
  if (reals[p + WINDOW_BEFORE] > t.ints[i + CWND]) t.ints[i + CWND] = reals[p + WINDOW_BEFORE];
  if (reals[p + FULL] > 0) probeBandwidth(t, endpoint);
  else reals[p + MODE] = STARTUP;
}

function setGains(t: Stack, p: number): void {
  const { reals } = t.paced;
  const mode = reals[p + MODE];
  let gain = 1;
  if (mode === STARTUP) gain = HIGH_GAIN;
  else if (mode === DRAIN) gain = DRAIN_GAIN;
  else if (mode === PROBE_BANDWIDTH && reals[p + POLICED] === 0) gain = CYCLE_GAINS[reals[p + CYCLE]] as number;
  reals[p + PACING_GAIN] = gain;
  reals[p + WINDOW_GAIN] = mode === PROBE_RTT ? 1 : mode === PROBE_BANDWIDTH ? WINDOW_TWICE : HIGH_GAIN;
}

function setRate(t: Stack, endpoint: number, bandwidth: number, gain: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  if (reals[p + SEEN_RTT] === 0 && t.reals[endpoint * REALS + SRTT] > 0) firstRate(t, endpoint);
  const rate = rateOf(t, endpoint, bandwidth, gain);
  if (reals[p + FULL] > 0 || rate > reals[p + RATE]) reals[p + RATE] = rate;
}

/** Segments in flight that fill the path, `gain` times. */
function product(t: Stack, endpoint: number, bandwidth: number, gain: number): number {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const rtt = reals[p + LEAST_RTT];
  if (rtt === Number.POSITIVE_INFINITY) return t.ints[endpoint * INTS + INITIAL_WINDOW];
  return Math.ceil(bandwidth * rtt * gain);
}

/** With what sender, receiver and acknowledgements hold back: three packets, an even number, two more when probing. */
function budgeted(t: Stack, endpoint: number, window: number): number {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const sum = window + 3 * packetGoal(t, endpoint);
  const even = sum + (sum % 2);
  return reals[p + MODE] === PROBE_BANDWIDTH && reals[p + CYCLE] === 0 ? even + 2 : even;
}

const wantedInFlight = (t: Stack, endpoint: number, bandwidth: number, gain: number): number =>
  budgeted(t, endpoint, product(t, endpoint, bandwidth, gain));

/** Segments of a packet at the present rate (bbr_tso_segs_goal). */
function packetGoal(t: Stack, endpoint: number): number {
  const { reals } = t.paced;
  const rate = reals[t.ints[endpoint * INTS + ROW] + RATE];
  const bytes = Math.min(rate / PACKET_SHARE, LARGEST_PACKET);
  const segments = Math.max(Math.floor(bytes / t.ints[endpoint * INTS + MSS]), leastSegments(rate));
  return Math.min(segments, MOST_PACKET_SEGMENTS);
}

/** Segments of a packet at the least, at a rate in bytes a second. */
export const leastSegments = (rate: number): number => (rate < SLOW ? 1 : 2);

/** Of what is in flight now, what will be when the next packet may go. */
function inNetwork(t: Stack, endpoint: number, flying: number): number {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const { now } = t.simulator;
  const at = reals[p + WIRE_TIME] > now ? reals[p + WIRE_TIME] : now;
  const delivered = Math.floor(bandwidthOf(t, p) * (at - now));
  const then = reals[p + PACING_GAIN] > 1 ? flying + packetGoal(t, endpoint) : flying;
  return delivered >= then ? 0 : then - delivered;
}

function setWindow(t: Stack, endpoint: number, bandwidth: number, gain: number): void {
  const { ints, sample } = t;
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = ints[i + ROW];
  if (sample.acked > 0 && !conserves(t, endpoint)) {
    const target = budgeted(t, endpoint, product(t, endpoint, bandwidth, gain) + extraWindow(t, p));
    const window = ints[i + CWND];
    let next = window;
    if (reals[p + FULL] > 0) next = Math.min(window + sample.acked, target);
    else if (window < target || reals[p + DELIVERED] < ints[i + INITIAL_WINDOW]) next = window + sample.acked;
    ints[i + CWND] = Math.max(next, LEAST_WINDOW);
  }
  if (reals[p + MODE] === PROBE_RTT) ints[i + CWND] = Math.min(ints[i + CWND], LEAST_WINDOW);
}

/** In recovery: what was lost leaves the window, and for a round only what is delivered goes out. */
function conserves(t: Stack, endpoint: number): boolean {
  const { ints, sample } = t;
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = ints[i + ROW];
  const before = reals[p + STATE_BEFORE];
  const state = ints[i + CA_STATE];
  let window = ints[i + CWND];
  if (sample.losses > 0) window = Math.max(window - sample.losses, 1);
  const flying = inFlight(t, endpoint);
  if (state === RECOVERY && before !== RECOVERY) {
    reals[p + CONSERVES] = 1;
    reals[p + ROUND_END] = reals[p + DELIVERED];
    window = flying + sample.acked;
  } else if (before >= RECOVERY && state < RECOVERY) {
    window = Math.max(window, reals[p + WINDOW_BEFORE]);
    reals[p + CONSERVES] = 0;
  }
  reals[p + STATE_BEFORE] = state;
  const holds = reals[p + CONSERVES] > 0;
  ints[i + CWND] = holds ? Math.max(window, flying + sample.acked) : window;
  return holds;
}
