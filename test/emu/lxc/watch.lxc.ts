// Watching a real range: the warning comes before the neighbour table overflows.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type KnownRun, knownRuns } from '../../../emu/index.js';
import type { Alarm } from '../../../experiments/watch/index.js';
import type { ScenarioDocument } from '../../../models/index.js';
import { rangefit } from '../../experiments/session.js';
import { runForReal, withContainers } from './support.js';

type Change = NonNullable<ScenarioDocument['changes']>[number];

interface Watched {
  readonly holds: boolean;
  readonly seconds: number;
  readonly alarms: readonly Alarm[];
}

async function begun(): Promise<KnownRun> {
  for (;;) {
    const run = knownRuns().find(({ state }) => state === 'live');
    if (run) return run;
    await pause(50);
  }
}

async function watched(run: KnownRun, ...flags: string[]): Promise<Watched> {
  const { out, err } = await rangefit(['watch', run.run, '--json', '--quiet', '--interval', '250ms', ...flags]);
  expect(err).toBe('');
  return JSON.parse(out);
}

const first = ({ alarms }: Watched, level: Alarm['level'], id: string): number =>
  alarms.find((alarm) => alarm.level === level && alarm.id === id)?.at ?? Number.POSITIVE_INFINITY;

/** Pairs whose links all get faster, step by step, until the cores cannot keep up. */
const PAIRS = 16;
const STEP = { megabits: 20, seconds: 2 };
const STEPS = 8;
/** Payload of what a link carries on Ethernet: 1448 of 1514 bytes. */
const PAYLOAD = 1448 / 1514;

const faster = (): Change[] =>
  Array.from({ length: STEPS - 1 }, (_, i) => i + 1).flatMap((step) =>
    Array.from({ length: PAIRS }, (_, pair) => ({
      at: `${step * STEP.seconds}s`,
      vnode: `client-${pair + 1}`,
      up: `${(step + 1) * STEP.megabits}Mbit/s`,
    })),
  );

/** Goodput that the links allow at a time of the run, bit/s. */
const allowed = (seconds: number): number =>
  PAIRS * STEP.megabits * 1e6 * PAYLOAD * (1 + Math.min(STEPS - 1, Math.floor(seconds / STEP.seconds)));

withContainers('watching', () => {
  it('pairs that outgrow the cores warns before they get less than their links allow', async () => {
    const looks: { at: number; seconds: number; rate: number }[] = [];
    const record = runForReal(
      {
        workload: { kind: 'pairs', pairs: PAIRS, duration: `${STEPS * STEP.seconds}s` },
        link: { up: `${STEP.megabits}Mbit/s` },
        network: { attach: 'two-port-bridge', gso: false },
        changes: faster(),
        deadline: '2min',
      },
      '1',
      {
        onProgress: ({ phase, seconds, rate }) => {
          if (phase === 'run') looks.push({ at: performance.now() / 1000, seconds, rate });
        },
      },
    );
    const run = await begun();
    const from = performance.now() / 1000;
    const seen = await watched(run);
    await record;
    // One look may see TCP find the new rate of a step; two in a row are short of it.
    const short = looks.map(({ seconds, rate }) => seconds > 0 && rate < 0.95 * allowed(seconds - 0.1));
    const lost = looks[short.findIndex((one, i) => one && short[i + 1])];
    expect(lost).toBeDefined();
    expect(from + first(seen, 'risk', 'cpu')).toBeLessThan(lost?.at ?? Number.NaN);
  });

  it('60 peers warns before the untouched neighbour table overflows', async () => {
    const record = runForReal({
      workload: { kind: 'swarm', peers: 60, seeders: 6, file: '4MiB', client: 'aria2', start: '8s' },
      link: { up: '64KB/s' },
      limits: 'stock',
      deadline: '10s',
    });
    const seen = await watched(await begun());
    expect((await record).hosts[0]?.neighbours.overflows).toBeGreaterThan(0);
    expect(first(seen, 'risk', 'neighbour-table')).toBeLessThan(first(seen, 'lost', 'neighbour-table'));
    expect(seen).toMatchObject({ holds: false });
    expect(seen.alarms.find(({ id }) => id === 'neighbour-table')?.remedy).toMatch(/^sysctl -w .*gc_thresh3=8192$/);
  });
});
