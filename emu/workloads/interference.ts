// Interference for real: a victim multiplies matrices on one core while stress-ng stresses one resource from another
// vnode on another core. The third vnode is the other end of a network stress.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { InterferenceWorkload } from '../../models/index.js';
import type { Range, Vnode } from '../range.js';
import type { Command } from '../shell.js';
import { launchIn } from '../vnode-programs.js';
import { iperfServer } from './pairs.js';
import { nothingHappened, untilListening, type Workload } from './workload.js';

const RESULT = 'victim.yaml';
const STRESS_NG = '/usr/bin/stress-ng';
const PORT = 5201;
/** Seconds for a stress to be under way, and for the victim to write its result. */
const SETTLE = 1;
const PATIENCE = 20;
/** The stress outlasts the victim by this, seconds; the range's end ends it. */
const LONGER = 10;

/** Dense products of 256 x 256 matrices, as LU is made of, for so long. Pure. */
export const victim = (seconds: number): Command => ({
  program: STRESS_NG,
  args: [
    ...['--matrix', '1', '--matrix-method', 'prod', '--matrix-size', '256', '--timeout', `${seconds}s`],
    ...['--metrics', '--yaml', `/data/${RESULT}`, '--temp-path', '/tmp', '--log-brief'],
  ],
});

const stressNg = (seconds: number, words: string): Command => ({
  program: STRESS_NG,
  args: [...words.split(' '), '--timeout', `${seconds}s`, '--temp-path', '/data', '--log-brief'],
});

/** As many datagrams as one core can send. Pure. */
const datagrams = (to: string, seconds: number): Command => ({
  program: '/usr/bin/iperf3',
  args: [
    ...['--client', to, '--port', String(PORT), '--udp', '--bitrate', '0', '--length', '1400'],
    ...['--time', String(seconds)],
  ],
});

interface Stressing {
  readonly stressor?: Command;
  readonly partner?: Command;
}

/** What the stressing vnodes run. Memory, files and processes are bounded: the host must live. Pure. */
export function stressCommands(
  stress: InterferenceWorkload['stress'],
  seconds: number,
  addresses: { readonly stressor: string; readonly partner: string },
): { readonly first: Stressing; readonly second: Stressing } {
  const alone = (words: string) => ({ first: {}, second: { stressor: stressNg(seconds, words) } });
  switch (stress) {
    case 'none':
      return { first: {}, second: {} };
    case 'cpu':
      return alone('--cpu 1');
    case 'memory':
      return alone('--vm 2 --vm-bytes 128M --vm-keep');
    case 'disk':
      return alone('--hdd 1 --hdd-bytes 64M');
    case 'fork':
      return alone('--fork 4 --fork-max 8');
    case 'receive':
      return {
        first: { stressor: iperfServer(addresses.stressor) },
        second: { partner: datagrams(addresses.stressor, seconds) },
      };
    case 'send':
      return {
        first: { partner: iperfServer(addresses.partner) },
        second: { stressor: datagrams(addresses.partner, seconds) },
      };
  }
}

/** Units of work a second, from stress-ng's own metrics; null: it got no further. */
export function workPerSecond(yaml: string): number | null {
  const [, rate] = /bogo-ops-per-second-real-time: ([\d.]+)/.exec(yaml) ?? [];
  return rate === undefined ? null : Number(rate);
}

export function interference(workload: InterferenceWorkload): Workload {
  const seconds = Math.max(1, Math.round(workload.duration / 1e9));
  const find = (range: Range, name: string) => range.vnodes.find((vnode) => vnode.name === name) as Vnode;
  const launch = async (range: Range, name: string, command: Command | undefined) => {
    if (command) await launchIn(range, find(range, name), command);
  };
  const resultOf = (range: Range) => join(find(range, 'victim').places.root, 'data', RESULT);
  const result = (range: Range) =>
    existsSync(resultOf(range)) ? workPerSecond(readFileSync(resultOf(range), 'utf8')) : null;
  return {
    prepare: async () => {},
    shared: () => [],
    async ready(range) {
      const addresses = {
        stressor: find(range, 'stressor').address,
        partner: find(range, 'partner').address,
      };
      const { first, second } = stressCommands(workload.stress, seconds + LONGER, addresses);
      for (const name of ['stressor', 'partner'] as const) await launch(range, name, first[name]);
      const servers = (['stressor', 'partner'] as const).filter((name) => first[name]);
      await untilListening(
        servers.map((name) => find(range, name)),
        PORT,
        'iperf3',
      );
      for (const name of ['stressor', 'partner'] as const) await launch(range, name, second[name]);
      await pause(SETTLE * 1000);
    },
    async run(range, clock, signal) {
      await launch(range, 'victim', victim(seconds));
      await pause(seconds * 1000, undefined, { signal });
      // A victim that is starved comes to its end later, or never.
      while (result(range) === null && clock.now() < seconds + PATIENCE) await pause(100, undefined, { signal });
    },
    progress: () => ({ payloadBytes: 0, completed: 0, all: 0 }),
    outcomes: async (range) =>
      new Map(
        range.vnodes.map(({ index, name }) => [
          index,
          {
            ...nothingHappened,
            startedAt: 0,
            ...(name === 'victim' ? { workPerSecond: result(range) ?? 0 } : {}),
          },
        ]),
      ),
  };
}
