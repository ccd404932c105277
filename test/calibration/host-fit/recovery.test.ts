// Synthetic recovery: observations that the simulator made on a host with known costs are fitted back within their
// intervals, and what they cannot tell is reported as such.

import { beforeAll, describe, expect, it } from 'vitest';
import { predict } from '../../../calibration/host-fit/forward.js';
import {
  type Experiment,
  type ForwardRun,
  fitHost,
  fittedProfile,
  type HostFit,
  type Observation,
  startingProfile,
} from '../../../calibration/index.js';
import { metricRules, type Observations } from '../../../calibration/observations/index.js';
import { type HostProfile, type Parameter, resolveHost, scenarioSchema } from '../../../models/index.js';
import { randomStream, simulate } from '../../../sim/index.js';

const machine = { processor: 'a processor', cores: 2, kernel: '6.1.0', memory: 8e9, disk: 1e11, cache: 2 ** 20 };

/** Only these are uncertain; `truth` over where the fit starts. */
const truth: Readonly<Record<string, number>> = {
  copyPerByte: 1.6,
  shaperWake: 0.6,
  // One packet pays both: only their sum can be found.
  transmitPerPacket: 1.5,
  receivePerPacket: 1.2,
  // The working sets of so few tasks stay in the cache.
  refillPerByte: 1.8,
};
/** Waking idle cores is nearly free here: it would hang on the phases in which shapers happen to start. */
const GIVEN: Readonly<Record<string, number>> = { idleExit: 50, deepIdleExit: 50, workingSet: 49_152 };

function profileWith(change: (name: string, parameter: Parameter) => Parameter): HostProfile {
  const profile = startingProfile('synthetic', machine);
  const { lxc } = profile.platforms;
  if (!lxc) throw new Error('no lxc');
  const cpu = Object.entries(lxc.cpu).map(([name, parameter]) => [name, change(name, parameter)]);
  const memory = Object.entries(lxc.memory).map(([name, { value, source, note }]) => [name, { value, source, note }]);
  const setupPerContainer = { ...lxc.setupPerContainer, low: undefined, high: undefined };
  // Its TCP makes no super-packets where the device takes none, whose size would hang on what a transmission costs.
  const kernel = 'linux-2.6.32';
  const platform = {
    ...lxc,
    kernel,
    setupPerContainer,
    cpu: Object.fromEntries(cpu),
    memory: Object.fromEntries(memory),
  };
  return { ...profile, platforms: { lxc: platform as typeof lxc } };
}

const exact = ({ value, source, note }: Parameter): Parameter => ({ value, source, note });
const given = (name: string, parameter: Parameter): Parameter => ({
  ...exact(parameter),
  value: GIVEN[name] ?? parameter.value,
});
const starting = profileWith((name, parameter) => (name in truth ? parameter : given(name, parameter)));
const real = profileWith((name, parameter) => {
  const one = given(name, parameter);
  return { ...one, value: one.value * (truth[name] ?? 1) };
});

const pairs = (id: string, workload: object, network: object = {}, link: object = {}) => ({
  id,
  scenario: scenarioSchema.parse({
    name: id,
    workload: { kind: 'pairs', duration: '80ms', ...workload },
    link,
    network: { attach: 'two-port-bridge', ...network },
  }),
});
/**
 * Behind a shaper the size of super-packets hangs on what a transmission costs (small queues), which would tell it from
 * receiving: single segments hang on nothing.
 */
const SEGMENTS = { gso: false };
const scenarios = [
  // Larger frames tell bytes from packets.
  pairs('unshaped-1', { pairs: 1 }, { mtu: 9000 }),
  pairs('unshaped-2', { pairs: 1 }, SEGMENTS),
  pairs('shaped-1', { pairs: 1 }, SEGMENTS, { up: '400Mbit/s', burst: '5kB' }),
  pairs('shaped-2', { pairs: 2 }, SEGMENTS, { up: '200Mbit/s', burst: '5kB' }),
  pairs('shaped-3', { pairs: 1 }, SEGMENTS, { up: '700Mbit/s', burst: '5kB' }),
  pairs('shaped-4', { pairs: 2 }, SEGMENTS, { up: '350Mbit/s', burst: '5kB' }),
  // A slow link, where the timer weighs most.
  pairs('shaped-5', { pairs: 1 }, SEGMENTS, { up: '150Mbit/s', burst: '5kB' }),
  // Datagrams are due so seldom that their sender sleeps between any two: how many it sends at once hangs on its speed.
  pairs('small', { pairs: 2, transport: 'udp', rate: '8Mbit/s', packet: '100B' }),
  pairs('middle', { pairs: 2, transport: 'udp', rate: '24Mbit/s', packet: '300B' }),
  pairs('large', { pairs: 2, transport: 'udp', rate: '112Mbit/s', packet: '1400B' }),
  pairs('check-1', { pairs: 3, transport: 'udp', rate: '50Mbit/s', packet: '700B' }),
  pairs('check-2', { pairs: 2, transport: 'udp', rate: '40Mbit/s', packet: '500B' }),
  pairs('check-3', { pairs: 1 }, SEGMENTS, { up: '250Mbit/s', burst: '5kB' }),
  pairs('check-4', { pairs: 2 }, SEGMENTS, { up: '300Mbit/s', burst: '5kB' }),
];

/** What the real host shows, off by a part of what a measurement may be off by. */
async function measured(): Promise<Experiment[]> {
  const random = randomStream('1', 'noise');
  const host = resolveHost(real, 'lxc', 'raised');
  const all = scenarios.map(async ({ id, scenario }) => {
    const seen = await predict(shared(), { id, scenario }, host, 'truth');
    const observations = (['cpu', 'rate', 'capacity'] as const).flatMap((metric): Observation[] => {
      const { floor, floorShare } = metricRules[metric];
      const exactly = seen[metric];
      if (exactly === undefined) return [];
      const error = 0.3 * Math.hypot(floor, floorShare * exactly);
      const value = exactly + (2 * random.uniform() - 1) * error;
      return [{ metric, value, error, repeats: [value] }];
    });
    return { id, rung: 'synthetic', scenario, heldOut: id.startsWith('check'), observations, discarded: [] };
  });
  return Promise.all(all);
}

/** Equal jobs are run once. */
function shared(): ForwardRun {
  const known = new Map<string, ReturnType<ForwardRun>>();
  return (job) => {
    const key = JSON.stringify([job.scenario.name, job.host.cpu, job.seed]);
    const record = known.get(key) ?? Promise.resolve(simulate(job.scenario, job.host, job.seed, job.options));
    known.set(key, record);
    return record;
  };
}

describe('costs that are known', () => {
  const lost = { value: 0.05, low: 0.01, high: 0.1 };
  let fit: HostFit;
  let profile: HostProfile;
  const parameter = (name: string): Parameter => profile.platforms.lxc?.cpu[name as 'taskWake'] as Parameter;
  const known = (name: string) => fit.identifiability.parameters.find((one) => one.name === `cpu.${name}`);
  const start = (name: string) => starting.platforms.lxc?.cpu[name as 'taskWake'].value as number;

  beforeAll(async () => {
    const experiments = await measured();
    fit = await fitHost(starting, 'lxc', experiments, shared(), { seed: '1', draws: 200 });
    const observations: Observations = {
      format: 'rangefit/observations',
      formatVersion: 1,
      name: 'synthetic',
      machine,
      measuredAt: '2026-01-01T00:00:00Z',
      versions: {},
      origin: 'import',
      experiments,
      interference: { cpu: lost, memory: lost, disk: lost, fork: lost, receive: lost, send: lost },
    };
    profile = fittedProfile(starting, 'lxc', fit, observations, { seed: '1' });
  });

  it('lie inside the 90 % intervals that are found, one of five perhaps beside it, none beyond 99 %', () => {
    const scores = Object.entries(truth).map(([name, factor]) => {
      const { value, low = 0, high = 0 } = parameter(name);
      const off = Math.log((start(name) * factor) / value);
      return Math.abs(off) / (off < 0 ? Math.log(value / low) : Math.log(high / value));
    });
    expect(scores.filter((score) => score > 1).length).toBeLessThanOrEqual(1);
    for (const score of scores) expect(score).toBeLessThan(2.576 / 1.645);
  });

  it('are determined where the observations depend on them', () => {
    for (const name of ['copyPerByte', 'shaperWake']) {
      expect(known(name)?.verdict, name).toBe('determined');
      expect(parameter(name).source).toBe('measured');
      const { low = 0, high = 0, value } = parameter(name);
      expect((high - low) / value, name).toBeLessThan(1);
    }
  });

  it('are reported as undetermined where they are', () => {
    expect(known('refillPerByte')?.verdict).toBe('without effect');
    expect(parameter('refillPerByte').source).toBe('assumed');
    expect(fit.identifiability.together.flat()).toEqual(
      expect.arrayContaining(['cpu.transmitPerPacket', 'cpu.receivePerPacket']),
    );
  });

  it('in a sum that no observation can divide are known as that sum', () => {
    const sum = parameter('transmitPerPacket').value + parameter('receivePerPacket').value;
    const wanted = start('transmitPerPacket') * 1.5 + start('receivePerPacket') * 1.2;
    expect(Math.abs(sum / wanted - 1)).toBeLessThan(0.15);
    const { value, low = 0, high = 0 } = parameter('transmitPerPacket');
    expect((high - low) / value).toBeGreaterThan(1);
    const names = profile.calibration?.correlations.names ?? [];
    const [a, b] = [names.indexOf('cpu.transmitPerPacket'), names.indexOf('cpu.receivePerPacket')];
    expect(profile.calibration?.correlations.matrix[a]?.[b]).toBeLessThan(-0.5);
  });

  it('leave what was measured of interference as it is', () => {
    expect(profile.platforms.lxc?.interference?.disk).toMatchObject({ ...lost, source: 'measured' });
  });

  it('predict what was held out: inside 90 % intervals, one of eight perhaps beside it, none beyond 99 %', () => {
    const check = profile.calibration?.comparisons.filter(({ heldOut }) => heldOut) ?? [];
    expect(check.map(({ metric }) => metric).sort()).toEqual([...Array(4).fill('cpu'), ...Array(4).fill('rate')]);
    const scores = check.map(({ measured: was, predicted, spread }) => Math.abs(was - predicted) / spread);
    expect(scores.filter((score) => score > 1.645).length).toBeLessThanOrEqual(1);
    for (const score of scores) expect(score).toBeLessThan(2.576);
  });

  it('are drawn together as they were found together', () => {
    expect(fit.surrogateError).toBeLessThan(3);
    for (const [j, { name }] of fit.costs.entries()) {
      const { low, high } = fit.bootstrap.intervals[j] as { low: number; high: number };
      expect(low, name).toBeLessThanOrEqual(fit.fit.values[j] as number);
      expect(high, name).toBeGreaterThanOrEqual(fit.fit.values[j] as number);
    }
  });
});

it('a quick fit finds what costs most from one simulated run of each experiment a step', async () => {
  const seeds = new Map<string, Set<string>>();
  const run = shared();
  const counting: ForwardRun = (job) => {
    const { name } = job.scenario;
    seeds.set(name, (seeds.get(name) ?? new Set()).add(job.seed));
    return run(job);
  };
  const quick = await fitHost(starting, 'lxc', await measured(), counting, { seed: '1', draws: 20, quick: true });
  expect([...seeds.values()].map(({ size }) => size)).toEqual(scenarios.map(() => 1));
  expect(quick.fit.iterations).toBeLessThanOrEqual(15);
  const copy = quick.costs.findIndex(({ name }) => name === 'cpu.copyPerByte');
  const found = Math.exp((quick.fit.values[copy] as number) * (quick.costs[copy]?.spread as number));
  expect(found / (truth.copyPerByte as number)).toBeGreaterThan(0.8);
  expect(found / (truth.copyPerByte as number)).toBeLessThan(1.25);
});
