// Swarms on plain streams: what a user relies on, whatever the network underneath.

import { describe, expect, it } from 'vitest';
import {
  type ClientProfile,
  clientProfile,
  hasBit,
  MessageType,
  pieceBytes,
  type SwarmWorkload,
} from '../../../models/index.js';
import { Endpoints } from '../../../sim/endpoints.js';
import { randomStream } from '../../../sim/random.js';
import { Simulator } from '../../../sim/simulator.js';
import { Half } from '../../../sim/workloads/swarm/connections.js';
import { type ApplicationCosts, Swarm, type SwarmMember } from '../../../sim/workloads/swarm/index.js';
import type { Peer } from '../../../sim/workloads/swarm/peer.js';
import { InstantTasks, type PlainLink, PlainStreams } from './plain-streams.js';

interface Setting {
  seeders?: number;
  leechers?: number;
  file?: number;
  piece?: number;
  client?: string | ClientProfile;
  up?: number;
  down?: number;
  seed?: string;
  costs?: ApplicationCosts;
  sameNetwork?: (member: number, other: number) => boolean;
  watch?: (swarm: Swarm, simulator: Simulator) => void;
}

function run(setting: Setting) {
  const { seeders = 1, leechers = 1, file = 4_000_000, piece = 65_536, up = 50_000, down = 200_000 } = setting;
  const client = typeof setting.client === 'object' ? setting.client : clientProfile(setting.client ?? 'hrktorrent');
  const simulator = new Simulator();
  const endpoints = new Endpoints();
  const peer: PlainLink = { up, down, delay: 100_000 };
  const tracker: PlainLink = { up: 1e7, down: 1e7, delay: 100_000 };
  const streams = new PlainStreams(simulator, endpoints, (vnode) => (vnode === 0 ? tracker : peer), 32_768, 16_384);
  const tasks = new InstantTasks();
  const members: SwarmMember[] = [{ vnode: 0, role: 'tracker', host: 0 }];
  for (let i = 0; i < seeders + leechers; i++)
    members.push({ vnode: i + 1, role: i < seeders ? 'seeder' : 'leecher', host: 0 });
  const workload: SwarmWorkload = {
    kind: 'swarm',
    peers: seeders + leechers,
    seeders,
    file,
    piece,
    client: client.name,
    start: 2e9,
  };
  const swarm = new Swarm({
    workload,
    client,
    members,
    simulator,
    endpoints,
    streams,
    tasks,
    costs: [setting.costs ?? null],
    random: (name) => randomStream(setting.seed ?? '1', name),
    finished: () => simulator.stop(),
    ...(setting.sameNetwork ? { sameNetwork: setting.sameNetwork } : {}),
  });
  streams.events = swarm;
  tasks.application = swarm;
  swarm.start();
  for (let second = 1; second <= 7200 && swarm.unfinished > 0; second++) {
    simulator.run(second * 1e9);
    setting.watch?.(swarm, simulator);
  }
  const results = members.slice(1).map(({ vnode }) => swarm.result(vnode));
  const took = results
    .filter(({ role }) => role === 'leecher')
    .map(({ startedAt, completedAt }) => (completedAt - startedAt) / 1e9);
  return { swarm, simulator, streams, results, took, file, up, down, seeders, leechers };
}

const halvesOf = (peer: Peer) => [...peer.halves.subarray(0, peer.connections)];

describe('one seeder and one leecher', () => {
  it.each(['hrktorrent', 'libtorrent', 'aria2'])('take the time computed by hand (%s)', (client) => {
    const { took, file, up } = run({ client });
    // Overhead of the protocol: 13 bytes for each block of 16 KiB.
    const transfer = (file * (1 + 13 / 16_384)) / up;
    const dialled = clientProfile(client).dialDelay / 1e9;
    expect(took[0]).toBeGreaterThan(dialled + transfer);
    expect(took[0]).toBeLessThan(dialled + transfer * 1.02);
  });

  it('never download faster than the pipe, however fast the seeder', () => {
    const { took, file } = run({ up: 1e6, down: 100_000 });
    expect(took[0]).toBeGreaterThan(file / 100_000);
    expect(took[0]).toBeLessThan((file / 100_000) * 1.02);
  });

  it('may share a file that is smaller than a block', () => {
    const { results } = run({ file: 700, piece: 16_384 });
    expect(results[1]).toMatchObject({ held: 700, received: 700, redundant: 0 });
  });
});

describe.each(['hrktorrent', 'libtorrent', 'aria2'])('a swarm of %s', (client) => {
  const swarmed = run({ client, seeders: 2, leechers: 18 });

  it('completes everywhere', () => {
    expect(swarmed.swarm.unfinished).toBe(0);
    for (const result of swarmed.results) {
      expect(result.held).toBe(result.role === 'leecher' ? swarmed.file : 0);
      expect(result.milestones).toHaveLength(result.role === 'leecher' ? 32 : 0);
      expect([...result.milestones]).toEqual([...result.milestones].sort((a, b) => a - b));
    }
  });

  it('uploads as much as it downloads', () => {
    const { swarm, results } = swarmed;
    const sum = (of: 'sent' | 'received') => results.reduce((total, result) => total + result[of], 0);
    expect(sum('sent')).toBe(swarm.mesh.sent);
    expect(sum('received')).toBe(swarm.mesh.received);
    expect(sum('sent')).toBe(sum('received') + swarm.mesh.inFlight() + swarm.mesh.discarded);
  });

  it('wastes only whole blocks that came twice, and parts of blocks that were on their way at the end', () => {
    for (const { received, redundant, held, peakConnections } of swarmed.results) {
      const parts = received - redundant - held;
      expect(parts).toBeGreaterThanOrEqual(0);
      expect(parts).toBeLessThan(16_384 * peakConnections);
    }
  });

  it('downloads nothing at its seeders, and nothing twice but a little in the endgame', () => {
    const { results, file, leechers } = swarmed;
    for (const result of results) if (result.role === 'seeder') expect(result.received).toBe(0);
    const redundant = results.reduce((total, result) => total + result.redundant, 0);
    expect(redundant).toBeLessThan(0.3 * file * leechers);
  });

  it('never asks a peer for a block that it has been asked for and has not sent', () => {
    let asked = 0;
    let watched = false;
    run({
      client,
      seeders: 2,
      leechers: 18,
      watch: ({ mesh: { requests } }) => {
        if (watched) return;
        watched = true;
        const push = requests.push.bind(requests);
        requests.push = (half, block) => {
          expect(requests.holds(half, block)).toBe(false);
          asked++;
          push(half, block);
        };
      },
    });
    expect(asked).toBeGreaterThan(18 * 200);
  });

  it('respects the pipes', () => {
    const { took, file, down, results, up, simulator } = swarmed;
    for (const seconds of took) expect(seconds).toBeGreaterThan(file / down);
    for (const { sent } of results) expect(sent).toBeLessThan(up * (simulator.now / 1e9) + 32_768 * 20);
  });
});

describe('a swarm', () => {
  it('takes no less than the bound of Kumar and Ross, and less than twice of it', () => {
    const { took, file, up, down, leechers, simulator } = run({ leechers: 20 });
    const bound = Math.max(file / up, file / down, (leechers * file) / (up + leechers * up));
    expect(Math.max(...took)).toBeGreaterThan(bound);
    expect(simulator.now / 1e9).toBeLessThan(2 * bound);
  });

  it('cancels what came twice, but for libtorrent, which marks the block as written before it looks whom else it asked', () => {
    const cancelled = (client: string) =>
      run({ client, seeders: 2, leechers: 8 }).swarm.mesh.messages[MessageType.cancel];
    expect(cancelled('hrktorrent')).toBeGreaterThan(0);
    expect(cancelled('libtorrent')).toBe(0);
  });

  it('of libtorrent asks for one block more with each that comes, until a second brings no more than the one before', () => {
    const outstanding: number[] = [];
    const arrived: number[] = [];
    run({
      client: 'libtorrent',
      file: 40 * 2 ** 20,
      up: 250_000,
      watch: ({ mesh }) => {
        const leecher = mesh.peers.find(({ role }) => role === 'leecher') as Peer;
        const [half = -1] = halvesOf(leecher);
        if (half < 0 || leecher.held === 0) return;
        outstanding.push(mesh.requests.count[half] as number);
        arrived.push(leecher.held / 16_384);
      },
    });
    const growing = outstanding.findIndex((count, i) => count !== 4 + (arrived[i] ?? 0));
    expect(growing).toBeGreaterThan(1);
    expect(growing).toBeLessThan(6);
    // Then 3 s of what it brings: 200 kB/s are 36.6 blocks.
    expect(outstanding.slice(30, 60).every((count) => Math.abs(count - 36) <= 1)).toBe(true);
  });

  it('never unchokes more peers than slots, local ones apart', () => {
    const client = { ...clientProfile('hrktorrent'), uploadSlots: 3 };
    let most = 0;
    let exempt = 0;
    run({
      client,
      leechers: 14,
      sameNetwork: (member, other) => member % 2 === 1 && other === 2,
      watch: ({ mesh }) => {
        const { flags } = mesh.connections;
        for (const peer of mesh.peers) {
          const unchoked = halvesOf(peer).filter((half) => (flags[half] & Half.amUnchoking) !== 0);
          const slots = unchoked.filter((half) => (flags[half] & Half.exempt) === 0);
          const optimistic = slots.filter((half) => (flags[half] & Half.optimistic) !== 0);
          expect(optimistic.length).toBe(peer.optimistic);
          expect(slots.length - optimistic.length).toBe(peer.regular);
          expect(peer.regular).toBeLessThanOrEqual(3);
          expect(peer.optimistic).toBeLessThanOrEqual(1);
          most = Math.max(most, slots.length);
          exempt += unchoked.length - slots.length;
        }
      },
    });
    expect(most).toBe(4);
    expect(exempt).toBeGreaterThan(0);
  });

  it('of aria2 holds a round when interest changes, and keeps to its slots', () => {
    let most = 0;
    let waiting = 0;
    run({
      client: 'aria2',
      leechers: 14,
      watch: ({ mesh }, simulator) => {
        const { flags } = mesh.connections;
        for (const peer of mesh.peers) {
          const unchoked = halvesOf(peer).filter((half) => (flags[half] & Half.amUnchoking) !== 0);
          const optimistic = unchoked.filter((half) => (flags[half] & Half.optimistic) !== 0);
          expect(optimistic.length).toBe(peer.optimistic);
          expect(unchoked.length - optimistic.length).toBe(peer.regular);
          // A seeder's third round has one slot more.
          expect(peer.regular).toBeLessThanOrEqual(peer.complete ? 4 : 3);
          expect(peer.optimistic).toBeLessThanOrEqual(1);
          most = Math.max(most, unchoked.length);
          const interested = halvesOf(peer).some((half) => (flags[half] & Half.peerInterested) !== 0);
          if (simulator.now < 9e9 && peer.role === 'seeder' && interested && unchoked.length === 0) waiting++;
        }
      },
    });
    expect(most).toBeGreaterThan(3);
    expect(waiting).toBe(0);
  });

  it('gives a choked peer the pieces that its network is allowed, and no others', () => {
    // Nobody is ever unchoked: what comes has come through the choke.
    const client = { ...clientProfile('hrktorrent'), uploadSlots: 0, optimisticSlots: 0, allowedFast: 7 };
    let got = 0;
    const { swarm } = run({
      client,
      seeders: 2,
      leechers: 4,
      watch: ({ mesh }, simulator) => {
        if (simulator.now / 1e9 < 200) return;
        for (const peer of mesh.peers.filter(({ role }) => role === 'leecher')) {
          const allowed = peer.allowedFast as Int32Array;
          for (let piece = 0; piece < mesh.torrent.pieces; piece++)
            if (hasBit(peer.bits, 0, piece)) expect(hasBit(allowed, 0, piece)).toBe(true);
          got = Math.max(got, peer.pieces);
        }
        simulator.stop();
      },
    });
    expect(got).toBe(7);
    expect(swarm.unfinished).toBe(4);
  });

  it('knows at any time how many peers have each piece, and which of them are of interest', () => {
    run({
      seeders: 2,
      leechers: 10,
      watch: ({ mesh }, simulator) => {
        if ((simulator.now / 1e9) % 7 !== 0) return;
        const { connections, torrent } = mesh;
        for (const peer of mesh.peers) {
          const heard = halvesOf(peer).filter((half) => connections.pieces[half] > 0);
          const has = (half: number, piece: number) => hasBit(connections.bits, half * torrent.words, piece);
          const lacks = (piece: number) => !hasBit(peer.bits, 0, piece);
          const pieces = Array.from({ length: torrent.pieces }, (_, piece) => piece);
          for (const piece of pieces) {
            if (peer.picker)
              expect(peer.picker.order.availability(piece)).toBe(heard.filter((half) => has(half, piece)).length);
          }
          for (const half of heard) {
            expect(connections.pieces[half]).toBe(pieces.filter((piece) => has(half, piece)).length);
            if (peer.picker)
              expect(connections.wanted[half]).toBe(pieces.filter((piece) => lacks(piece) && has(half, piece)).length);
          }
        }
      },
    });
  });

  it('keeps one connection between two peers, and none between two that have everything', () => {
    const { swarm } = run({ seeders: 4, leechers: 8 });
    const { mesh } = swarm;
    for (const peer of mesh.peers) {
      const others = halvesOf(peer).map((half) => mesh.connections.member[half ^ 1]);
      expect(new Set(others).size).toBe(others.length);
    }
    const seeders = mesh.peers.filter(({ role }) => role === 'seeder');
    for (const seeder of seeders)
      for (const half of halvesOf(seeder)) expect(seeders).not.toContain(mesh.peerOf(half ^ 1));
  });

  it('keeps to the limit of connections', () => {
    const client = { ...clientProfile('hrktorrent'), maxConnections: 5 };
    const { results, swarm } = run({ client, leechers: 14 });
    expect(swarm.unfinished).toBe(0);
    for (const { peakConnections } of results) expect(peakConnections).toBeLessThanOrEqual(5);
  });

  it('of aria2 caches blocks of pieces that are not whole, a piece of each peer that sends at the most', () => {
    const client = clientProfile('aria2');
    const piece = 262_144;
    let most = 0;
    const { swarm } = run({
      client,
      leechers: 8,
      piece,
      watch: (swarm) => {
        const { mesh } = swarm;
        for (const peer of mesh.peers.filter(({ role, startedAt }) => role === 'leecher' && startedAt >= 0)) {
          const cache = swarm.memory(peer.vnode) - client.memoryBase - client.memoryPerConnection * peer.connections;
          const whole = Array.from({ length: mesh.torrent.pieces }, (_, i) => i).filter((i) => hasBit(peer.bits, 0, i));
          const bytes = whole.reduce((sum, i) => sum + pieceBytes(mesh.torrent, i), 0);
          expect(Math.abs(cache - (peer.held - bytes))).toBeLessThan(piece);
          expect(cache).toBeLessThanOrEqual(piece * peer.connections);
          most = Math.max(most, cache);
        }
      },
    });
    expect(most).toBeGreaterThan(piece / 2);
    for (const peer of swarm.mesh.peers)
      expect(swarm.memory(peer.vnode)).toBeLessThan(client.memoryBase + 9 * client.memoryPerConnection);
  });

  it('runs the same again, and otherwise with another seed', () => {
    const digest = (seed: string) => run({ leechers: 6, file: 1_000_000, seed }).simulator.digest();
    expect(digest('1')).toBe(digest('1'));
    expect(digest('1')).not.toBe(digest('2'));
  });
});

describe('work', () => {
  it('is charged for what is read, taken, hashed and ticked, and for the start, which no speed divides', () => {
    const charged = { seconds: 0 };
    const begin = Swarm.prototype.begin;
    Swarm.prototype.begin = function (vnode) {
      const work = begin.call(this, vnode);
      if (vnode === 2) charged.seconds += work / 1e9;
      return work;
    };
    try {
      const costs = { systemCall: 1000, copyPerByte: 1, applicationSpeed: 0.5 };
      const client = {
        ...clientProfile('hrktorrent'),
        perByte: 2,
        hashPerByte: 5,
        perMessage: 0,
        perConnection: 0,
        tickWork: 0,
        startWork: 30_000_000,
      };
      const { file, results } = run({ costs, client, up: 1e6, down: 1e6 });
      const perByte = file * (1 + 2 / 0.5 + 5 / 0.5) + client.startWork;
      const calls = (results[1].received / 1448) * 1000;
      expect(charged.seconds).toBeGreaterThan(perByte / 1e9);
      expect(charged.seconds).toBeLessThan((perByte + 2 * calls) / 1e9);
    } finally {
      Swarm.prototype.begin = begin;
    }
  });
});
