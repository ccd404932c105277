// LXC configuration for a plan: a file a container (lxc.container.conf(5)), the sysctls of its hosts, and who is where.

import { addressRange, type Scenario, scenarioSchema, vnodeAddress } from '../../models/index.js';
import { type Member, membersOf } from '../../sim/index.js';
import type { PlanDocument } from '../planner/index.js';
import type { Exported, ExportedFile } from './exported.js';
import { hostShares } from './host-share.js';

const BRIDGE = 'range0';

/** 192.0.2.1 for its number. */
const dotted = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');

/** `sysctl -w a=1 b="2 3"` as lines of sysctl.conf(5). */
function sysctls({ ceilings }: PlanDocument): string {
  const settings = ceilings.flatMap(({ remedy }) =>
    remedy.startsWith('sysctl -w ')
      ? [...remedy.slice('sysctl -w '.length).matchAll(/(\S+?)=("[^"]*"|\S+)/g)].map(
          ([, key, value]) => `${key} = ${value?.replaceAll('"', '')}\n`,
        )
      : [],
  );
  return `# Kernel ceilings that the plan reckons with: sysctl -p FILE\n${settings.join('')}`;
}

interface Container extends Pick<Member, 'name' | 'role'> {
  readonly host: string;
  /** 198.18.0.1/15, as in runs of the whole range. */
  readonly address: string;
  /** Limits in bytes and cores; null: none. */
  readonly memory: number | null;
  readonly cpu: number | null;
}

/** In the order in which runs number them; a swarm's tracker is the first, on the first host. */
function containersOf(plan: PlanDocument, scenario: Scenario): Container[] {
  const { addresses, elsewhere = addresses } = scenario.network;
  const members = membersOf(scenario);
  const extra = members.filter(({ role }) => role === 'tracker').length;
  const limits = new Map(plan.lab?.vnodes.map((vnode) => [vnode.name, vnode]));
  return hostShares(plan).flatMap(({ host, first, vnodes }, index) => {
    const text = index === 0 ? addresses : elsewhere;
    const range = addressRange(text);
    if (!range) throw new Error('a plan holds a scenario with an address range');
    const from = index === 0 ? 0 : extra + first;
    return members.slice(from, extra + first + vnodes).map(({ name: called, role }, i) => {
      const name = plan.lab?.hosts[index]?.vnodes[i] ?? called;
      const { memory = null, cpu = null } = limits.get(name) ?? {};
      const address = `${dotted(vnodeAddress(range, from + i))}/${text.split('/')[1]}`;
      return { name, role, host, address, memory, cpu };
    });
  });
}

function configuration(
  { name, role, host, address, memory, cpu }: Container,
  { name: range, network }: Scenario,
): string {
  const lines = [
    `# ${name} (${role}) of ${range}, on ${host}: links are shaped by \`rangefit emulate\`, not here.`,
    '# To be filled in; without it the container runs on the files of its host:',
    `# lxc.rootfs.path = dir:/var/lib/lxc/${name}/rootfs`,
    `lxc.uts.name = ${name}`,
    'lxc.net.0.type = veth',
    `lxc.net.0.link = ${BRIDGE}`,
    'lxc.net.0.flags = up',
    'lxc.net.0.name = eth0',
    `lxc.net.0.mtu = ${network.mtu}`,
    `lxc.net.0.ipv4.address = ${address}`,
    ...(memory === null ? [] : [`lxc.cgroup2.memory.max = ${memory}`]),
    // Microseconds of 100 ms (kernel, cgroup-v2: cpu.max).
    ...(cpu === null ? [] : [`lxc.cgroup2.cpu.max = ${Math.round(cpu * 100_000)} 100000`]),
  ];
  return `${lines.join('\n')}\n`;
}

export function lxcConfiguration(plan: PlanDocument): Exported {
  const scenario = scenarioSchema.parse(plan.scenario);
  const containers = containersOf(plan, scenario);
  const rows = containers.map(({ host, name, role, address }) => `${host},${name},${role},${address}\n`);
  const files: ExportedFile[] = [
    { path: 'sysctl.conf', text: sysctls(plan) },
    { path: 'placement.csv', text: `host,vnode,role,address\n${rows.join('')}` },
    ...containers.map((one) => ({ path: `${one.host}/${one.name}.conf`, text: configuration(one, scenario) })),
  ];
  const notes = [
    `each file wants its lxc.rootfs.path, and each host a bridge ${BRIDGE} that reaches those of the others; nothing shapes links or starts what vnodes do`,
  ];
  return { files, notes };
}
