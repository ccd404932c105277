// The plan of a lab: what its vnodes cost when they idle, simulated, and what they declare, packed onto hosts.

import { InputError, resolveHost } from '../../models/index.js';
import type { PlanDocument, PlanRequest } from '../planner/index.js';
import { count, plural, scaled } from '../wording.js';
import type { Lab } from './clab.js';
import { type Item, leastHosts, packed, type Room } from './packing.js';

/** A lab as a scenario: its vnodes, of which nothing is known but that they run. */
export const labScenario = (lab: Lab): unknown => ({
  name: lab.name.toLowerCase().replace(/[^a-z0-9-]/g, '-'),
  description: `${plural(lab.vnodes.length, 'vnode')} and ${plural(lab.links.length, 'link')} of the containerlab file`,
  workload: { kind: 'idle', vnodes: lab.vnodes.length },
});

type Answer = PlanDocument['answer'];

function limitsOf(items: readonly Item[], room: Room, { answer }: PlanDocument): Answer['next'][] {
  const least = leastHosts(items, room);
  const density = (hosts: number) => Math.max(1, Math.floor(items.length / Math.max(1, hosts)));
  const limits: Answer['next'][] = [
    {
      id: 'memory',
      remedy: `more memory than ${scaled(room.memory, 'B')} for vnodes, or lower memory limits in the file`,
      vnodesPerHost: density(least.memory),
      evidence: 'declared',
    },
    {
      id: 'cpu',
      remedy: `more cores than ${room.cpu}, or lower cpu limits in the file`,
      vnodesPerHost: density(least.cpu),
      evidence: 'declared',
    },
    { ...answer.binding, vnodesPerHost: Math.min(answer.binding.vnodesPerHost, room.vnodes) },
  ];
  return limits.filter(({ vnodesPerHost }) => vnodesPerHost < 1e9).sort((a, b) => a.vnodesPerHost - b.vnodesPerHost);
}

/** `document`: the plan of the lab's scenario. @throws InputError when more than one kind of host is asked about. */
export function labPlan(lab: Lab, request: PlanRequest, document: PlanDocument): PlanDocument {
  const [asked, another] = request.hosts;
  if (!asked || another) throw new InputError('--host', 'one host for a containerlab file', 'several');
  const host = resolveHost(asked.profile, asked.technology, request.scenario.limits);
  const { kernelPerContainer, processesPerContainer } = host.memory;
  // A limit is taken as what a vnode needs: who sets it wants it to be had.
  const items = lab.vnodes.map(({ memory, cpu }) => ({
    memory: (memory ?? processesPerContainer) + kernelPerContainer,
    cpu: cpu ?? 0,
  }));
  const room = {
    memory: host.memoryBytes - host.memory.host,
    cpu: host.cores,
    vnodes: document.answer.vnodesPerHost.value,
  };
  const { hosts, tooLarge } = packed(items, room);
  const [binding = document.answer.binding, next = document.answer.next] = limitsOf(items, room, document);
  const least = Math.max(...Object.values(leastHosts(items, room)));
  const most = Math.max(0, ...hosts.map((on) => on.length));
  const fits = tooLarge.length === 0 && hosts.length > 0;
  const sum = (on: readonly number[], of: (item: Item) => number) =>
    on.reduce((total, i) => total + of(items[i] as Item), 0);
  return {
    ...document,
    fits,
    warnings: [...document.warnings, ...preflight(lab, tooLarge, room)],
    answer: {
      ...document.answer,
      hosts: fits
        ? { value: hosts.length, low: least, high: Math.max(hosts.length, document.answer.hosts.high) }
        : { value: 0, low: 0, high: 0 },
      vnodesPerHost: fits
        ? { value: most, low: Math.min(most, document.answer.vnodesPerHost.low), high: most }
        : { value: 0, low: 0, high: 0 },
      binding,
      next,
    },
    resources: {
      ...document.resources,
      memory: host.memory.host + Math.max(0, ...hosts.map((on) => sum(on, ({ memory }) => memory))),
    },
    lab: {
      name: lab.name,
      vnodes: lab.vnodes.map(({ name, kind, image, memory, cpu }) => ({ name, kind, image, memory, cpu })),
      links: lab.links.map((ends) => ends.map(({ vnode, interface: port }) => `${vnode}:${port}`)),
      hosts: hosts.map((on) => ({
        vnodes: on.map((i) => lab.vnodes[i]?.name ?? ''),
        memory: sum(on, ({ memory }) => memory),
        cpu: sum(on, ({ cpu }) => cpu),
      })),
    },
  };
}

function preflight(lab: Lab, tooLarge: readonly number[], room: Room): string[] {
  const lines = tooLarge.map((i) => {
    const { place, name, memory, cpu } = lab.vnodes[i] as Lab['vnodes'][number];
    const asks =
      memory !== null && memory > room.memory
        ? `${scaled(memory, 'B')} of memory, a host has ${scaled(room.memory, 'B')}`
        : `${cpu} cores, a host has ${room.cpu}`;
    return `${place}: ${name} fits on no host: it asks for ${asks}`;
  });
  const silent = (of: 'memory' | 'cpu') => lab.vnodes.filter((vnode) => vnode[of] === null).length;
  if (silent('memory') > 0)
    lines.push(
      `${count(silent('memory'))} of ${plural(lab.vnodes.length, 'vnode')} declare no memory: an idle container is assumed`,
    );
  if (silent('cpu') > 0)
    lines.push(
      `${count(silent('cpu'))} of ${plural(lab.vnodes.length, 'vnode')} declare no cpu: what they do is not counted`,
    );
  return lines;
}
