// Commands of an emulation are argument lists made from validated names and numbers, and say what the scenario asks.

import { describe, expect, it } from 'vitest';
import { containerConfig } from '../../emu/container.js';
import { containerName, hostInterface, newRunId, runId, vnodeInterface, vnodeName } from '../../emu/names.js';
import { insideRange } from '../../emu/namespace.js';
import { attachHostEnds, configureVnode, pinnedCongestionControl } from '../../emu/network.js';
import { vnodePlaces } from '../../emu/places.js';
import { planRange } from '../../emu/range-plan.js';
import { shapeHostEnds, shaperStates, shapeVnode, tokenBucket } from '../../emu/shaping.js';
import { commandLine } from '../../emu/shell.js';
import { InputError, type ScenarioDocument, scenarioSchema } from '../../models/index.js';

const run = runId('0a1b2c');
const scenario = (document: Partial<ScenarioDocument>) =>
  scenarioSchema.parse({ name: 'test', workload: { kind: 'pairs', pairs: 2 }, ...document });

describe('names', () => {
  it('bear prefix and run id, and fit into an interface name at a hundred thousand vnodes', () => {
    expect(vnodeInterface(run, 99_999)).toBe('rf0a1b2cv99999');
    expect(hostInterface(run, 99_999).length).toBeLessThanOrEqual(15);
    expect(containerName(run, 'peer-7')).toBe('rf0a1b2c.peer-7');
    expect(() => runId(newRunId())).not.toThrow();
  });

  it.each(['../../etc', 'a;reboot', 'peer-7\n', '$(id)', '', 'PEER-1', 'peer-07', 'a'.repeat(200)])(
    'cannot be %j',
    (text) => {
      expect(() => vnodeName(text)).toThrow(InputError);
      expect(() => runId(text)).toThrow(InputError);
    },
  );
});

describe('the plan of a range', () => {
  it('names vnodes as the simulator does, seeders spread among the peers', () => {
    const { vnodes } = planRange(scenario({ workload: { kind: 'swarm', peers: 4, seeders: 2 } }));
    expect(vnodes.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'tracker tracker',
      'peer-1 leecher',
      'peer-2 seeder',
      'peer-3 leecher',
      'peer-4 seeder',
    ]);
    expect(vnodes[4]?.address).toBe('198.18.0.5');
  });

  it('gives every pair a bridge of its own, or none', () => {
    const attach = (how: 'bridge' | 'two-port-bridge' | 'direct') => planRange(scenario({ network: { attach: how } }));
    expect(attach('bridge').bridges).toBe(1);
    expect(attach('two-port-bridge').vnodes.map(({ bridge }) => bridge)).toEqual([0, 0, 1, 1]);
    expect(attach('direct').vnodes.map(({ partner }) => partner)).toEqual([1, 0, 3, 2]);
  });

  it('refuses ranges that are too small or belong to somebody', () => {
    const within = (addresses: string) => () => planRange(scenario({ network: { addresses } }));
    expect(within('192.168.0.0/30')).toThrow(/at least 4 addresses/);
    expect(within('8.8.0.0/16')).toThrow(InputError);
    expect(within('10.0.0.0/8')).not.toThrow();
  });
});

describe('wiring and shaping', () => {
  it('pins congestion control and window on the only route', () => {
    const given = scenario({ tcp: 'reno', network: { window: '128KiB' } });
    const plan = planRange(given);
    const command = configureVnode(run, plan.vnodes[0] as never, plan, given);
    expect(command.args).toEqual(['-batch', '-']);
    expect(command.input).toContain(
      'route add 198.18.0.0/15 dev rf0a1b2cv0 scope link src 198.18.0.1 congctl reno window 131072',
    );
    expect(pinnedCongestionControl('[{"dst":"198.18.0.0/15","metrics":[{"congestion":"reno"}]}]')).toBe('reno');
    expect(pinnedCongestionControl('[{"dst":"198.18.0.0/15"}]')).toBeUndefined();
  });

  it('shapes up in the vnode and down at the host, with the defaults of both worlds', () => {
    const given = scenario({ link: { up: '256KB/s', down: '100Mbit/s' } });
    const plan = planRange(given);
    expect(shapeVnode(run, plan.vnodes[1] as never, given)?.input).toBe(
      'qdisc add dev rf0a1b2cv1 root handle 1: tbf rate 2048000bit burst 3028 limit 30280\n',
    );
    expect(shapeHostEnds(run, plan, given)?.input?.split('\n')[3]).toBe(
      'qdisc add dev rf0a1b2ch3 root handle 1: tbf rate 100000000bit burst 50000 limit 250000',
    );
    expect(tokenBucket(scenario({}), 'up')).toBeNull();
  });

  it('joins the two ends of a direct pair by redirection', () => {
    const given = scenario({ network: { attach: 'direct' } });
    const lines = shapeHostEnds(run, planRange(given), given)?.input?.trim().split('\n');
    expect(lines?.[1]).toMatch(/dev rf0a1b2ch0 .* redirect dev rf0a1b2ch1$/);
    expect(attachHostEnds(run, planRange(given)).input).not.toContain('master');
  });

  it('reads token buckets back as they were asked, whichever way tc tells the queue', () => {
    const said = [
      { kind: 'tbf', dev: 'a', options: { rate: 32000, burst: 3027, lat: 851_626 }, bytes: 5, packets: 1, drops: 2 },
      { kind: 'noqueue', dev: 'lo', options: {} },
    ];
    const [state] = shaperStates(JSON.stringify(said));
    expect(state).toMatchObject({ device: 'a', bucket: { rate: 256_000, burst: 3027 }, drops: 2 });
    expect(Math.abs((state?.bucket.queue ?? 0) - 30_280)).toBeLessThan(3);
  });
});

describe('containers', () => {
  const config = (document: Partial<ScenarioDocument>, version: 1 | 2) => {
    const given = scenario(document);
    const cpu = { folder: '/sys/fs/cgroup/cpu', version };
    const layout = { kind: 'v1', hierarchies: [], controllers: { cpu, cpuset: cpu } } as const;
    const vnode = planRange(given, 1).vnodes[0] as never;
    return containerConfig(run, vnode, given, vnodePlaces(run, 'c', 'busy-1'), [], layout);
  };

  it('set shares and core in either version of cgroups', () => {
    const busy: Partial<ScenarioDocument> = { workload: { kind: 'busy', shares: [25, 75] } };
    expect(config(busy, 1)).toContain('lxc.cgroup.cpu.shares = 25\nlxc.cgroup.cpuset.cpus = 1\n');
    expect(config(busy, 2)).toContain('lxc.cgroup2.cpu.weight = 25\nlxc.cgroup2.cpuset.cpus = 1\n');
  });

  it('mount nothing of the host writable', () => {
    const mounts = config({}, 1)
      .split('\n')
      .filter((line) => line.startsWith('lxc.mount.entry'));
    expect(mounts.length).toBeGreaterThan(0);
    for (const mount of mounts) expect(mount).toContain('none ro,bind');
  });
});

describe('a command', () => {
  it('stays a list of arguments when it is run inside the range, and is quoted only to be read', () => {
    const command = insideRange(run, { program: 'echo', args: ['$(reboot)', "it's"] });
    expect(command.args.slice(-2)).toEqual(['$(reboot)', "it's"]);
    expect(commandLine(command)).toMatch(/echo '\$\(reboot\)' 'it'\\''s'$/);
  });
});
