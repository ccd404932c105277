// Names of what an emulation creates: each bears our prefix and the run's id, and cannot be anything else.

import { randomBytes } from 'node:crypto';
import { InputError } from '../models/index.js';

/** Six hexadecimal digits: with prefix and index an interface name still fits into IFNAMSIZ (15 characters). */
export type RunId = string & { readonly brand: unique symbol };

const RUN = /^[0-9a-f]{6}$/;
const VNODE = /^[a-z]{1,10}(-[1-9]\d{0,4})?$/;

export const newRunId = (): RunId => randomBytes(3).toString('hex') as RunId;

/** @throws InputError unless the text is a run's id. */
export function runId(text: string): RunId {
  if (!RUN.test(text)) throw new InputError('run', 'a run id of six hexadecimal digits, as `rangefit ls` shows', text);
  return text as RunId;
}

/** @throws InputError unless the text can be a vnode's name, such as `leecher-7`. */
export function vnodeName(text: string): string {
  if (!VNODE.test(text)) throw new InputError('vnode', 'a name such as `leecher-7`, as `rangefit ls RUN` shows', text);
  return text;
}

/** The host's side of a vnode's veth; `index` is the vnode's place in the range. */
export const hostInterface = (run: RunId, index: number): string => `rf${run}h${index}`;
/** The vnode's own side. It also answers to `eth0`; a name of its own lets tracepoints tell vnodes apart. */
export const vnodeInterface = (run: RunId, index: number): string => `rf${run}v${index}`;
export const bridgeName = (run: RunId, index: number): string => `rf${run}b${index}`;
/** The end of a link between routers at which a pipe begins. */
export const pipeInterface = (run: RunId, pipe: number): string => `rf${run}p${pipe}`;
/** The other end of a link that has no pipe back. */
export const deadEnd = (run: RunId, pipe: number): string => `rf${run}q${pipe}`;
/** LXC's name of a vnode's container. */
export const containerName = (run: RunId, vnode: string): string => `rf${run}.${vnodeName(vnode)}`;

/** A container's cgroups, directly below the root of every hierarchy. */
export const cgroupName = (run: RunId, vnode: string, part: 'payload' | 'monitor' | 'pivot'): string =>
  `rangefit.${run}.${vnodeName(vnode)}.${part}`;
export const cgroupPrefix = (run: RunId): string => `rangefit.${run}.`;

/** Environment variable that every process started for a run inherits, so that clean-up finds it. */
export const RUN_VARIABLE = 'RANGEFIT_RUN';
