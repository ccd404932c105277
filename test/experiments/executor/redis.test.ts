// Runs on workers that joined a Redis: whoever is killed and whatever is restarted, each record is there, and the same.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisRuns } from '../../../experiments/executor/index.js';
import { decoded, encoded } from '../../../experiments/executor/wire.js';
import { Interrupted } from '../../../experiments/interrupted.js';
import { LocalRuns, type Runs } from '../../../experiments/pool.js';
import type { SimulationJob } from '../../../experiments/simulation-job.js';
import { hostCatalogue, InputError, idealHost, resolveHost, scenarioSchema } from '../../../models/index.js';
import { built } from '../../built.js';
import { rangefit } from '../session.js';
import { freePort, type RedisServer, startRedis, withRedis } from './redis-server.js';

const pc3000 = hostCatalogue.pc3000;
if (!pc3000) throw new Error('no pc3000');
const host = resolveHost(pc3000, 'openvz', 'raised');
const scenario = scenarioSchema.parse({ name: 'few', workload: { kind: 'idle', vnodes: 3, duration: '20ms' } });
const job = (seed: number): SimulationJob => ({
  ...{ scenario, seed: String(seed), options: {} },
  // Limits of ideal hosts are infinite, which JSON is not.
  host: seed % 2 === 0 ? idealHost(host) : host,
});

describe('the wire', () => {
  it('carries jobs as they are', () => {
    for (const seed of [1, 2]) expect(decoded(encoded(job(seed)))).toEqual(job(seed));
  });
});

withRedis('workers on Redis', () => {
  let server: RedisServer;
  let runs: RedisRuns | undefined;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(() => runs?.stop());
  afterAll(async () => {
    await Promise.all(workers.map((worker) => ended(worker, 'SIGKILL')));
    await server.stop();
  });

  async function ended(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode;
    const gone = new Promise<number | null>((exit) => worker.once('exit', exit));
    worker.kill(signal);
    return gone;
  }

  /** Resolves once it has joined. */
  async function join(): Promise<ChildProcess> {
    const words = [built('experiments/cli.js'), 'worker', '--executor', server.address, '--workers', '1'];
    const worker = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'pipe'] });
    workers.push(worker);
    await new Promise((joined) => worker.stderr?.once('data', joined));
    return worker;
  }

  async function finished(asked: Runs, count: number): Promise<void> {
    while (asked.finished < count) await new Promise((wake) => setTimeout(wake, 5));
  }

  it('give 500 records once and right, whoever is killed and whatever Redis forgets', async () => {
    const [victim] = await Promise.all([join(), join(), join()]);
    const told: string[] = [];
    const asked = await RedisRuns.open(server.address, (message) => told.push(message));
    runs = asked;
    const seeds = Array.from({ length: 500 }, (_, i) => i);
    const settled = seeds.map(() => 0);
    const records = seeds.map(async (seed) => {
      const record = await asked.run(job(seed));
      settled[seed] = (settled[seed] ?? 0) + 1;
      return record;
    });
    await finished(asked, 100);
    await server.kill();
    await server.start(true);
    await finished(asked, 200);
    await ended(victim as ChildProcess, 'SIGKILL');
    await finished(asked, 300);
    await server.kill();
    await server.start();
    const here = new LocalRuns();
    const local = await Promise.all(seeds.map((seed) => here.run(job(seed))));
    expect((await Promise.all(records)).map((record) => JSON.stringify(record))).toEqual(
      local.map((record) => JSON.stringify(record)),
    );
    expect(settled).toEqual(seeds.map(() => 1));
    expect([asked.asked, asked.finished]).toEqual([500, 500]);
    expect(told).toEqual(
      [1, 2].flatMap(() => [
        expect.stringMatching(/^the connection to redis:.* is lost, waiting for it$/),
        expect.stringMatching(/^connected to redis:.* again$/),
      ]),
    );
  });

  it('plan as threads here do, byte for byte; Ctrl-C leaves; what was run is not run again', async () => {
    const words = ['plan', '--host', 'pc3000', '--scenario', 'idle', '--peers', '60', '--json', '--quiet'];
    const short = [...words, '--set', 'scenario.workload.duration=100ms'];
    const remote = await rangefit([...short, '--executor', server.address]);
    expect(remote).toMatchObject({ code: 0, err: '' });
    expect(remote.out).toBe((await rangefit([...short, '--workers', '0'])).out);
    const [, ...left] = workers;
    expect(await Promise.all(left.map((worker) => ended(worker, 'SIGINT')))).toEqual([130, 130]);
    // Nobody is there to run anything: all answers are kept.
    expect((await rangefit([...short, '--executor', server.address])).out).toBe(remote.out);
  });

  it('answer a study as threads here do, byte for byte, and keep its answers', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rangefit-redis-study-'));
    try {
      const joined = await Promise.all([join(), join()]);
      const scans = ['--scan', 'host.memory=1GiB,2GiB', '--scan', 'range.peers=40,90'];
      const set = ['--set', 'scenario.workload.duration=90ms'];
      const words = ['whatif', '--host', 'pc3000', '--scenario', 'idle', ...set, ...scans, '--quiet'];
      const sweepOf = async (name: string, ...more: string[]): Promise<string> => {
        const out = path.join(folder, name);
        expect(await rangefit([...words, '--out', out, ...more])).toMatchObject({ code: 0, err: '' });
        return readFileSync(path.join(out, 'sweep.json'), 'utf8');
      };
      const remote = await sweepOf('remote', '--executor', server.address);
      expect(JSON.parse(remote).points).toHaveLength(4);
      expect(remote).toBe(await sweepOf('local', '--workers', '0'));
      for (const worker of joined) await ended(worker, 'SIGKILL');
      // Nobody is there to run anything.
      expect(await sweepOf('again', '--executor', server.address)).toBe(remote);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('hand over a mistake in the input as one', async () => {
    runs = await RedisRuns.open(server.address);
    await join();
    const unknown = scenarioSchema.parse({ name: 'swarm', workload: { kind: 'swarm', peers: 2, client: 'emule' } });
    await expect(runs.run({ ...job(1), scenario: unknown })).rejects.toBeInstanceOf(InputError);
  });

  it('are waited for until it is enough, with a Redis that is away too', async () => {
    for (const away of [false, true]) {
      runs = await RedisRuns.open(server.address);
      await Promise.all(workers.map((worker) => ended(worker, 'SIGKILL')));
      if (away) await server.kill();
      const endless = expect(runs.run(job(1000))).rejects.toBeInstanceOf(Interrupted);
      await runs.stop();
      await endless;
      await expect(runs.run(job(1001))).rejects.toBeInstanceOf(Interrupted);
    }
  });
});

describe('the address', () => {
  it.each([
    [['plan', '--host', 'pc3000', '--executor', 'http://localhost'], 2, /--executor: expected redis:\/\/HOST:PORT/],
    [['worker', '--executor', 'nonsense'], 2, /--executor: expected redis:\/\/HOST:PORT/],
    [['worker'], 2, /required option '--executor/],
  ])('is refused when it is none: %j', async (words, code, message) => {
    const told = await rangefit(words);
    expect(told.code).toBe(code);
    expect(told.err).toMatch(message);
  });

  it('of nobody ends with 4, and never shows a password', async () => {
    const address = `redis://:secret@127.0.0.1:${await freePort()}`;
    const { code, err } = await rangefit(['plan', '--host', 'pc3000', '--quiet', '--executor', address]);
    expect(code).toBe(4);
    expect(err).toMatch(/^error: no Redis answers at redis:\/\/127/);
    expect(err).not.toContain('secret');
  });
});
