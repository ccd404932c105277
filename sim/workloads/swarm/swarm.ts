// The swarm workload: BitTorrent clients on the vnodes of a range, as an application over streams.

import { cached, clientMemory, exponential, MessageType, pieceBytes } from '../../../models/index.js';
import type { EventHandler } from '../../simulator.js';
import type { Application, StreamEvents, Tasks } from '../../transport.js';
import { Acquaintance } from './acquaintance.js';
import { Half, Input } from './connections.js';
import { Conversation } from './conversation.js';
import type { SwarmSetting } from './directory.js';
import { Downloading } from './downloading.js';
import { Mesh } from './mesh.js';
import { Due, type Peer } from './peer.js';
import { Uploading } from './uploading.js';

/** Timers of a peer; an event's element is `peer * TIMERS + timer`. */
const Timer = { start: 0, choke: 1, announce: 2, dial: 3, have: 4, tick: 5, giveUp: 6, leave: 7 } as const;
const TIMERS = 8;
/** Seeders and tracker are up this long (ns) before the first leecher starts. */
const LEAD = 1e9;
const SECOND = 1e9;

/** What one vnode of a swarm has done so far. Times in ns of virtual time, -1: not yet; bytes of file data. */
export interface SwarmResult {
  readonly role: Peer['role'];
  readonly startedAt: number;
  readonly completedAt: number;
  readonly leftAt: number;
  /** Repeated blocks included; `redundant` of what was received was there already. */
  readonly sent: number;
  readonly received: number;
  readonly redundant: number;
  readonly held: number;
  /** When it had 1/32, 2/32, ... of the file; as many as it reached. */
  readonly milestones: readonly number[];
  readonly connections: number;
  readonly peakConnections: number;
}

export class Swarm implements StreamEvents, Application, EventHandler {
  readonly mesh: Mesh;
  private readonly downloading: Downloading;
  private readonly uploading: Uploading;
  private readonly acquaintance: Acquaintance;
  private readonly conversation: Conversation;
  private readonly tasks: Tasks;
  private readonly kind: number;
  /** Kind of the event after which idle connections are asked again; -1: the client does so at once. */
  private readonly retryKind: number;
  /** Member of each vnode; -1: none. */
  private readonly memberOf: Int32Array;

  constructor(private readonly setting: SwarmSetting) {
    this.mesh = new Mesh(setting);
    this.downloading = new Downloading(this.mesh);
    this.uploading = new Uploading(this.mesh);
    this.acquaintance = new Acquaintance(this.mesh, this.downloading, this.uploading, setting);
    this.conversation = new Conversation(this.mesh, this.downloading, this.uploading, this.acquaintance);
    this.tasks = setting.tasks;
    this.kind = setting.simulator.register(this);
    const retries = setting.client.idleRetry !== 'at once';
    this.retryKind = retries ? setting.simulator.register({ handle: (index) => this.retryDue(index) }) : -1;
    this.memberOf = new Int32Array(Math.max(...setting.members.map((member) => member.vnode)) + 1).fill(-1);
    setting.members.forEach((member, index) => {
      this.memberOf[member.vnode] = index;
    });
  }

  /** Schedules everyone's start: tracker and seeders now, leechers over the workload's `start`, sessions when they say. */
  start(): void {
    const { peers, simulator } = this.mesh;
    const { workload } = this.setting;
    const leechers = this.mesh.unfinished;
    const random = workload.churn?.arrivals === 'poisson' ? this.setting.random('arrivals') : undefined;
    let leecher = 0;
    let arrival = 0;
    for (const peer of peers) {
      let wait = 0;
      if (peer.role === 'leecher') {
        wait = LEAD + Math.floor(random ? arrival : (workload.start * leecher) / leechers);
        if (random) arrival += exponential(random) * (workload.start / leechers);
        leecher++;
      }
      const { from, until } = peer.session ?? {};
      this.schedule(peer, Timer.start, simulator.now + (from ?? wait));
      if (until !== undefined) this.schedule(peer, Timer.leave, until);
    }
  }

  /** File bytes that all peers have so far. */
  get payloadHeldTotal(): number {
    return this.mesh.held;
  }

  /** Leechers that do not have everything yet, and may still get it; those that left without, or were lost. */
  get unfinished(): number {
    return this.mesh.unfinished;
  }

  get abandoned(): number {
    return this.mesh.abandoned;
  }

  /** @throws when the vnode is no member. */
  result(vnode: number): SwarmResult {
    const peer = this.peerAt(vnode);
    const { role, launchedAt, completedAt, leftAt, sent, received, redundant, held, milestones } = peer;
    const { connections, peakConnections } = peer;
    return {
      role,
      startedAt: launchedAt,
      completedAt,
      leftAt,
      sent,
      received,
      redundant,
      held,
      milestones,
      connections,
      peakConnections,
    };
  }

  /** Bytes of memory that the vnode's client takes now; 0 before its start and for the tracker's small process. */
  memory(vnode: number): number {
    const peer = this.peerAt(vnode);
    if (peer.role === 'tracker' || peer.startedAt < 0 || peer.left) return 0;
    const transferring = !peer.complete || peer.regular + peer.optimistic > 0;
    const { client, workload } = this.setting;
    // Too little by the last piece being shorter, once that is whole.
    const begun = peer.complete ? 0 : Math.max(0, peer.held - peer.pieces * workload.piece);
    return clientMemory(this.clientOf(peer), peer.connections, transferring ? cached(client, workload.file, begun) : 0);
  }

  /** What the client takes on the peer's host. */
  private clientOf(peer: Peer) {
    return this.setting.clients?.[peer.host] ?? this.setting.client;
  }

  opened(endpoint: number): void {
    if (this.mesh.connections.at(endpoint) < 0) this.mesh.streams.close(endpoint);
    else this.input(endpoint, Input.opened);
  }

  readableNow(endpoint: number): void {
    this.input(endpoint, Input.readable);
  }

  writableNow(endpoint: number): void {
    this.input(endpoint, Input.writable);
  }

  closed(endpoint: number): void {
    this.input(endpoint, Input.closed);
  }

  /** The host lost this vnode. */
  lose(vnode: number): void {
    const peer = this.peerAt(vnode);
    if (!peer.left) this.giveUp(peer);
  }

  /** A timer of a peer. */
  handle(element: number): void {
    const { simulator, client, peers } = this.mesh;
    const timer = element % TIMERS;
    const peer = peers[(element - timer) / TIMERS];
    if (peer.left) return;
    if (timer === Timer.tick) {
      this.mesh.work(peer, client.tickWork);
      this.schedule(peer, Timer.tick, simulator.now + Math.floor(SECOND / client.ticksPerSecond));
    } else peer.due |= 1 << timer;
    if (timer === Timer.start) {
      peer.launchedAt = simulator.now;
      if (peer.role !== 'tracker' && peer.costs) peer.owed += this.clientOf(peer).startWork;
    }
    this.wake(peer);
  }

  begin(vnode: number): number {
    const peer = this.peerAt(vnode);
    const { connections, client, streams } = this.mesh;
    const { costs } = peer;
    if (peer.inputHead >= 0) {
      if (peer.workHead < 0) peer.workHead = peer.inputHead;
      else connections.nextInput[peer.workTail] = peer.inputHead;
      peer.workTail = peer.inputTail;
      peer.inputHead = -1;
    }
    if (peer.unhashed.length > 0) this.startHashing(peer);
    if (!costs) return 0;
    let bytes = 0;
    let reads = 0;
    for (let half = peer.workHead; half >= 0; half = connections.nextInput[half]) {
      if ((connections.input[half] & Input.readable) === 0) continue;
      reads++;
      bytes += streams.readable(connections.endpoint[half]);
    }
    peer.charged += bytes;
    const work =
      peer.owed + reads * costs.systemCall + bytes * (costs.copyPerByte + client.perByte / costs.applicationSpeed);
    peer.owed = 0;
    return Math.round(peer.role === 'tracker' ? work * (this.setting.announceWeight ?? 1) : work);
  }

  finish(vnode: number): boolean {
    const peer = this.peerAt(vnode);
    const { mesh } = this;
    const { connections } = mesh;
    while (peer.workHead >= 0) {
      const half = peer.workHead;
      const next = connections.nextInput[half];
      peer.workHead = half === peer.workTail ? -1 : next;
      const input = connections.input[half];
      connections.input[half] = 0;
      connections.nextInput[half] = -1;
      if ((connections.flags[half] & Half.done) === 0) this.conversation.react(peer, half, input);
      mesh.bury(half);
    }
    if (peer.hashing.length > 0) this.endHashing(peer);
    if (peer.due !== 0) this.keepTime(peer);
    if (peer.unannounced.length > 0) this.announceDelayed(peer);
    if (peer.idle && !peer.retryTimer && this.retryKind >= 0) {
      peer.retryTimer = true;
      mesh.simulator.schedule(mesh.simulator.now + SECOND, this.retryKind, peer.index);
    }
    if (peer.dirty >= 0) mesh.flush(peer);
    while (this.acquaintance.part()) mesh.flush(peer);
    peer.charged = 0;
    if (peer.inputHead >= 0 || peer.unhashed.length > 0 || peer.due !== 0) return true;
    peer.awake = false;
    return false;
  }

  private retryDue(index: number): void {
    const peer = this.mesh.peers[index];
    if (peer.left) return;
    peer.due |= Due.retry;
    this.wake(peer);
  }

  private startHashing(peer: Peer): void {
    for (const piece of peer.unhashed) {
      peer.hashing.push(piece);
      this.mesh.work(peer, pieceBytes(this.mesh.torrent, piece) * this.mesh.client.hashPerByte);
    }
    peer.unhashed.length = 0;
  }

  private endHashing(peer: Peer): void {
    if (!peer.left) for (const piece of peer.hashing) if (this.downloading.verified(peer, piece)) this.complete(peer);
    peer.hashing.length = 0;
  }

  private input(endpoint: number, what: number): void {
    const { connections } = this.mesh;
    const half = connections.at(endpoint);
    if (half < 0 || (connections.flags[half] & Half.done) !== 0) return;
    const peer = this.mesh.peers[connections.member[half]];
    if (connections.input[half] === 0) {
      if (peer.inputHead < 0) peer.inputHead = half;
      else connections.nextInput[peer.inputTail] = half;
      peer.inputTail = half;
    }
    connections.input[half] |= what;
    this.wake(peer);
  }

  private wake(peer: Peer): void {
    if (peer.awake) return;
    peer.awake = true;
    this.tasks.wake(peer.vnode);
  }

  private keepTime(peer: Peer): void {
    const { mesh } = this;
    const { simulator, client } = mesh;
    const due = peer.due;
    peer.due = 0;
    if (peer.left) return;
    if ((due & Due.leave) !== 0 || ((due & Due.giveUp) !== 0 && !peer.complete)) {
      this.leave(peer);
      return;
    }
    if ((due & Due.start) !== 0) this.startPeer(peer);
    if ((due & Due.choke) !== 0) {
      this.downloading.noteSnubs(peer);
      if (simulator.now >= peer.lastRound + client.chokeInterval) this.uploading.round(peer);
      this.downloading.askIdle(peer);
      this.keepAlive(peer);
      this.schedule(peer, Timer.choke, peer.lastRound + client.chokeInterval);
    }
    if ((due & Due.announce) !== 0) {
      this.acquaintance.announce(peer);
      this.schedule(peer, Timer.announce, simulator.now + client.announceInterval);
    }
    if ((due & Due.answered) !== 0) this.dialFirst(peer);
    if ((due & Due.dial) !== 0) {
      peer.dialling = false;
      this.dial(peer);
    }
    if ((due & Due.have) !== 0) peer.haveTimer = false;
    if ((due & Due.retry) !== 0) {
      peer.retryTimer = false;
      this.downloading.retry(peer);
    }
  }

  private startPeer(peer: Peer): void {
    const { simulator, client } = this.mesh;
    peer.startedAt = simulator.now;
    if (peer.role === 'tracker') return;
    if (peer.role === 'seeder') peer.completedAt = simulator.now;
    const { patience } = this.setting.workload.churn ?? {};
    if (patience !== undefined && peer.role === 'leecher' && peer.session?.until === undefined)
      this.schedule(peer, Timer.giveUp, simulator.now + Math.round(exponential(peer.random) * patience));
    this.acquaintance.announce(peer);
    this.schedule(peer, Timer.announce, simulator.now + client.announceInterval);
    // Rounds of different peers do not fall together; where each one puts off the next, its start sets them apart.
    const part = client.betweenRounds === 'round' ? 1 : peer.random.uniform();
    this.schedule(peer, Timer.choke, simulator.now + Math.floor(part * client.chokeInterval));
    if (peer.costs && client.ticksPerSecond > 0) this.schedule(peer, Timer.tick, simulator.now);
  }

  private dialFirst(peer: Peer): void {
    const { simulator, client } = this.mesh;
    if (client.dialDelay === 0) this.dial(peer);
    else {
      peer.dialling = true;
      this.schedule(peer, Timer.dial, simulator.now + client.dialDelay);
    }
  }

  private dial(peer: Peer): void {
    if (peer.dialling || !this.acquaintance.dialNext(peer)) return;
    peer.dialling = true;
    const { simulator, client } = this.mesh;
    this.schedule(peer, Timer.dial, simulator.now + Math.floor(SECOND / client.connectsPerSecond));
  }

  private keepAlive(peer: Peer): void {
    const { connections, simulator, client } = this.mesh;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if ((connections.flags[half] & Half.ready) === 0) continue;
      if (simulator.now - connections.lastSent[half] < client.keepAliveInterval) continue;
      this.mesh.send(peer, half, MessageType.keepAlive, 0);
    }
  }

  private complete(peer: Peer): void {
    this.acquaintance.completed(peer);
    if (this.mesh.unfinished === 0) this.setting.finished?.();
    const { seeding } = this.setting.workload.churn ?? {};
    if (seeding === undefined || peer.session?.until !== undefined) return;
    this.schedule(peer, Timer.leave, this.mesh.simulator.now + Math.round(exponential(peer.random) * seeding));
  }

  /** Its connections close with the end of its work; others' segments that come later find nobody. */
  private leave(peer: Peer): void {
    const { mesh } = this;
    peer.leftAt = mesh.simulator.now;
    this.acquaintance.depart(peer);
    peer.unhashed.length = 0;
    peer.unannounced.length = 0;
    this.giveUp(peer);
  }

  /** Nobody waits for it any more. */
  private giveUp(peer: Peer): void {
    const { mesh } = this;
    if (peer.role !== 'leecher' || peer.complete) return;
    mesh.unfinished--;
    mesh.abandoned++;
    if (mesh.unfinished === 0) this.setting.finished?.();
  }

  /** Clients that hold `have` back send it in batches. */
  private announceDelayed(peer: Peer): void {
    const { client, simulator } = this.mesh;
    const next = peer.lastHave + client.haveDelay;
    if (simulator.now >= next || peer.unannounced.length >= client.haveBatch) {
      for (const piece of peer.unannounced) this.downloading.tell(peer, piece);
      peer.unannounced.length = 0;
      peer.lastHave = simulator.now;
    } else if (!peer.haveTimer) {
      peer.haveTimer = true;
      this.schedule(peer, Timer.have, next);
    }
  }

  private schedule(peer: Peer, timer: number, time: number): void {
    this.mesh.simulator.schedule(time, this.kind, peer.index * TIMERS + timer);
  }

  private peerAt(vnode: number): Peer {
    const member = this.memberOf[vnode];
    if (member === undefined || member < 0) throw new Error(`vnode ${vnode} is no member of the swarm`);
    return this.mesh.peers[member];
  }
}
