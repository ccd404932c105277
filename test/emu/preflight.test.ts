// A machine refuses what it cannot do before anything is created: the reason, the demand, and what would fit.

import { describe, expect, it } from 'vitest';
import { CannotRun } from '../../emu/cannot-run.js';
import type { Capabilities } from '../../emu/capabilities.js';
import { abilities, checks } from '../../emu/doctor.js';
import { preflight } from '../../emu/preflight.js';
import { planRange } from '../../emu/range-plan.js';
import { type ScenarioDocument, scenarioSchema } from '../../models/index.js';

const everything = <K extends string, V>(value: V): Record<K, V> => new Proxy({} as Record<K, V>, { get: () => value });

const machine: Capabilities = {
  root: true,
  cores: 2,
  kernel: '6.1',
  machine: 'test',
  programs: everything(true),
  libtorrent: '2.0',
  lxc: '5.0',
  features: everything(true),
  congestionControl: ['cubic', 'reno'],
  defaultCongestionControl: 'bbr',
  cgroups: { kind: 'v2', hierarchies: [], controllers: {} },
  tracepoints: true,
  memoryTotal: 8e9,
  memoryAvailable: 7e9,
  diskAvailable: 50e9,
  limits: {
    gcThresh1: 128,
    gcThresh2: 512,
    gcThresh3: 1024,
    backlog: 1000,
    pidMax: 32_768,
    threadsMax: 60_000,
    inotifyInstances: 128,
    openFiles: 1e6,
    ptys: 4096,
    rootKeys: 1e6,
  },
};

function refusal(
  document: Partial<ScenarioDocument>,
  here: Partial<Capabilities> = {},
  soak = false,
): CannotRun | undefined {
  const scenario = scenarioSchema.parse({ name: 'test', workload: { kind: 'idle' }, ...document });
  try {
    preflight(scenario, planRange(scenario), { ...machine, ...here }, soak);
    return undefined;
  } catch (error) {
    if (error instanceof CannotRun) return error;
    throw error;
  }
}

describe('the preflight', () => {
  it('lets through what fits', () => {
    expect(refusal({})).toBeUndefined();
    expect(refusal({ workload: { kind: 'swarm', peers: 50, client: 'aria2' }, link: { up: '1MB/s' } })).toBeUndefined();
  });

  it('asks for whole seconds where iperf3 counts them, for it would take 0.1 s as no end', () => {
    const refused = refusal({ workload: { kind: 'pairs', pairs: 2, duration: '100ms' } });
    expect(refused?.message).toMatch(/whole seconds/);
    expect(refused?.demand).toEqual(['scenario.workload.duration: 1s']);
    expect(refusal({ workload: { kind: 'pairs', pairs: 2, duration: '100ms', bytes: '1MB' } })).toBeUndefined();
  });

  it('asks for root, for packages with the command that installs them, and for a congestion control that is there', () => {
    expect(refusal({}, { root: false })?.message).toMatch(/root/);
    const programs = { ...everything<never, boolean>(true), 'lxc-start': false } as Capabilities['programs'];
    expect(refusal({}, { programs: new Proxy(programs, { get: (_, name) => name !== 'lxc-start' }) })?.demand).toEqual([
      'apt-get install --no-install-recommends -y lxc',
    ]);
    expect(refusal({ workload: { kind: 'swarm' } }, { libtorrent: null })?.demand[0]).toMatch(/python3-libtorrent/);
    expect(refusal({ tcp: 'reno' }, { congestionControl: ['bbr'] })?.message).toMatch(/no reno/);
  });

  it('asks for tracepoints only where soakers run: what comes on top of them has to be traced', () => {
    expect(refusal({}, { tracepoints: false })).toBeUndefined();
    expect(refusal({}, { tracepoints: false }, true)?.message).toMatch(/no tracepoints/);
  });

  it('refuses delay and loss where the kernel has no netem, and only those', () => {
    const features = new Proxy({} as Capabilities['features'], { get: (_, name) => name !== 'netem' });
    expect(refusal({ link: { up: '1MB/s' } }, { features })).toBeUndefined();
    expect(refusal({ link: { delay: '5ms' } }, { features })?.demand).toEqual(['netem, for link.delay']);
    expect(refusal({ link: { loss: '1%' } }, { features })?.demand).toEqual(['netem, for link.loss']);
  });

  it('refuses what only a simulation has: other hosts that fail, peers that come and go', () => {
    const changes = (host: number) => ({ changes: [{ at: '1s', host, fails: true }] });
    expect(refusal(changes(1))).toBeUndefined();
    expect(refusal(changes(2))?.message).toContain('one host');
    const swarm = { kind: 'swarm', peers: 5, client: 'aria2' } as const;
    expect(refusal({ workload: { ...swarm, churn: { seeding: '5s' } } })?.message).toContain('come and go');
  });

  it('refuses what would exhaust the memory, with the parts and a size that it then lets through', () => {
    const asked = { kind: 'swarm', peers: 900, client: 'libtorrent', file: '20MB' } as const;
    const refused = refusal({ workload: asked });
    expect(refused?.message).toMatch(/901 containers do not fit .*memory/);
    expect(refused?.demand.join('\n')).toMatch(/memory: 901 x .*B = .*B, .*B can be used/);
    const fits = refused?.fits as number;
    expect(refusal({ workload: { ...asked, peers: fits } })).toBeUndefined();
    expect(refusal({ workload: { ...asked, peers: fits + 1 } })).toBeDefined();
  });

  it('knows that a bridge has 1,023 ports, and that pairs on their own bridges do not meet that', () => {
    expect(refusal({ workload: { kind: 'idle', vnodes: 1024 } })?.fits).toBe(1023);
    expect(refusal({ workload: { kind: 'idle', vnodes: 1023 } })).toBeUndefined();
    const large = { memoryTotal: 64e9, memoryAvailable: 60e9 };
    const pairs = { workload: { kind: 'pairs', pairs: 700 }, network: { attach: 'two-port-bridge' } } as const;
    expect(refusal(pairs, large)).toBeUndefined();
  });
});

describe('the doctor', () => {
  it('tells which scenario features can run, and what each lacks', () => {
    const features = new Proxy({} as Capabilities['features'], { get: (_, name) => name !== 'netem' });
    const said = abilities({ ...machine, features });
    expect(said.find(({ feature }) => feature.startsWith('link.delay'))).toMatchObject({ ok: false, reason: 'netem' });
    expect(said.find(({ feature }) => feature === 'tcp: bbr')?.ok).toBe(false);
    expect(said.filter(({ ok }) => ok).map(({ feature }) => feature)).toContain('workload swarm, client aria2');
  });

  it('holds nothing against the kernel that could not be asked about', () => {
    const bare = {
      ...machine,
      programs: { ...everything<never, boolean>(true), ip: false } as Capabilities['programs'],
      features: { veth: null, bridge: null, netem: null } as Capabilities['features'],
    };
    expect(checks(bare).filter(({ kind, ok }) => kind === 'kernel' && !ok)).toEqual([]);
    expect(checks(bare).filter(({ kind }) => kind === 'unknown')).toHaveLength(3);
  });
});
