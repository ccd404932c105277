// What a technology costs on a host, per vnode and per packet, and why it holds fewer vnodes than another one does.

import { diskUse, type Host, setupTime, technologies } from '../../models/index.js';
import { scaled, time } from '../wording.js';
import { dataPerVnode, memoryPerVnode } from './closed-form.js';
import type { ConstraintId } from './constraint.js';
import type { Question } from './question.js';

/** Bytes a vnode, ns of CPU for one full-size packet from socket to socket, seconds to set one host up. */
export interface TechnologyFacts {
  readonly memoryPerVnode: number;
  readonly diskPerVnode: number;
  readonly packetNanoseconds: number;
  readonly setupSeconds: number;
}

/** Ethernet's payload: what a full packet is. */
const FULL_PACKET = 1500;

export function technologyFacts(question: Question, host: Host, planned: number): TechnologyFacts {
  const { transmitPerPacket, forwardPerPacket, receivePerPacket, packetPerByte, copyPerByte } = host.cpu;
  const data = dataPerVnode(question.scenario.workload);
  return {
    memoryPerVnode: memoryPerVnode(host, question),
    diskPerVnode: (diskUse(host, 2, 2 * data).total - host.disk.base) / 2,
    packetNanoseconds:
      transmitPerPacket + forwardPerPacket + receivePerPacket + (packetPerByte + 2 * copyPerByte) * FULL_PACKET,
    setupSeconds: setupTime(host, planned) / 1e9,
  };
}

export interface TechnologyAnswer extends TechnologyFacts {
  readonly host: Host;
  readonly planned: number;
  readonly binding: ConstraintId;
}

const times = (value: number, other: number): string =>
  other > 0 && value > 1.05 * other ? `, ${Number((value / other).toPrecision(2))} times that of` : ', about that of';

/** One clause: what ends this technology's density, beside the one that holds the most vnodes. */
export function whyFewer(answer: TechnologyAnswer, best: TechnologyAnswer): string {
  const own = technologies[answer.host.technology];
  const { title } = technologies[best.host.technology];
  const against = (value: number, other: number) => (answer === best ? '' : `${times(value, other)} ${title}`);
  const { memoryPerVnode: memory, diskPerVnode: disk, packetNanoseconds: packet } = answer;
  switch (answer.binding) {
    case 'memory':
      return `${scaled(memory, 'B')} of memory a vnode${against(memory, best.memoryPerVnode)}: ${own.memory}`;
    case 'disk':
    case 'disk-rate':
      return `${scaled(disk, 'B')} of disk a vnode${against(disk, best.diskPerVnode)}: ${own.files}`;
    case 'cpu':
      return `${(packet / 1000).toFixed(1)} us of CPU a packet${against(packet, best.packetNanoseconds)}: ${own.packets}`;
    case 'range':
      return 'nothing binds up to far more than was asked for';
    default:
      return `${answer.binding} ends it, a ceiling of the ${answer.host.kernel.title} kernel`;
  }
}

/** What it takes until the first packet: seldom what binds, and often what hurts. */
export const setupWords = ({ host, setupSeconds }: TechnologyAnswer): string =>
  `${time(setupSeconds)} to set a host up: ${technologies[host.technology].setup}`;
