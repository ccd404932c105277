// Between hosts and core machines: each host's packets go in and out by one core, over that core's NIC.

import {
  type Assignment,
  type CoreRecord,
  coreMachines,
  type DistilledNetwork,
  InputError,
  kClusters,
  randomAssignment,
} from '../../models/index.js';
import { randomStream } from '../random.js';
import { type Access, ROLE } from './access.js';
import { type CoreDoor, CoreMachines } from './core-machines.js';
import type { NetworkParts } from './parts.js';
import type { Pipes } from './pipes.js';
import { Routes } from './routes.js';

/** Frames that wait to leave a core's NIC (FreeBSD's ifqmaxlen of the time was 50; drivers of gigabit NICs had 512). */
const OUT_FRAMES = 512;

/** The assignment that a scenario asks for. @throws InputError when one that is given leaves out a link or names no core. */
function assignmentOf(network: DistilledNetwork['network'], { count, assign }: CoresAsked, seed: string): Assignment {
  if (assign === 'random') return randomAssignment(network, count, randomStream(seed, 'assignment'));
  if (assign === 'k-clusters') return kClusters(network, count, randomStream(seed, 'assignment'));
  const wrong = network.pipes.find(({ link }) => !(assign[link] < count));
  if (!wrong) return assign;
  const found = assign[wrong.link] ?? 'nothing';
  throw new InputError(
    'scenario.network.topology.cores.assign',
    `a core below ${count} for link ${wrong.link}`,
    `${found}`,
  );
}

type CoresAsked = NonNullable<NonNullable<NetworkParts['scenario']['network']['topology']>['cores']>;

export class CoreFabric {
  private readonly machines: CoreMachines;
  private readonly nicIn: number[] = [];
  private readonly nicOut: number[] = [];
  /** Per host: its core. */
  private readonly entry: number[];

  constructor(
    private readonly pipes: Pipes,
    access: Access,
    { simulator, packets, endpoints, scenario, hosts, hostOf, seed }: NetworkParts,
    network: DistilledNetwork,
    asked: CoresAsked,
    door: Pick<CoreDoor, 'drop'>,
  ) {
    const { mtu } = scenario.network;
    const machine = coreMachines[asked.machine];
    const assignment = assignmentOf(network.network, asked, seed);
    const nic = { bitsPerSecond: machine.nicRate, burst: 0, delay: machine.switchDelay, loss: 0, tick: 0 };
    const queue = Number.isFinite(machine.nicRate) ? OUT_FRAMES * mtu : Number.POSITIVE_INFINITY;
    for (let core = 0; core < asked.count; core++) {
      // Frames on their way in have waited in the switch already, whose buffers are not the core's.
      this.nicIn.push(access.pipe(pipes.create({ ...nic, delay: 0, queue }), ROLE.coreIn, core));
      this.nicOut.push(access.pipe(pipes.create({ ...nic, queue }), ROLE.coreOut, core));
    }
    this.entry = hosts.map((_, host) => nearestCore(network, assignment, hostOf, host));
    this.machines = new CoreMachines(
      {
        simulator,
        packets,
        network,
        machine,
        assignment,
        mtu,
        seed,
        count: asked.count,
        tick: asked.tick,
        debt: asked.debt,
        routes: new Routes(packets, endpoints, network, true),
        entryOf: (packet) => this.entry[hostOf[endpoints.vnode[packets.endpoint[packet] ^ 1]]],
      },
      {
        drop: (packet, reason) => door.drop(packet, reason),
        emerge: (packet, core) => void this.pipes.enqueue(this.nicOut[core], packet),
      },
    );
  }

  /** From the NIC of a host, through the switch. */
  fromHost(packet: number, host: number): void {
    this.pipes.enqueue(this.nicIn[this.entry[host]], packet);
  }

  /** Through the NIC of a core. */
  arrive(packet: number, core: number): void {
    this.machines.arrive(packet, core);
  }

  refresh(pipes: readonly number[]): void {
    this.machines.refresh(pipes);
  }

  census(): number {
    return this.machines.census();
  }

  record(now: number): CoreRecord[] {
    return this.machines.record(now);
  }
}

/** The core that has most of the links of a host's vnodes. */
function nearestCore(
  network: DistilledNetwork,
  assignment: Assignment,
  hostOf: readonly number[],
  host: number,
): number {
  const links: number[] = [];
  for (const [vnode, on] of hostOf.entries()) {
    if (on !== host) continue;
    const core = assignment[network.network.pipes[network.up[vnode]].link];
    links[core] = (links[core] ?? 0) + 1;
  }
  let nearest = 0;
  for (const [core, count] of links.entries()) if ((count ?? 0) > (links[nearest] ?? 0)) nearest = core;
  return nearest;
}
