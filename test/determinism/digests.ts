// The digest table: small runs that touch every mechanism, each as a line of what its bytes come to.

import { createHash } from 'node:crypto';
import {
  type Host,
  hostCatalogue,
  idealHost,
  resolveHost,
  type ScenarioDocument,
  scenarioSchema,
} from '../../models/index.js';
import { type SimulationOptions, simulate } from '../../sim/index.js';

interface Run {
  readonly scenario: ScenarioDocument;
  readonly host: Host;
  readonly options?: SimulationOptions;
}

function host(name: string, limits: 'raised' | 'stock' = 'raised'): Host {
  const profile = hostCatalogue[name];
  if (!profile) throw new Error(`no host ${name} in the catalogue`);
  return resolveHost(profile, undefined, limits);
}

const swarm = (peers: number, file: string) =>
  ({ kind: 'swarm', peers, seeders: '20%', file, piece: '64KiB', start: '2s' }) as const;
const shaped = { up: '256KB/s', down: '1MB/s', delay: '2ms' } as const;

export const runs: Readonly<Record<string, () => Run>> = {
  'pairs-shaped-cubic': () => ({
    scenario: {
      name: 'pairs-shaped-cubic',
      workload: { kind: 'pairs', pairs: 4, duration: '2s' },
      link: { up: '10Mbit/s', down: '10Mbit/s', delay: '5ms' },
    },
    host: host('t7500'),
  }),
  'pairs-lossy-reno': () => ({
    scenario: {
      name: 'pairs-lossy-reno',
      tcp: 'reno',
      workload: { kind: 'pairs', pairs: 3, duration: '2s' },
      link: { up: '5Mbit/s', down: '5Mbit/s', delay: '10ms', loss: '1%' },
    },
    host: host('t7500'),
  }),
  'pairs-overloaded': () => ({
    scenario: {
      name: 'pairs-overloaded',
      workload: { kind: 'pairs', pairs: 20, duration: '500ms' },
      link: { up: '100Mbit/s', down: '100Mbit/s' },
    },
    host: host('pc3000'),
  }),
  'pairs-udp': () => ({
    scenario: {
      name: 'pairs-udp',
      workload: { kind: 'pairs', pairs: 3, transport: 'udp', rate: '4Mbit/s', duration: '1s' },
      link: { up: '3Mbit/s', down: '10Mbit/s', delay: '1ms' },
    },
    host: host('pc3000'),
  }),
  'pairs-routed': () => ({
    scenario: {
      name: 'pairs-routed',
      workload: { kind: 'pairs', pairs: 4, duration: '1s' },
      link: { up: '10Mbit/s', down: '10Mbit/s', delay: '1ms' },
      network: {
        topology: {
          generate: { kind: 'waxman', routers: 8, rate: '8Mbit/s', loss: '0.1%' },
          spread: 'shuffled',
          distill: { walkIn: 2 },
          cores: { count: 2 },
        },
      },
    },
    host: host('pc3000'),
  }),
  'pairs-changing': () => ({
    scenario: {
      name: 'pairs-changing',
      workload: { kind: 'pairs', pairs: 4, duration: '1s' },
      link: { up: '10Mbit/s', down: '10Mbit/s', delay: '1ms' },
      network: {
        topology: { generate: { kind: 'ring', routers: 5, rate: '8Mbit/s', loss: '0.1%' }, distill: 'last-mile' },
      },
      changes: [
        { at: '200ms', until: '600ms', link: ['router-1', 'router-2'], fails: true },
        { at: '300ms', link: ['router-2', 'router-3'], rate: '3Mbit/s', delay: '4ms', loss: '1%' },
        { at: '400ms', until: '700ms', vnode: 'client-2', fails: true },
        { at: '500ms', vnode: 'client-1', up: '2Mbit/s' },
      ],
    },
    host: host('t7500'),
  }),
  'swarm-churn': () => ({
    scenario: {
      name: 'swarm-churn',
      workload: {
        ...swarm(10, '1MB'),
        churn: {
          arrivals: 'poisson',
          seeding: '5s',
          patience: '60s',
          sessions: [{ peer: 'peer-5', from: '0s', until: '4s' }],
        },
      },
      link: shaped,
      deadline: '90s',
    },
    host: host('t7500'),
  }),
  'pairs-core': () => ({
    scenario: {
      name: 'pairs-core',
      workload: { kind: 'pairs', pairs: 2, duration: '1s' },
      network: { core: { hops: 4, rate: '50Mbit/s', delay: '1ms', tick: '100us' }, window: '128KiB' },
    },
    host: idealHost(host('t7500')),
  }),
  'swarm-ideal': () => ({
    scenario: { name: 'swarm-ideal', workload: swarm(10, '1MB'), link: shaped },
    host: idealHost(host('t7500')),
  }),
  'swarm-on-host': () => ({
    scenario: { name: 'swarm-on-host', workload: swarm(12, '1MB'), link: shaped },
    host: host('pc3000'),
  }),
  'swarm-two-hosts-stock': () => ({
    scenario: { name: 'swarm-two-hosts-stock', limits: 'stock', workload: swarm(10, '1MB'), link: shaped },
    host: host('t7500', 'stock'),
    options: { perHost: 5 },
  }),
  idle: () => ({
    scenario: { name: 'idle', workload: { kind: 'idle', vnodes: 30, duration: '3s' } },
    host: host('t7500'),
  }),
  busy: () => ({
    scenario: { name: 'busy', workload: { kind: 'busy', shares: [25, 75], duration: '2s' } },
    host: host('t7500'),
  }),
};

/** The record's own bytes. */
export function record(name: string, seed: string, queue: 'typed' | 'reference' = 'typed'): string {
  const run = runs[name]?.();
  if (!run) throw new Error(`no run ${name}`);
  return JSON.stringify(simulate(scenarioSchema.parse(run.scenario), run.host, seed, { ...run.options, queue }));
}

/** One line: name, seed, the trajectory's digest, and the hash of the whole record. */
export function line(name: string, seed: string): string {
  const bytes = record(name, seed);
  const { digest } = JSON.parse(bytes) as { digest: string };
  return `${name} ${seed} ${digest} ${createHash('sha256').update(bytes).digest('hex')}`;
}

export const table = (): string =>
  Object.keys(runs)
    .map((name) => line(name, '1'))
    .join('\n');
