// What changes while a run goes on: links with other qualities, links, vnodes and hosts that fail and come back.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hostCatalogue,
  idealHost,
  qualityAt,
  type RunRecord,
  resolveHost,
  type ScenarioDocument,
  scenarioSchema,
} from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';
import { type PipeProperties, Pipes } from '../../../sim/network/pipes.js';
import { Packets } from '../../../sim/packets.js';
import { randomStream } from '../../../sim/random.js';
import { Simulator } from '../../../sim/simulator.js';

const host = resolveHost(hostCatalogue.t7500!, undefined, 'raised');
type Changes = NonNullable<ScenarioDocument['changes']>;

/** Clients on a, servers on b; 8 Mbit/s between them, and 4 Mbit/s around by c. */
const way = (from: number, to: number, link: number, rate: string) => [
  { from, to, link, rate, delay: '2ms' },
  { from: to, to: from, link, rate, delay: '2ms' },
];
const triangle = {
  places: [{ name: 'a', kind: 'stub' as const }, { name: 'b', kind: 'stub' as const }, { name: 'c' }],
  pipes: [...way(0, 1, 0, '8Mbit/s'), ...way(0, 2, 1, '4Mbit/s'), ...way(2, 1, 2, '4Mbit/s')],
};
const line = { places: triangle.places.slice(0, 2), pipes: triangle.pipes.slice(0, 2) };

function run(
  inline: typeof triangle | typeof line,
  changes: Changes,
  { cores, ideal = true, perHost }: { cores?: object; ideal?: boolean; perHost?: number } = {},
): RunRecord {
  const scenario = scenarioSchema.parse({
    name: 'changes',
    workload: { kind: 'pairs', pairs: 2, duration: '9s' },
    link: { up: '20Mbit/s', down: '20Mbit/s' },
    network: { attach: 'two-port-bridge', topology: { inline, ...(cores && { cores }) } },
    changes,
  });
  const on = ideal ? idealHost(host) : host;
  return simulate(scenario, on, '1', { seriesInterval: 100_000_000, ...(perHost && { perHost }) });
}

/** Mbit/s of payload between two times, s. */
const rate = ({ series: { payloadBytes } }: RunRecord, from: number, to: number): number =>
  ((payloadBytes[to * 10 - 1]! - (payloadBytes[from * 10 - 1] ?? 0)) * 8) / (to - from) / 1e6;
const fails = { at: '3s', until: '6s', link: ['a', 'b'] as [string, string], fails: true };

describe('a link that fails', () => {
  it.each([
    ['on an ideal host', {}],
    ['on a host with costs', { ideal: false }],
    ['in the pipes of a core', { cores: { machine: 'ideal' } }],
  ])('is gone around, and taken again when it is back: %s', (_, how) => {
    const record = run(triangle, [fails], how);
    const [before, during, after] = [rate(record, 1, 3), rate(record, 4, 6), rate(record, 7, 9)];
    for (const whole of [before, after]) expect(whole).toBeGreaterThan(0.85 * 8);
    expect(before).toBeLessThan(8);
    expect(during).toBeGreaterThan(0.8 * 4);
    expect(during).toBeLessThan(4);
    expect(Math.max(...record.hosts.map(({ drops }) => drops['link-down'] ?? 0))).toBeGreaterThan(0);
  });

  it('stops all where there is no way around, until it is back', () => {
    const record = run(line, [{ ...fails, until: '4s' }]);
    expect(rate(record, 3, 4)).toBeLessThan(0.3);
    // TCP asks again after 200 ms, and each time waits twice as long (RFC 6298).
    expect(rate(record, 6, 9)).toBeGreaterThan(0.85 * 8);
    expect(record.hosts[0]!.drops['no-route']).toBeGreaterThan(0);
  });
});

describe('a link that changes', () => {
  const link: [string, string] = ['b', 'a'];

  it('has the rate and the delay of the moment', () => {
    const record = run(line, [{ at: '3s', until: '6s', link, rate: '2Mbit/s' }]);
    expect(rate(record, 1, 3)).toBeGreaterThan(0.85 * 8);
    expect(rate(record, 4, 6)).toBeGreaterThan(0.85 * 2);
    expect(rate(record, 4, 6)).toBeLessThan(2);
    expect(rate(record, 7, 9)).toBeGreaterThan(0.85 * 8);
    const [near, far] = [run(line, []), run(line, [{ at: '0s', link, delay: '60ms' }])].map(
      ({ vnodes }) => vnodes.find(({ role }) => role === 'client')!.rtt!.p50,
    );
    expect(far! - near!).toBeGreaterThan(2 * 0.058 * 0.8);
  });

  it('carries what cross traffic leaves of it', () => {
    const record = run(line, [{ at: '3s', until: '6s', link, crossTraffic: '5Mbit/s' }]);
    expect(rate(record, 4, 6)).toBeGreaterThan(0.85 * 3);
    expect(rate(record, 4, 6)).toBeLessThan(3);
    const base = { rate: 8e6, delay: 1, loss: 0, queue: 80_000 };
    const two = [2, 3].map((mbit) => ({ at: 0, crossTraffic: mbit * 1e6 }));
    expect(qualityAt(base, two, 5)).toEqual({ rate: 3e6, delay: 1, loss: 0, queue: 30_000 });
  });
});

describe('a vnode', () => {
  it.each([
    ['ideal', true],
    ['with costs', false],
  ])('gets another rate on its own link, on a host %s', (_, ideal) => {
    const record = run(
      line,
      [
        { at: '3s', vnode: 'client-1', up: '1Mbit/s' },
        { at: '3s', vnode: 'client-2', up: '1500kbit/s' },
      ],
      { ideal },
    );
    expect(rate(record, 1, 3)).toBeGreaterThan(0.85 * 8);
    expect(rate(record, 4, 9)).toBeGreaterThan(0.85 * 2.5);
    expect(rate(record, 4, 9)).toBeLessThan(2.5);
  });

  it('is cut off while its link or its host fails, and goes on when that is back', () => {
    const one = run(line, [{ at: '2s', until: '3s', vnode: 'server-1', fails: true }]);
    const of = ({ vnodes }: RunRecord, name: string) => vnodes.find(({ vnode }) => vnode === name)!.received;
    expect(of(one, 'server-1')).toBeGreaterThan(0);
    expect(of(one, 'server-2')).toBeGreaterThan(of(one, 'server-1'));
    const all = run(line, [{ at: '2s', until: '4s', host: 2, fails: true }], { perHost: 2 });
    expect(of(all, 'server-1')).toBeGreaterThan(1.5 * of(all, 'server-2'));
    const never = run(line, [{ at: '2s', host: 1, fails: true }]);
    expect(rate(never, 3, 9)).toBe(0);
  });
});

describe('a pipe', () => {
  const properties = fc.record({
    bitsPerSecond: fc.constantFrom(1e5, 1e6, 1e7, Number.POSITIVE_INFINITY),
    burst: fc.constantFrom(0, 3000),
    delay: fc.integer({ min: 0, max: 20_000_000 }),
  });

  it('loses and overtakes nothing when it changes, and loses all that is inside when it fails', () => {
    const script = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.constantFrom('packet', 'packet', 'packet', 'change', 'fail'),
        properties,
      ),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(properties, script, (first, steps) => {
        const simulator = new Simulator();
        const packets = new Packets();
        const left: number[] = [];
        const inside: number[] = [];
        let lost = 0;
        const pipes: Pipes = new Pipes(simulator, packets, {
          leave(_, packet) {
            expect(packet).toBe(inside.shift());
            left.push(packet);
          },
          lost(_, packet, reason) {
            expect(reason).toBe('down');
            const at = inside.indexOf(packet);
            if (at >= 0) inside.splice(at, 1);
            lost++;
          },
        });
        const whole = ({ bitsPerSecond, delay }: typeof first): PipeProperties => ({
          ...{ bitsPerSecond, delay, burst: first.burst, queue: Infinity, loss: 0, tick: 0 },
        });
        const pipe = pipes.create(whole(first));
        let sent = 0;
        const kind = simulator.register({
          handle(step) {
            const [, what, next] = steps[step]!;
            if (what === 'change') pipes.change(pipe, whole(next));
            else if (what === 'fail') {
              pipes.fail(pipe);
              expect(inside).toEqual([]);
            } else {
              const packet = packets.allocate(0, 0);
              packets.wire[packet] = 1000;
              sent++;
              inside.push(packet);
              pipes.enqueue(pipe, packet);
            }
            expect(pipes.census()).toBe(inside.length);
            const gap = steps[step + 1]?.[0];
            if (gap !== undefined) simulator.schedule(simulator.now + gap, kind, step + 1);
          },
        });
        simulator.schedule(0, kind, 0);
        simulator.run(1e15);
        expect(left.length + lost).toBe(sent);
        expect(pipes.census()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('carries as much under a changing rate as the rates allow', () => {
    const simulator = new Simulator();
    const packets = new Packets();
    const times: number[] = [];
    const pipes = new Pipes(simulator, packets, { leave: () => times.push(simulator.now), lost: () => {} });
    const at = (bitsPerSecond: number): PipeProperties => ({
      bitsPerSecond,
      burst: 0,
      queue: Infinity,
      delay: 0,
      loss: 0,
      tick: 0,
    });
    const pipe = pipes.create(at(8e6));
    const random = randomStream('1', 'rates');
    for (let i = 0; i < 1000; i++) {
      const packet = packets.allocate(0, 0);
      packets.wire[packet] = 1000;
      pipes.enqueue(pipe, packet);
    }
    // 1000 packets of 1 ms at 8 Mbit/s; the rate is drawn anew every 10 ms, and what was begun is sent as it was begun.
    const rates: number[] = [8e6];
    const kind = simulator.register({
      handle(step) {
        rates.push(8e6 * (0.5 + random.uniform()));
        pipes.change(pipe, at(rates.at(-1)!));
        if (step < 200) simulator.schedule(simulator.now + 10e6, kind, step + 1);
      },
    });
    simulator.schedule(10e6, kind, 0);
    simulator.run(1e12);
    expect(times).toHaveLength(1000);
    const within = times.filter((time) => time <= 500e6).length * 1000;
    const allowed = rates.slice(0, 50).reduce((sum, bits) => sum + (bits / 8) * 0.01, 0);
    expect(Math.abs(within - allowed)).toBeLessThan(50 * 1000);
  });
});
