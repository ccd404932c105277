// LXC configuration for a plan: a file a container (lxc.container.conf(5)), and the sysctls of its hosts.

import { addressRange, scenarioSchema, vnodeAddress } from '../../models/index.js';
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

export function lxcConfiguration(plan: PlanDocument): Exported {
  const { network } = scenarioSchema.parse(plan.scenario);
  const range = addressRange(network.addresses);
  if (!range) throw new Error('a plan holds a scenario with an address range');
  const files: ExportedFile[] = [{ path: 'sysctl.conf', text: sysctls(plan) }];
  for (const [index, { host, first, vnodes }] of hostShares(plan).entries())
    for (let i = 0; i < vnodes; i++) {
      const name = plan.lab?.hosts[index]?.vnodes[i] ?? `vnode-${first + i + 1}`;
      const { memory = null, cpu = null } = plan.lab?.vnodes.find((one) => one.name === name) ?? {};
      const lines = [
        `# ${name} of ${plan.scenario.name}, on ${host}: links are shaped by \`rangefit emulate\`, not here`,
        `lxc.uts.name = ${name}`,
        'lxc.net.0.type = veth',
        `lxc.net.0.link = ${BRIDGE}`,
        'lxc.net.0.flags = up',
        'lxc.net.0.name = eth0',
        `lxc.net.0.mtu = ${network.mtu}`,
        `lxc.net.0.ipv4.address = ${dotted(vnodeAddress(range, first + i))}/${network.addresses.split('/')[1]}`,
        ...(memory === null ? [] : [`lxc.cgroup2.memory.max = ${memory}`]),
        // Microseconds of 100 ms (kernel, cgroup-v2: cpu.max).
        ...(cpu === null ? [] : [`lxc.cgroup2.cpu.max = ${Math.round(cpu * 100_000)} 100000`]),
      ];
      files.push({ path: `${host}/${name}.conf`, text: `${lines.join('\n')}\n` });
    }
  return { files, notes: [] };
}
