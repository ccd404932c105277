// What of a range is simulated to judge one host, and what stands for the rest.

import { describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../../calibration/index.js';
import { outsideOf, settled } from '../../../experiments/planner/outside.js';
import type { Question } from '../../../experiments/planner/question.js';
import {
  describeView,
  glimpseOf,
  IDEAL_OUTSIDE,
  remotePeers,
  twinView,
  viewOf,
  windowOf,
} from '../../../experiments/planner/view.js';
import { type RunRecord, type SwarmWorkload, scenarioSchema, seederCount } from '../../../models/index.js';
import { host, record, swarmScenario, vnode } from '../../calibration/records.js';
import { fakeHost } from './fake-world.js';

const question = (workload: Record<string, unknown>, vnodes: number, whole = false): Question => ({
  scenario: scenarioSchema.parse({ name: 'a', workload, link: { up: '1Mbit/s' } }),
  profile: fakeHost(),
  technology: 'openvz',
  vnodes,
  seed: '1',
  tolerances: defaultTolerances,
  whole,
});

describe('a view', () => {
  it('of a large swarm is one host exactly, with remote peers for the others', () => {
    const { scenario, options } = viewOf(question({ kind: 'swarm' }, 10_000), 140);
    expect(scenario.workload).toMatchObject({ peers: 10_000 });
    expect(options.perHost).toBe(140);
    expect(options.composition).toEqual({
      rangePeers: 10_000,
      hosts: 1,
      remotePeers: 140,
      remoteDelay: 0,
      remoteLoss: 0,
      remoteRate: 1,
    });
  });

  it('of hosts with few peers is several hosts, so that forty peers are judged', () => {
    const composition = (density: number, vnodes: number) =>
      viewOf(question({ kind: 'swarm' }, vnodes), density).options.composition;
    expect(composition(4, 10_000)).toMatchObject({ hosts: 10, remotePeers: 161 });
    expect(composition(30, 10_000)).toMatchObject({ hosts: 2, remotePeers: 141 });
    expect(composition(30, 50)).toMatchObject({ hosts: 1, remotePeers: 20 });
  });

  it('of an exact range is every host of it, for as long as all its peers take to start', () => {
    const exact: Question = { ...question({ kind: 'swarm', start: '10s' }, 1000), exact: true };
    const { scenario, options } = viewOf(exact, 90);
    expect(scenario.workload).toMatchObject({ peers: 1000, start: 100e9 });
    expect(options).toEqual({ perHost: 90, window: 380e9 });
    expect(describeView(exact, 90)).toMatchObject({
      simulated: expect.stringContaining('all 1000 peers on 12 hosts'),
      composed: 'nothing: every host is simulated',
    });
  });

  it('of an exact range shares one ideal twin among all densities', () => {
    const exact: Question = { ...question({ kind: 'swarm' }, 1000), exact: true };
    expect(twinView(exact, 90)).toEqual(twinView(exact, 150));
    expect(twinView(exact, 90)).toMatchObject({ density: 1000, options: { perHost: 10 } });
  });

  it('of a swarm that fits on the host is all of it', () => {
    const { scenario, options } = viewOf(question({ kind: 'swarm' }, 100), 100);
    expect(scenario.workload).toMatchObject({ peers: 100 });
    expect(options.composition).toBeUndefined();
  });

  it('keeps the share of seeders when it asks how many a host holds beyond the range', () => {
    const { scenario } = viewOf(question({ kind: 'swarm', seeders: 10 }, 100), 150);
    if (scenario.workload.kind !== 'swarm') throw new Error('no swarm');
    expect([scenario.workload.peers, seederCount(scenario.workload)]).toEqual([150, 15]);
  });

  it('of pairs is one host alone, for pairs are never divided', () => {
    const { scenario, options } = viewOf(question({ kind: 'pairs' }, 1000), 24);
    expect(scenario.workload).toMatchObject({ pairs: 12 });
    expect(options).toEqual({});
  });

  it('to glimpse a load is one host for a part of the time', () => {
    const large = question({ kind: 'swarm' }, 10_000);
    const glimpse = glimpseOf(large, 16);
    const view = viewOf(large, 16);
    expect(glimpse.options.composition).toMatchObject({ hosts: 1, remotePeers: 185 });
    expect(glimpse.options.window).toBeLessThan((view.options.window as number) / 2);
    expect(glimpse.scenario).toEqual(view.scenario);
  });

  it('has enough remote peers for all connections of a client, and never more than there are', () => {
    const hrktorrent = scenarioSchema.parse({ name: 'a', workload: { kind: 'swarm' } }).workload as SwarmWorkload;
    expect(remotePeers(hrktorrent, 40, 10_000)).toBe(161);
    expect(remotePeers(hrktorrent, 60, 10_000)).toBe(141);
    expect(remotePeers(hrktorrent, 340, 10_000)).toBe(340);
    expect(remotePeers(hrktorrent, 90, 100)).toBe(10);
    expect(remotePeers(hrktorrent, 150, 100)).toBe(0);
  });

  it('shares the ideal twin where it does not matter on which ideal host a vnode lives', () => {
    const small = question({ kind: 'swarm' }, 120);
    expect(twinView(small, 20)).toEqual(twinView(small, 120));
    expect(twinView(small, 20).options.composition).toBeUndefined();
    expect(twinView(small, 150).scenario.workload).toMatchObject({ peers: 150 });
    const pairs = question({ kind: 'pairs' }, 1000);
    expect(twinView(pairs, 40)).toEqual(twinView(pairs, 400));
    expect(twinView(pairs, 6).scenario.workload).toMatchObject({ pairs: 3 });
    const large = question({ kind: 'swarm' }, 10_000);
    expect(twinView(large, 60)).toEqual({ ...viewOf(large, 60), density: 60 });
  });

  it('ends after a stated window of virtual time, unless whole downloads are asked for', () => {
    expect(windowOf(question({ kind: 'swarm', start: '10s' }, 100), 100)).toBe(290e9);
    expect(windowOf(question({ kind: 'swarm' }, 100, true), 100)).toBeUndefined();
    expect(windowOf(question({ kind: 'pairs', duration: '5s' }, 100), 10)).toBeUndefined();
    expect(windowOf(question({ kind: 'pairs', duration: '60s' }, 100), 10)).toBe(10e9);
    expect(windowOf(question({ kind: 'pairs', bytes: '1GB' }, 100), 10)).toBeUndefined();
  });

  it('of a larger range ends that long after its own peers have started, at the rate of the whole range', () => {
    const large = question({ kind: 'swarm', peers: 100, start: '10s' }, 10_000);
    expect(viewOf(large, 60).scenario.workload).toMatchObject({ start: 1000e9, peers: 10_000 });
    expect(viewOf(large, 60).options.window).toBe(300.1e9);
    expect(viewOf(question({ kind: 'swarm', peers: 100, start: '10s' }, 50), 80).scenario.workload).toMatchObject({
      start: 8e9,
    });
  });

  it('is described in words', () => {
    const { simulated, composed } = describeView(question({ kind: 'swarm' }, 10_000), 140);
    expect(simulated).toBe(
      "the tracker's host with 140 peers, and 140 remote peers, packet by packet, the first 308 s of virtual time",
    );
    expect(composed).toMatch(/^the other 9860 peers: /);
  });
});

describe('the outside of a composed run', () => {
  const run = (goodput: number, rtt: number, losses = 0): RunRecord =>
    record({
      scenario: swarmScenario,
      hosts: [host()],
      vnodes: [
        vnode({
          role: 'leecher',
          goodput,
          rtt: { p50: rtt, p99: rtt, samples: 9 },
          packetsSent: 1000,
          unexpectedLosses: losses,
        }),
      ],
    });
  const twin = run(100, 0.01);

  it('is ideal where the host does nothing that matters', () => {
    expect(outsideOf([run(99.5, 0.0101)], [twin], defaultTolerances)).toEqual(IDEAL_OUTSIDE);
  });

  it('slows, delays and loses as the simulated host does', () => {
    expect(outsideOf([run(80, 0.015, 10)], [twin], defaultTolerances)).toEqual({ rate: 0.8, delay: 5e6, loss: 0.01 });
  });

  it('takes nothing for an effect of the host that seeds differ by themselves', () => {
    const twins = [run(90, 0.01), run(100, 0.012), run(110, 0.008)];
    expect(outsideOf([run(84, 0.011), run(95, 0.013), run(104, 0.009)], twins, defaultTolerances)).toEqual(
      IDEAL_OUTSIDE,
    );
    expect(outsideOf([run(50, 0.01), run(52, 0.01), run(51, 0.01)], twins, defaultTolerances).rate).toBe(0.51);
  });

  it('settles when two rounds agree', () => {
    const one = { rate: 0.8, delay: 5e6, loss: 0.01 };
    expect(settled(one, { ...one, rate: 0.795 }, defaultTolerances)).toBe(true);
    expect(settled(one, { ...one, rate: 0.7 }, defaultTolerances)).toBe(false);
    expect(settled(one, IDEAL_OUTSIDE, defaultTolerances)).toBe(false);
  });
});
