// Watching a real range: the warning comes before the neighbour table overflows.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type KnownRun, knownRuns } from '../../../emu/index.js';
import type { Alarm } from '../../../experiments/watch/index.js';
import { rangefit } from '../../experiments/session.js';
import { runForReal, withContainers } from './support.js';

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

withContainers('watching', () => {
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
