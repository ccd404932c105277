// The door of congestion control. One small interface: a switch on the connection's own control, so that calls stay
// direct. A control that paces itself by rate samples (BBR) joins here, with a case of its own in each function.

import type { Control } from '../options.js';
import { CLOSED, INFINITE, INT, INTS } from '../record.js';
import type { Stack } from '../stack.js';
import * as cubic from './cubic.js';
import * as ledbat from './ledbat.js';
import * as reno from './reno.js';

const { CONTROL, CWND, SSTHRESH, INITIAL_WINDOW, STATE } = INT;

const RENO = 0;
const CUBIC = 1;
const LEDBAT = 2;
const CONTROLS: Readonly<Record<Control, number>> = { reno: RENO, cubic: CUBIC, ledbat: LEDBAT };

/** A new connection's window, as its control has it. */
export function initialise(t: Stack, endpoint: number, control: Control): void {
  const i = endpoint * INTS;
  if (t.ints[i + STATE] !== CLOSED) throw new Error('congestion control of a connection that is already open');
  t.ints[i + CONTROL] = CONTROLS[control];
  t.ints[i + CWND] = t.ints[i + INITIAL_WINDOW];
  t.ints[i + SSTHRESH] = INFINITE;
  if (control === 'cubic') cubic.initialise(t, endpoint);
  if (control === 'ledbat') ledbat.initialise(t, endpoint);
}

/** The slow-start threshold after a congestion signal, segments. */
export function reducedThreshold(t: Stack, endpoint: number): number {
  const control = t.ints[endpoint * INTS + CONTROL];
  if (control === CUBIC) return cubic.reducedThreshold(t, endpoint);
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
  if (t.ints[endpoint * INTS + CONTROL] === CUBIC) cubic.sendingAgain(t, endpoint);
}

/** A retransmission timeout: the past of the path counts for nothing. */
export function timedOut(t: Stack, endpoint: number): void {
  if (t.ints[endpoint * INTS + CONTROL] === CUBIC) cubic.initialise(t, endpoint);
}
