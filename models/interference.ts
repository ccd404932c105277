// Interference: how much slower a vnode computes while another one on the host stresses one resource.

import { z } from 'zod';

/** What the other vnode does, in the order of the table of Xavier et al. (PDP 2013): rows L1 to L6. */
export const STRESSES = ['cpu', 'memory', 'disk', 'fork', 'receive', 'send'] as const;

export type Stress = (typeof STRESSES)[number];

/** As people read it. */
export const stressNames: Readonly<Record<Stress, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  disk: 'disk',
  fork: 'fork bomb',
  receive: 'network receiver',
  send: 'network sender',
};

/** Shares of the victim's speed that are lost; 1: it did not run at all. */
export const interferenceOf = <T extends z.ZodType>(share: T) =>
  z.strictObject({ cpu: share, memory: share, disk: share, fork: share, receive: share, send: share });
