// Xavier et al. (PDP 2013), as the Linux containers slides cite them: what a stressed neighbour costs, and CPU shares.
// Rows L1 to L7.

import {
  type RunRecord,
  type Scenario,
  STRESSES,
  type Stress,
  scenarioSchema,
  stressNames,
  type Technology,
} from '../../models/index.js';
import { figure, near } from './finding.js';
import type { CoveredRow, StudyContext } from './row.js';

const SECONDS = 3;
const TECHNOLOGIES: readonly Technology[] = ['lxc', 'openvz', 'vserver', 'xen'];

/** Percent, in the order of the technologies; null: the victim did not run. */
const PUBLISHED: Readonly<Record<Stress, readonly (number | null)[]>> = {
  cpu: [0, 0, 0, 0],
  memory: [88.2, 89.3, 20.6, 0.9],
  disk: [9, 39, 48.8, 0],
  fork: [null, 0, 0, 0],
  receive: [2.2, 4.5, 13.6, 0.9],
  send: [10.3, 35.4, 8.2, 0.3],
};

export const interferenceScenario = (stress: Stress | 'none', seconds = SECONDS): Scenario =>
  scenarioSchema.parse({
    name: `study-beside-${stress}`,
    workload: { kind: 'interference', stress, duration: `${seconds}s` },
  });

/** Units of work a second that the victim did. */
export function victimSpeed({ vnodes }: RunRecord): number {
  const speed = vnodes.find(({ vnode }) => vnode === 'victim')?.workPerSecond;
  if (speed === undefined) throw new Error('a run without a victim');
  return speed;
}

/** Percent of the victim's speed that the stress takes. */
async function slowDown(context: StudyContext, technology: Technology, stress: Stress): Promise<number> {
  const host = context.host('pc3000', technology);
  const [alone, beside] = await Promise.all(
    (['none', stress] as const).map(async (kind) => victimSpeed(await context.run(interferenceScenario(kind), host))),
  );
  return 100 * (1 - (beside as number) / (alone as number));
}

const percent = (value: number | null): string => (value === null ? 'did not run' : `${figure(value)} %`);

const stressRow = (stress: Stress, index: number): CoveredRow => ({
  id: `L${index + 1}`,
  use: 'F',
  claim: `slow-down of LU beside a stress, ${stressNames[stress]}: LXC, OpenVZ, VServer, Xen`,
  expected: PUBLISHED[stress].map(percent).join(', '),
  tolerance: '1 point',
  method: `${SECONDS} s of a victim's work on pc3000 beside the stress, and alone; measured on a machine by \`rangefit host interference\``,
  async run(context) {
    const found = await Promise.all(TECHNOLOGIES.map((technology) => slowDown(context, technology, stress)));
    const errors = found.map((value, i) => value - (PUBLISHED[stress][i] ?? 100));
    const worst = errors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    const told = found.map((value) => percent(value > 99.9 ? null : Math.abs(value) < 0.01 ? 0 : value));
    const values = Object.fromEntries(TECHNOLOGIES.map((name, i) => [name, found[i] as number]));
    return near(told.join(', '), worst, 0, 1, 'points', values);
  },
});

const SHARES = [25, 75];

/** Percent of both vnodes' CPU time that the first one got. */
function firstShare({ vnodes }: RunRecord): number {
  const got = vnodes.map(({ cpuSeconds }) => cpuSeconds);
  return (100 * (got[0] as number)) / got.reduce((sum, seconds) => sum + seconds, 0);
}

export const interferenceRows: readonly CoveredRow[] = [
  ...STRESSES.map(stressRow),
  {
    id: 'L7',
    use: 'C',
    claim: 'two containers on one core with shares 25:75, both busy',
    expected: '25 % and 75 %',
    tolerance: '2 points',
    method: 'in both worlds: simulated on t7500, and in two containers on this machine',
    emulated: true,
    async run(context) {
      const scenario = scenarioSchema.parse({
        name: 'study-shares',
        workload: { kind: 'busy', shares: SHARES, duration: '5s' },
      });
      const simulated = firstShare(await context.run(scenario, context.host('t7500', 'lxc')));
      const emulated = firstShare(await context.emulate(scenario));
      const [expected] = SHARES as [number];
      const worse = Math.abs(emulated - expected) > Math.abs(simulated - expected) ? emulated : simulated;
      const told = (first: number) => `${figure(first)} % and ${figure(100 - first)} %`;
      const got = `${told(simulated)} simulated, ${told(emulated)} here`;
      return near(got, worse, expected, 2, 'points', { simulated, emulated });
    },
  },
];
