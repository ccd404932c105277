// What changes while an emulation runs: links get other qualities, fail and come back; vnodes are cut off. Applied at
// their times of the run's own clock.

import { setTimeout as pause } from 'node:timers/promises';
import {
  accessRateAt,
  type Change,
  changesAt,
  changesOf,
  InputError,
  momentsOf,
  pipesOf,
  qualityAt,
  Routing,
  sameTarget,
  worksAt,
} from '../models/index.js';
import { hostInterface, pipeInterface } from './names.js';
import { insideRange, insideVnodeNetwork } from './namespace.js';
import { routerRoutes, setLink } from './network.js';
import type { Range, Vnode } from './range.js';
import { reshapeAccess, shapePipe } from './shaping.js';
import type { Command } from './shell.js';
import type { RunClock } from './workloads/index.js';

/** Everything lives on the one host there is. */
const HOST = 0;

/** Makes the scenario's changes until the last one is made or the run is over. */
export async function conductChanges(range: Range, clock: RunClock, signal: AbortSignal): Promise<void> {
  const { changes = [] } = range.scenario;
  const routing = range.plan.routed ? new Routing(range.plan.routed.network) : undefined;
  for (const moment of momentsOf(changes)) {
    const wait = moment / 1e9 - clock.now();
    try {
      if (wait > 0) await pause(wait * 1000, undefined, { signal });
    } catch {
      return;
    }
    if (signal.aborted) return;
    for (const change of changesAt(changes, moment))
      if (change.link) await renewLink(range, routing as Routing, change, change.link, moment);
      else for (const vnode of vnodesOf(range, change)) await renewVnode(range, vnode, moment);
  }
}

function vnodesOf({ vnodes }: Range, change: Change): Vnode[] {
  const found = vnodes.filter(({ name }) =>
    change.vnode === undefined ? change.host === HOST + 1 : name === change.vnode,
  );
  if (found.length > 0) return found;
  throw new InputError('scenario.changes', 'host 1: an emulation has one host', `host ${change.host}`);
}

async function renewLink(
  { scenario, plan, routers, run, shell }: Range,
  routing: Routing,
  change: Change,
  ends: readonly [string, string],
  moment: number,
): Promise<void> {
  if (!plan.routed) throw new Error('a link changes where there are no routers');
  const { pipes, network } = plan.routed;
  const own = sameTarget(scenario.changes ?? [], change);
  const works = worksAt(own, moment);
  const changed = pipesOf(network, ends).flatMap((pipe) => pipes.filter((one) => one.pipe === pipe));
  const rerouted = changed.some(({ pipe }) => routing.works(pipe) !== works);
  for (const pipe of changed) {
    routing.mend(pipe.pipe, works);
    const init = routers[pipe.from]?.init as number;
    const inside = (command: Command) => shell.run(insideVnodeNetwork(init, command));
    if (rerouted) await inside(setLink(pipeInterface(run, pipe.pipe), works));
    const shape = shapePipe(run, pipe, scenario, qualityAt(pipe.quality, own, moment), 'change');
    if (shape) await inside(shape);
  }
  // With its last route a link that goes down takes those over it along.
  if (rerouted)
    await Promise.all(
      routers.map((router) => shell.run(insideVnodeNetwork(router.init, routerRoutes(run, router, plan, routing)))),
    );
}

async function renewVnode(range: Range, vnode: Vnode, moment: number): Promise<void> {
  const { scenario, run, shell } = range;
  const own = changesOf(scenario.changes ?? [], vnode.name, HOST);
  if (own.some(({ fails }) => fails))
    await shell.run(insideRange(run, setLink(hostInterface(run, vnode.index), worksAt(own, moment))));
  for (const side of ['up', 'down'] as const) {
    if (!own.some((change) => change[side] !== undefined)) continue;
    const base = vnode.access ? finite(vnode.access[side].rate) : scenario.link[side];
    const rate = accessRateAt(base, side, own, moment);
    const shape = rate === 'unshaped' ? null : reshapeAccess(run, vnode, scenario, side, rate);
    if (shape) await shell.run(side === 'up' ? insideVnodeNetwork(vnode.init, shape) : insideRange(run, shape));
  }
}

const finite = (rate: number): number | 'unshaped' => (Number.isFinite(rate) ? rate : 'unshaped');
