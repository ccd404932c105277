// The door of congestion control. One small interface: a switch on the connection's own control, so that calls stay
// direct.

import type { Control } from '../options.js';
import { CLOSED, INFINITE, INT, INTS } from '../record.js';
import type { Stack } from '../stack.js';
import * as bbr from './bbr.js';
import * as cubic from './cubic.js';
import * as ledbat from './ledbat.js';
import * as reno from './reno.js';

const { CONTROL, CWND, SSTHRESH, INITIAL_WINDOW, STATE } = INT;

const RENO = 0;
const CUBIC = 1;
const LEDBAT = 2;
const BBR = 3;
const CONTROLS: Readonly<Record<Control, number>> = { reno: RENO, cubic: CUBIC, ledbat: LEDBAT, bbr: BBR };

/** A new connection's window, as its control has it. */
export function initialise(t: Stack, endpoint: number, control: Control): void {
  const i = endpoint * INTS;
  if (t.ints[i + STATE] !== CLOSED) throw new Error('congestion control of a connection that is already open');
  t.ints[i + CONTROL] = CONTROLS[control];
  t.ints[i + CWND] = t.ints[i + INITIAL_WINDOW];
  t.ints[i + SSTHRESH] = INFINITE;
  if (control === 'cubic') cubic.initialise(t, endpoint);
  if (control === 'ledbat') ledbat.initialise(t, endpoint);
  if (control === 'bbr') bbr.initialise(t, endpoint);
}

/** Whether the control sets window and pacing by itself at each acknowledgement, in loss recovery too (cong_control). */
export const ownsWindow = (t: Stack, endpoint: number): boolean => t.ints[endpoint * INTS + CONTROL] === BBR;

/** Windows that an autotuned send buffer holds (sndbuf_expand). */
export const sendWindows = (t: Stack, endpoint: number): number => (ownsWindow(t, endpoint) ? 3 : 2);

/** Such a control takes in an acknowledgement, with the stack's rate sample. */
export const setWindow = (t: Stack, endpoint: number): void => bbr.acknowledged(t, endpoint);

/** The slow-start threshold after a congestion signal, segments. */
export function reducedThreshold(t: Stack, endpoint: number): number {
  const control = t.ints[endpoint * INTS + CONTROL];
  if (control === CUBIC) return cubic.reducedThreshold(t, endpoint);
  if (control === BBR) return bbr.reducedThreshold(t, endpoint);
  return control === LEDBAT ? ledbat.reducedThreshold(t, endpoint) : reno.reducedThreshold(t, endpoint);
}

/** Segments were acknowledged; LAST_RTT holds the newest sample of their round trip. */
export function acknowledged(t: Stack, endpoint: number): void {
  const control = t.ints[endpoint * INTS + CONTROL];
  if (control === CUBIC) cubic.acknowledged(t, endpoint);
  else if (control === LEDBAT) ledbat.acknowledged(t, endpoint);
}

/** `delivered` segments may raise the window: slow start up to the threshold, then congestion avoidance. */
export function raiseWindow(t: Stack, endpoint: number, delivered: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  let left = delivered;
  const window = ints[i + CWND];
  const threshold = ints[i + SSTHRESH];
  if (window < threshold) {
    const raised = window + left < threshold ? window + left : threshold;
    left -= raised - window;
    ints[i + CWND] = raised;
    if (left === 0) return;
  }
  if (ints[i + CONTROL] === CUBIC) cubic.avoid(t, endpoint, left);
  else if (ints[i + CONTROL] === LEDBAT) ledbat.avoid(t, endpoint, left);
  else reno.avoid(t, endpoint, left);
}

/** Sending starts again with nothing in flight. */
export function sendingAgain(t: Stack, endpoint: number): void {
  const control = t.ints[endpoint * INTS + CONTROL];
  if (control === CUBIC) cubic.sendingAgain(t, endpoint);
  else if (control === BBR) bbr.sendingAgain(t, endpoint);
}

/** A retransmission timeout: the past of the path counts for nothing. */
export function timedOut(t: Stack, endpoint: number): void {
  const control = t.ints[endpoint * INTS + CONTROL];
  if (control === CUBIC) cubic.initialise(t, endpoint);
  else if (control === BBR) bbr.timedOut(t, endpoint);
}

/** A congestion signal was a false alarm. */
export function undone(t: Stack, endpoint: number): void {
  if (t.ints[endpoint * INTS + CONTROL] === BBR) bbr.undone(t, endpoint);
}

/** Segments that a packet has at the least. */
export { leastSegments } from './bbr.js';
