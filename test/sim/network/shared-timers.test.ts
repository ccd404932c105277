// Shapers' timers on one core: those that are due before another's interrupt has its last look at the clock are served with it.

import { expect, it } from 'vitest';
import { mean, standardDeviation } from '../../../calibration/index.js';
import { type Host, type HostProfile, hostCatalogue, resolveHost, scenarioSchema } from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';
import { randomStream } from '../../../sim/random.js';

/** ns of a full segment on 100 Mbit/s: a shaper's timer is due once in that time. */
const PERIOD = 1514 * 80;
const INTERRUPT = 8_000;
/** From when a timer is due to its interrupt's last look at the clock; programming the next one is the rest. */
const LOOKS = 6_000;
/** On top of an interrupt, whoever it serves. */
const RUN = 500;
const SECONDS = 0.3;
/** A run's phases stay as they began, so that many runs are needed, and say little each. */
const SEEDS = 80;

/** One core on which shapers' timers cost, and hardly anything else does. */
function host(timerInterrupt: number, shaperWake: number): Host {
  const real = resolveHost(hostCatalogue.t7500 as HostProfile, 'lxc', 'raised');
  const free = {
    softirqStart: 0,
    idleExit: 0,
    deepIdleExit: 0,
    taskWake: 100,
    contextSwitch: 100,
    refillPerByte: 0,
    lowestClock: 1,
  };
  const light = { transmitPerPacket: 100, forwardPerPacket: 100, receivePerPacket: 100, packetPerByte: 0 };
  return { ...real, cores: 1, cpu: { ...real.cpu, ...free, ...light, timerInterrupt, shaperWake } };
}

/** CPU seconds of packet work. */
function packetWork(pairs: number, seed: string, on: Host): number {
  const scenario = scenarioSchema.parse({
    name: 'pairs',
    workload: { kind: 'pairs', pairs, duration: `${SECONDS}s` },
    link: { up: '100Mbit/s' },
    network: { gso: false },
  });
  return simulate(scenario, on, seed).hosts[0]?.cpu.seconds.softirq ?? Number.NaN;
}

/** Share of timers that another's interrupt serves: each has its own phase, and an interrupt serves what is due while it looks. */
function sharedInTheory(pairs: number): number {
  const random = randomStream('theory', `shared-timers/${pairs}`);
  let shared = 0;
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) {
    const due = Array.from({ length: pairs }, () => random.uniform() * PERIOD).sort((a, b) => a - b);
    // From one period into the next, for an interrupt may serve across.
    let until = Number.NEGATIVE_INFINITY;
    for (const start of [0, PERIOD])
      for (const at of due) {
        if (start + at >= until) until = start + at + LOOKS;
        else if (start > 0) shared++;
      }
  }
  return shared / (rounds * pairs);
}

const sharing = host(INTERRUPT, RUN);
const apart = host(0, INTERRUPT + RUN);

it('costs one pair the same, whether in one piece or in two', () => {
  expect(packetWork(1, '1', sharing)).toBe(packetWork(1, '1', apart));
});

it.each([6, 8])(
  'saves %i pairs the interrupts that random phases let them share, within 3 standard errors',
  (pairs) => {
    const timers = (pairs * SECONDS * 1e9) / PERIOD;
    const shares = Array.from({ length: SEEDS }, (_, seed) => {
      const saved = packetWork(pairs, `${seed}`, apart) - packetWork(pairs, `${seed}`, sharing);
      return (saved * 1e9) / INTERRUPT / timers;
    });
    const error = standardDeviation(shares) / Math.sqrt(SEEDS);
    const expected = sharedInTheory(pairs);
    expect(error / expected).toBeLessThan(0.12);
    expect(Math.abs(mean(shares) - expected), `shared ${mean(shares)}, ${expected} expected`).toBeLessThan(3 * error);
  },
);

it('costs a task that sleeps between two datagrams an interrupt for each, and no start of packet work', () => {
  const spent = (timerInterrupt: number, softirqStart: number) => {
    const on = host(timerInterrupt, RUN);
    const scenario = scenarioSchema.parse({
      name: 'datagrams',
      workload: {
        kind: 'pairs',
        pairs: 1,
        transport: 'udp',
        rate: '8Mbit/s',
        packet: '1000B',
        duration: `${SECONDS}s`,
      },
    });
    const { hosts, vnodes } = simulate(scenario, { ...on, cpu: { ...on.cpu, softirqStart } }, '1');
    return { datagrams: (vnodes[0]?.sent ?? 0) / 1000, ns: (hosts[0]?.cpu.seconds.softirq ?? Number.NaN) * 1e9 };
  };
  const free = spent(0, 0);
  expect(free.datagrams).toBeCloseTo(SECONDS * 1000, -2);
  // Sending one starts packet work once, whatever woke the sender.
  for (const [interrupt, start] of [
    [INTERRUPT, 0],
    [0, 700],
    [INTERRUPT, 700],
  ] as const) {
    const { datagrams, ns } = spent(interrupt, start);
    expect(datagrams).toBe(free.datagrams);
    // The first is sent at once, and one may be under way at the end.
    const expected = (datagrams - 1) * interrupt + datagrams * start;
    expect(Math.abs(ns - free.ns - expected)).toBeLessThanOrEqual(interrupt + start);
  }
});

it('sets the clock of a core for each timer of one pair, and for none of two that wait for one another', () => {
  const ARM = 2_000;
  const timers = (SECONDS * 1e9) / PERIOD;
  const spent = (pairs: number, timerArm: number) => {
    const on = host(0, RUN);
    return packetWork(pairs, '1', { ...on, cpu: { ...on.cpu, timerArm } }) * 1e9;
  };
  // Pairs start within the first 20 ms.
  const one = (spent(1, ARM) - spent(1, 0)) / ARM / timers;
  expect(one).toBeGreaterThan(1 - 0.02 / SECONDS);
  expect(one).toBeLessThan(1.001);
  // Equal periods: the other's timer is always due before the one that is set now.
  expect((spent(2, ARM) - spent(2, 0)) / ARM / timers).toBeLessThan(0.1);
});
