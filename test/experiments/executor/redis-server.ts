// For tests on a Redis of their own, on loopback: run where there is one, skipped with the reason elsewhere, a failure in CI.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';

const without = spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'no redis-server';

export function withRedis(name: string, tests: () => void): void {
  if (without === undefined) describe(name, tests);
  else if (process.env.CI)
    describe(name, () => {
      it('runs in CI', () => {
        throw new Error(`CI must run Redis, but: ${without}`);
      });
    });
  else describe.skip(`${name} (skipped: ${without})`, tests);
}

export interface RedisServer {
  readonly address: string;
  /** With all that it holds in memory. */
  kill(): Promise<void>;
  /** @param forgets what it kept on disk, as a Redis without persistence does. */
  start(forgets?: boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Writes everything to disk before it answers. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rangefit-redis-'));
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const kept = ['--appendonly', 'yes', '--appendfsync', 'always'];
  let server: ChildProcess | undefined;
  const redis: RedisServer = {
    address: `redis://127.0.0.1:${port}`,
    async kill() {
      if (!server) return;
      const gone = new Promise((exit) => server?.once('exit', exit));
      server.kill('SIGKILL');
      await gone;
      server = undefined;
    },
    async start(forgets = false) {
      if (forgets) rmSync(join(folder, 'appendonlydir'), { recursive: true });
      const started = spawn('redis-server', [...words, ...kept], { stdio: ['ignore', 'pipe', 'inherit'] });
      server = started;
      await new Promise<void>((ready) => {
        started.stdout.on('data', (text: Buffer) => {
          if (text.includes('Ready to accept connections')) ready();
        });
      });
    },
    async stop() {
      await redis.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}
