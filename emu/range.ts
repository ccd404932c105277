// A range that is up: its namespace, bridges and containers, wired, shaped and read back.

import { closeSync, openSync } from 'node:fs';
import { Routing, type Scenario } from '../models/index.js';
import { CannotRun } from './cannot-run.js';
import type { Capabilities } from './capabilities.js';
import { cgroupProcesses } from './cgroup.js';
import { layOutContainer, type SharedPath, startContainer } from './container.js';
import type { Journal } from './journal.js';
import { cgroupName, containerName, hostInterface, type RunId, vnodeInterface } from './names.js';
import { createNamespace, holder, insideRange, insideVnodeNetwork, ownSocketTables, withoutIpv6 } from './namespace.js';
import {
  attachHostEnds,
  configureLinks,
  configureRouter,
  configureVnode,
  createBridges,
  createLinks,
  endsOf,
  forwarding,
  pinnedCongestionControl,
  readRoute,
  routerRoutes,
} from './network.js';
import { namespaceFile, type VnodePlaces, vnodePlaces } from './places.js';
import type { PlannedContainer, PlannedRouter, PlannedVnode, RangePlan, RouterPlan } from './range-plan.js';
import {
  readShapers,
  type ShaperState,
  shapeHostEnds,
  shapePipe,
  shaperStates,
  shapeVnode,
  withoutSuperPackets,
} from './shaping.js';
import { type Command, inParallel, type Running, type Shell } from './shell.js';
import { ownTables } from './sockets.js';
import { applySettings, settings } from './sysctl.js';

/** Where a range is built: on this machine, or on paper for a dry run. */
export interface Site {
  readonly run: RunId;
  readonly shell: Shell;
  readonly journal: Journal;
  prepareNamespace(): void;
  changeSettings(scenario: Scenario): void;
  layOut(container: PlannedContainer, scenario: Scenario, shared: readonly SharedPath[]): VnodePlaces;
  /** Process id of the container's init, as this machine sees it. */
  initOf(container: PlannedContainer): number;
}

export function hostSite(run: RunId, shell: Shell, journal: Journal, capabilities: Capabilities): Site {
  return {
    run,
    shell,
    journal,
    prepareNamespace: () => closeSync(openSync(namespaceFile(run), 'w', 0o600)),
    changeSettings: (scenario) => applySettings(settings(scenario), journal),
    layOut: (container, scenario, shared) => layOutContainer(run, container, scenario, shared, capabilities.cgroups),
    initOf(vnode) {
      const [init] = cgroupProcesses(capabilities.cgroups, cgroupName(run, vnode.name, 'payload'));
      if (init === undefined) throw new CannotRun(`the container of ${vnode.name} ended as soon as it had started`);
      return init;
    },
  };
}

/** Tells what would be done; `tell` gets one line a step. */
export function paperSite(run: RunId, shell: Shell, tell: (line: string) => void): Site {
  return {
    run,
    shell,
    journal: { run, note: () => {} },
    prepareNamespace: () => tell(`touch ${namespaceFile(run)}`),
    changeSettings(scenario) {
      for (const { key, value } of settings(scenario)) tell(`sysctl -w ${key.replaceAll('/', '.')}=${value}`);
    },
    layOut(vnode) {
      const places = vnodePlaces(run, containerName(run, vnode.name), vnode.name);
      tell(`write ${places.config} and ${places.root}/`);
      return places;
    },
    initOf: () => 0,
  };
}

export interface Vnode extends PlannedVnode {
  readonly init: number;
  readonly places: VnodePlaces;
  /** Seconds from its first command to its last. */
  readonly setupSeconds: number;
}

/** A router that is up. */
export interface Router extends PlannedRouter {
  readonly init: number;
}

export interface Range {
  readonly run: RunId;
  readonly scenario: Scenario;
  readonly plan: RangePlan;
  readonly vnodes: readonly Vnode[];
  readonly routers: readonly Router[];
  readonly shell: Shell;
  readonly site: Site;
  /** Sits in the range's namespace, so that /proc shows its interfaces. */
  readonly holder: Running;
  readonly setupSeconds: number;
  readonly atOnce: number;
  /** Congestion control of every vnode's route, as the kernel reports it. */
  readonly congestionControl: string;
  /** Aborted when the run is given up. */
  readonly signal: AbortSignal;
  /** What a reader of the record should know of how it went. */
  readonly remarks: string[];
}

export interface DeployOptions {
  /** Containers started at the same time. */
  readonly atOnce: number;
  /** What a vnode sees of the host besides the base system. */
  readonly shared: (vnode: PlannedVnode) => readonly SharedPath[];
  readonly onUp: (up: number, all: number) => void;
  readonly signal: AbortSignal;
}

/** @throws CannotRun or CommandFailed; what was created by then is in the journal. */
export async function deploy(site: Site, scenario: Scenario, plan: RangePlan, options: DeployOptions): Promise<Range> {
  const { run, shell, journal } = site;
  const begun = performance.now();
  site.changeSettings(scenario);
  journal.note({ kind: 'namespace', file: namespaceFile(run) });
  site.prepareNamespace();
  await shell.run(createNamespace(run));
  await shell.run(withoutIpv6(run));
  // What iperf3's servers have not read is looked up while they are busy. Swarms keep the kernel's table: of a small one
  // follow small limits of waiting connections.
  if (scenario.workload.kind === 'pairs' && ownTables()) await shell.run(ownSocketTables(run));
  await shell.run(insideRange(run, createBridges(run, plan, scenario)));
  const holding = shell.start(holder(run));
  const start = async (container: PlannedContainer, shared: readonly SharedPath[]) => {
    options.signal.throwIfAborted();
    journal.note({ kind: 'container', vnode: container.name, address: container.address });
    const places = site.layOut(container, scenario, shared);
    await shell.run(startContainer(run, container.name));
    return { places, init: site.initOf(container) };
  };
  const vnodes: Vnode[] = new Array(plan.vnodes.length);
  let up = 0;
  await inParallel(plan.vnodes, options.atOnce, async (vnode, index) => {
    const from = performance.now();
    const { places, init } = await start(vnode, options.shared(vnode));
    const inside = (command: Command) => shell.run(insideVnodeNetwork(init, command));
    await inside(configureVnode(run, vnode, plan, scenario));
    const shape = shapeVnode(run, vnode, scenario);
    if (shape) await inside(shape);
    if (!scenario.network.gso) await inside(withoutSuperPackets(vnodeInterface(run, vnode.index)));
    vnodes[index] = { ...vnode, init, places, setupSeconds: (performance.now() - from) / 1000 };
    options.onUp(++up, plan.vnodes.length);
  });
  const routers: Router[] = [];
  await inParallel(plan.routed?.routers ?? [], options.atOnce, async (router, index) => {
    routers[index] = { ...router, init: (await start(router, [])).init };
  });
  if (plan.routed) await joinRouters(site, scenario, plan, plan.routed, routers);
  await shell.run(insideRange(run, attachHostEnds(run, plan)));
  const shapers = shapeHostEnds(run, plan, scenario);
  if (shapers) await shell.run(insideRange(run, shapers));
  if (!scenario.network.gso)
    for (const { index } of [...plan.vnodes, ...routers])
      await shell.run(insideRange(run, withoutSuperPackets(hostInterface(run, index))));
  const congestionControl = await readBackCongestionControl(shell, vnodes, scenario, options.atOnce);
  const setupSeconds = (performance.now() - begun) / 1000;
  return {
    run,
    scenario,
    plan,
    vnodes,
    routers,
    shell,
    site,
    holder: holding,
    setupSeconds,
    atOnce: options.atOnce,
    congestionControl,
    signal: options.signal,
    remarks: [],
  };
}

/** Links between the routers, shaped, and the ways over them. */
async function joinRouters(
  { run, shell }: Site,
  scenario: Scenario,
  plan: RangePlan,
  routed: RouterPlan,
  routers: readonly Router[],
): Promise<void> {
  if (routed.pipes.length > 0) {
    const inits = routers.map(({ init }) => init);
    await shell.run(insideRange(run, createLinks(run, routed, inits)));
  }
  const routing = new Routing(routed.network);
  for (const [index, router] of routers.entries()) {
    const inside = (command: Command) => shell.run(insideVnodeNetwork(router.init, command));
    await inside(forwarding());
    await inside(configureRouter(run, router, plan));
    await inside(configureLinks(run, index, routed, scenario.network.mtu));
    for (const pipe of routed.pipes) {
      const shape = pipe.from === index ? shapePipe(run, pipe, scenario) : null;
      if (shape) await inside(shape);
    }
    await inside(routerRoutes(run, router, plan, routing));
    if (scenario.network.gso) continue;
    for (const device of [vnodeInterface(run, router.index), ...endsOf(run, routed, index).map((end) => end.device)])
      await inside(withoutSuperPackets(device));
  }
}

/** Machines whose default is another algorithm would otherwise give another experiment without a word. */
async function readBackCongestionControl(
  shell: Shell,
  vnodes: readonly Vnode[],
  scenario: Scenario,
  atOnce: number,
): Promise<string> {
  await inParallel(vnodes, atOnce, async (vnode) => {
    const { stdout } = await shell.run(insideVnodeNetwork(vnode.init, readRoute()));
    const got = stdout === '' ? scenario.tcp : pinnedCongestionControl(stdout);
    if (got !== scenario.tcp)
      throw new CannotRun(`${vnode.name} has congestion control ${got ?? 'unset'}, not ${scenario.tcp}`);
  });
  return scenario.tcp;
}

/** Token buckets of the whole range as the kernel has them: the host's ends, then each vnode's. */
export async function readAllShapers(range: Range): Promise<ReadonlyMap<string, ShaperState>> {
  const states = new Map<string, ShaperState>();
  const keep = (json: string) => {
    for (const state of shaperStates(json)) states.set(state.device, state);
  };
  keep((await range.shell.run(insideRange(range.run, readShapers()))).stdout);
  if (range.plan.routed || range.scenario.link.up !== 'unshaped')
    await inParallel([...range.vnodes, ...range.routers], range.atOnce, async ({ init }) => {
      keep((await range.shell.run(insideVnodeNetwork(init, readShapers()))).stdout);
    });
  return states;
}
