// A swarm of real clients: opentracker, seeders that have the file, leechers that start evenly over the workload's time.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario, SwarmWorkload } from '../../models/index.js';
import { announceUrl, type ClientProgress, opentracker, swarmClient, TRACKER_PORT } from '../clients/index.js';
import type { SharedPath } from '../container.js';
import type { Range, Vnode } from '../range.js';
import type { RangePlan } from '../range-plan.js';
import { inParallel } from '../shell.js';
import { CONTENT_NAME, type Torrent, writeTorrent } from '../torrent.js';
import { attachTo, launchIn, programsOf } from '../vnode-programs.js';
import { nothingHappened, type RunClock, untilListening, type VnodeOutcome, type Workload } from './workload.js';

/** Seeders and tracker are up this long before the first leecher starts, seconds; the simulator's lead. */
const LEAD = 1;
/** Tenths of a second that a client gets to end. */
const LAST_WORDS = 50;

export function swarm(scenario: Scenario, workload: SwarmWorkload, plan: RangePlan, seed: string): Workload {
  const client = swarmClient(workload.client);
  const tracker = plan.vnodes.find(({ role }) => role === 'tracker') as RangePlan['vnodes'][number];
  const task = (vnode: { role: string; address: string }) => ({
    seeder: vnode.role === 'seeder',
    address: vnode.address,
  });
  const startedAt = new Map<number, number>();
  const known = new Map<number, ClientProgress>();
  let torrent: Torrent;
  let range: Range;
  let clock: RunClock;
  const dataOf = (vnode: Vnode) => join(vnode.places.root, 'data');
  const leechers = () => range.vnodes.filter(({ role }) => role === 'leecher');
  const launchClient = (vnode: Vnode) => {
    for (const file of client.files(task(vnode))) writeFileSync(join(dataOf(vnode), file.name), file.content);
    return launchIn(range, vnode, client.command(task(vnode)));
  };
  /** Reads what the client wrote since; a client that has not written yet is where it was. */
  const update = (vnode: Vnode): ClientProgress => {
    const before = known.get(vnode.index) ?? { bytes: 0, completedAt: null };
    try {
      const now = startedAt.has(vnode.index) ? client.progress(dataOf(vnode), workload.file, before) : before;
      known.set(vnode.index, now);
      return now;
    } catch {
      return before;
    }
  };
  const met = new Map<number, Set<string>>();
  const halfWay = () =>
    leechers().reduce((sum, { index }) => sum + (known.get(index)?.bytes ?? 0), 0) >
    (workload.file * leechers().length) / 2;
  const ask = async (vnode: Vnode) => {
    const answer = client.question ? (await attachTo(range, vnode, client.question)).stdout : '';
    const report = client.report(dataOf(vnode), answer);
    for (const address of report?.peers ?? []) met.set(vnode.index, (met.get(vnode.index) ?? new Set()).add(address));
    return report;
  };
  /** What a leecher downloaded in all, of a client that says so when it ends. */
  const partFrom = async (vnode: Vnode, seconds: number): Promise<number | undefined> => {
    const { farewell } = client;
    if (!farewell) return undefined;
    await attachTo(range, vnode, farewell.command);
    const said = () => farewell.downloaded(readFileSync(vnode.places.output, 'utf8'), seconds);
    for (let i = 0; i < LAST_WORDS && said() === undefined; i++) await pause(100);
    return said();
  };
  const askForPeers = () => inParallel(leechers(), 2, async (vnode) => void (await ask(vnode)));
  const done = () => leechers().filter((vnode) => known.get(vnode.index)?.completedAt != null).length;
  return {
    async prepare(folder) {
      torrent = await writeTorrent(folder, seed, workload.file, workload.piece, announceUrl(tracker.address));
    },
    shared(vnode): SharedPath[] {
      if (vnode.role === 'tracker') return [{ host: torrent.whitelist, vnode: 'srv/whitelist', kind: 'file' }];
      const metainfo: SharedPath = { host: torrent.metainfo, vnode: 'srv/content.torrent', kind: 'file' };
      const content: SharedPath = { host: torrent.content, vnode: `data/${CONTENT_NAME}`, kind: 'file' };
      return vnode.role === 'seeder' ? [metainfo, content] : [metainfo];
    },
    async ready(up) {
      range = up;
      const server = up.vnodes[tracker.index] as Vnode;
      await launchIn(up, server, opentracker(server.address));
      await untilListening([server], TRACKER_PORT, 'opentracker');
    },
    async run(up, runClock, signal) {
      clock = runClock;
      await inParallel(
        up.vnodes.filter(({ role }) => role === 'seeder'),
        up.atOnce,
        async (vnode) => {
          startedAt.set(vnode.index, clock.now());
          await launchClient(vnode);
        },
      );
      const first = clock.now() + LEAD;
      const waiting = leechers();
      const spacing = workload.start / 1e9 / waiting.length;
      const deadline = scenario.deadline / 1e9;
      for (const [i, vnode] of waiting.entries()) {
        const wait = first + i * spacing - clock.now();
        if (wait > 0) await pause(wait * 1000, undefined, { signal });
        if (clock.now() > deadline) return;
        startedAt.set(vnode.index, clock.now());
        await launchClient(vnode);
      }
      let asked = false;
      while (done() < waiting.length && clock.now() < deadline) {
        // Clients that are done let go of each other: whom they knew is asked while half of the data is on its way.
        if (!asked && halfWay()) {
          asked = true;
          await askForPeers();
        }
        await pause(Math.min(250, Math.max(1, (deadline - clock.now()) * 1000)), undefined, { signal });
      }
    },
    progress() {
      const perVnode = new Map(leechers().map((vnode) => [vnode.index, update(vnode).bytes]));
      const payloadBytes = [...perVnode.values()].reduce((sum, bytes) => sum + bytes, 0);
      return { payloadBytes, completed: done(), all: leechers().length, perVnode };
    },
    async outcomes(up) {
      const outcomes = new Map<number, VnodeOutcome>();
      await inParallel(up.vnodes, up.atOnce, async (vnode) => {
        if (vnode.role === 'tracker') return void outcomes.set(vnode.index, nothingHappened);
        const report = await ask(vnode);
        const { bytes, completedAt: unix } = update(vnode);
        const started = startedAt.get(vnode.index) ?? null;
        const completedAt = unix === null || vnode.role !== 'leecher' ? null : clock.at(unix);
        const leecher = vnode.role === 'leecher';
        const alive = programsOf(vnode).length > 0;
        const total =
          leecher && alive && started !== null
            ? await partFrom(vnode, (completedAt ?? clock.now()) - started)
            : undefined;
        const goodput =
          leecher && completedAt !== null && started !== null ? (workload.file * 8) / (completedAt - started) : null;
        outcomes.set(vnode.index, {
          ...nothingHappened,
          sent: report?.uploaded ?? 0,
          received: leecher ? Math.max(total ?? 0, report?.downloaded ?? bytes) : 0,
          held: leecher ? bytes : 0,
          startedAt: started,
          completedAt,
          goodput,
          alive,
          connectedTo: [...(met.get(vnode.index) ?? [])],
        });
      });
      return outcomes;
    },
  };
}
