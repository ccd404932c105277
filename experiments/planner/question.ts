// The planner's question: how many vnodes of this scenario does one such host hold, and how many hosts a range?

import type { Tolerances } from '../../calibration/index.js';
import {
  type Host,
  type HostProfile,
  resolveHost,
  type Scenario,
  type Technology,
  type Workload,
} from '../../models/index.js';

export interface Question {
  /** What runs. Its own size does not matter, `vnodes` does. */
  readonly scenario: Scenario;
  readonly profile: HostProfile;
  readonly technology: Technology;
  /** Vnodes of the whole range, the tracker apart. */
  readonly vnodes: number;
  readonly seed: string;
  readonly tolerances: Tolerances;
  /** Simulate downloads to their end instead of a window. */
  readonly whole: boolean;
  /** Simulate every host of the range with the network between them, instead of a few hosts and who stands for the rest. */
  readonly exact?: boolean;
  /** Hosts that must hold together where that does not follow from the density: those of a fleet. */
  readonly fleetHosts?: number;
}

/** Vnodes come in these steps: a pair is two. */
export const stepOf = (workload: Workload): number => (workload.kind === 'pairs' ? 2 : 1);

/** Containers on the fullest host besides its vnodes: a swarm's tracker. */
export const extraContainers = (workload: Workload): number => (workload.kind === 'swarm' ? 1 : 0);

export const hostOf = ({ profile, technology, scenario }: Question): Host =>
  resolveHost(profile, technology, scenario.limits);

/** Hosts that the range needs at this density; a pair is never divided. */
export const hostsAt = (question: Question, density: number): number =>
  question.fleetHosts ?? Math.max(1, Math.ceil(question.vnodes / density));
