// The explore page's server: whom it answers, what a link may say, and that plans survive tabs, reloads and dead threads.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { controlsFor } from '../../experiments/explore/controls.js';
import { type Explorer, openExplorer } from '../../experiments/explore/index.js';
import { commandFor, queryOf, stateFrom } from '../../experiments/explore/state.js';
import { planRequest } from '../../experiments/plan-request.js';
import { LocalRuns, openRuns, type Runs, ThreadRuns } from '../../experiments/pool.js';
import { built } from '../built.js';
import { dyingThread } from './dying-thread.js';
import { rangefit } from './session.js';

const QUICK = { scenario: 'pairs-100mbit', host: 'pc3000', set: ['scenario.workload.duration=20ms'] } as const;
const ENVIRONMENT = { HOME: '/nowhere' };

let open: { explorer: Explorer; runs: Runs }[] = [];

async function explorer(runs: Runs = openRuns(1), files: readonly string[] = []): Promise<Explorer> {
  const opened = await openExplorer({ runs, atOnce: 1, environment: ENVIRONMENT, port: 0, files });
  open.push({ explorer: opened, runs });
  return opened;
}

afterEach(async () => {
  for (const { explorer: one, runs } of open) {
    await one.close();
    await runs.stop();
  }
  open = [];
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(address: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((done, fail) => {
    const request = get(address, { headers, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on('error', fail);
  });
}

interface Told {
  readonly command: string;
  readonly sentence?: string;
  readonly knee?: string;
  readonly failure?: string;
}

/** Everything that the stream says until it ends. */
async function stream(address: string, query: URLSearchParams): Promise<Told[]> {
  const { text } = await ask(`${address}plan?${query}`);
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => JSON.parse(event.slice(6)) as Told);
}

describe('the server', () => {
  it('answers itself and whoever types its address, and refuses everybody else', async () => {
    const { address } = await explorer();
    const { port } = new URL(address);
    const own = { 'sec-fetch-site': 'same-origin' };
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const cases: readonly (readonly [number, Record<string, string>, string?])[] = [
      [200, {}],
      [200, own],
      [200, { origin: `http://127.0.0.1:${port}` }],
      [200, { host: `localhost:${port}` }],
      [200, followed],
      [403, { origin: 'http://evil.example' }],
      [403, { origin: 'null' }],
      [403, { origin: `http://127.0.0.1:${Number(port) + 1}` }],
      [403, { origin: `https://127.0.0.1:${port}` }],
      // A name of theirs that resolves to this machine.
      [403, { host: `evil.example:${port}` }],
      [403, { host: 'evil.example' }],
      [403, { host: `127.0.0.1.evil.example:${port}` }],
      [403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
      [403, { ...followed, 'sec-fetch-dest': 'iframe' }],
      [403, own, 'POST'],
      [403, own, 'OPTIONS'],
    ];
    for (const [status, headers, method] of cases)
      expect([headers, method, (await ask(address, headers, method)).status]).toEqual([headers, method, status]);
  });

  it('lets the page load nothing from elsewhere, and be shown in no other', async () => {
    const { address } = await explorer();
    const { headers } = await ask(address);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('listens on the loopback address only', async () => {
    const { address } = await explorer();
    const { port } = new URL(address);
    // 127.0.0.2 is this machine too: a server on all addresses would answer there.
    const reached = await new Promise((done) => {
      const socket = connect(Number(port), '127.0.0.2', () => done(true)).on('error', () => done(false));
      socket.on('connect', () => socket.destroy());
    });
    expect(reached).toBe(process.platform !== 'linux');
  });

  it('reads no file that a link names, but those that it was started with', async () => {
    const { address } = await explorer(openRuns(1), ['experiments/scenarios/idle.yaml']);
    for (const query of ['scenario=/etc/passwd', 'host=../secret.json', 'host=t7500,/etc/hosts', 'scenario=x.yaml'])
      expect(await ask(`${address}?${query}`)).toMatchObject({
        status: 400,
        text: expect.stringContaining('explore was started with'),
      });
    expect((await ask(`${address}?scenario=experiments/scenarios/idle.yaml`)).status).toBe(200);
    expect((await ask(`${address}?out=/tmp/x`)).status).toBe(400);
    expect((await ask(`${address}nothing`)).status).toBe(404);
  });

  it('shows what a link says as text', async () => {
    const { address } = await explorer();
    const { text, status } = await ask(`${address}?seed=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(status).toBe(200);
    expect(text).not.toContain('<script>alert');
  });

  it('ends with 130 when it is interrupted', async () => {
    const child = spawn(process.execPath, [built('experiments/cli.js'), 'explore', '--port', '0', '--workers', '1']);
    const address = await new Promise<string>((done) => child.stdout.setEncoding('utf8').once('data', done));
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect((await ask(address.trim())).status).toBe(200);
    child.kill('SIGINT');
    expect(await new Promise((done) => child.once('exit', done))).toBe(130);
  });

  it('says which port is taken', async () => {
    const { address } = await explorer();
    const { code, err } = await rangefit(['explore', '--port', new URL(address).port]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^error: --port: expected a port that is free, found \d+\n$/),
    ]);
  });
});

describe('a state', () => {
  it('is the same from its link, and as a command line', () => {
    const state = { ...QUICK, seed: '7', peers: '120', limits: 'stock', whole: true };
    expect(stateFrom(queryOf(state), [])).toEqual(state);
    expect(commandFor(state)).toBe(
      'rangefit plan --seed 7 --peers 120 --scenario pairs-100mbit --host pc3000 --limits stock --set scenario.workload.duration=20ms --whole',
    );
    expect(commandFor({ set: ["tolerance.latency=1ms; rm -rf '/'"] })).toBe(
      `rangefit plan --set 'tolerance.latency=1ms; rm -rf '\\''/'\\'''`,
    );
  });

  it.each([
    ['swarm-100', 'pc3000', undefined],
    ['pairs-100mbit', 't7500', undefined],
    ['idle', 'pc3000', 'jail'],
  ] as const)(
    'has a control for every parameter of %s on %s, each of which plan takes',
    (scenario, host, technology) => {
      const groups = controlsFor({ scenario, host, technology }, ENVIRONMENT);
      const controls = groups.flatMap((group) => group.controls);
      const paths = controls.map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths).toEqual(
        expect.arrayContaining([
          'scenario.link.up',
          'scenario.tcp',
          'host.hardware.memory',
          'host.cpu.idleExit',
          'tolerance.goodput',
        ]),
      );
      const set = controls.filter(({ value }) => value !== '').map(({ path, value }) => `${path}=${value}`);
      expect(set.length).toBeGreaterThan(50);
      const flags = { scenario, host, ...(technology ? { tech: technology } : {}) };
      // What is set to what it was is what it was.
      const { scenario: same } = planRequest(
        { ...flags, set: set.filter((one) => one.startsWith('scenario.')) },
        ENVIRONMENT,
      );
      expect(same).toEqual(planRequest(flags, ENVIRONMENT).scenario);
      expect(() => planRequest({ ...flags, set }, ENVIRONMENT)).not.toThrow();
    },
  );
});

describe('the plans of the page', () => {
  const query = queryOf(QUICK);

  it('are those of the command line, told as they come, and made once for all who watch', async () => {
    const runs = openRuns(1);
    const { address } = await explorer(runs);
    const [first, second] = await Promise.all([stream(address, query), stream(address, query)]);
    const asked = runs.asked;
    const again = await stream(address, query);
    expect(runs.asked).toBe(asked);
    const { command, sentence, knee } = first.at(-1) as Told;
    expect([second.at(-1)?.sentence, again.at(-1)?.sentence]).toEqual([sentence, sentence]);
    // The curve was drawn before the answer was known.
    expect(first.filter((event) => event.knee !== undefined && event.sentence === undefined).length).toBeGreaterThan(0);
    const plan = await rangefit([...command.split(' ').slice(1), '--json', '--quiet', '--workers', '0']);
    expect((await ask(`${address}plan.json?${query}`)).text).toBe(plan.out);
    const { answer } = JSON.parse(plan.out);
    expect(knee).toContain(`planned: ${answer.vnodesPerHost.value / 2}`);
  });

  it('take a tolerance from the runs that there are', async () => {
    const runs = openRuns(1);
    const { address } = await explorer(runs);
    await stream(address, query);
    const before = runs.asked;
    const strict = await stream(address, queryOf({ ...QUICK, set: [...QUICK.set, 'tolerance.lostVnodes=1'] }));
    expect(strict.at(-1)?.sentence).toBeDefined();
    expect(runs.asked).toBe(before);
  });

  it('say in one line what is wrong, and start nothing', async () => {
    const runs = openRuns(1);
    const { address } = await explorer(runs);
    const [last] = (await stream(address, queryOf({ ...QUICK, set: ['scenario.link.up=100'] }))).slice(-1);
    expect(last?.failure).toMatch(/^error: --set scenario\.link\.up=100: expected .*$/);
    expect(runs.asked).toBe(0);
  });

  it('go on when the thread that simulates dies', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rangefit-explore-'));
    const { file, mark } = dyingThread(folder);
    try {
      const { address } = await explorer(new ThreadRuns(1, file));
      const events = await stream(address, query);
      const plan = await rangefit([...commandFor(QUICK).split(' ').slice(1), '--quiet', '--workers', '0']);
      expect(plan.out.startsWith(`${events.at(-1)?.sentence}\n`)).toBe(true);
      expect(existsSync(mark)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('start no more runs once nobody watches', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    const runs = new LocalRuns(async () => {
      await held;
      throw new Error('given up');
    });
    const { address } = await explorer(runs);
    await new Promise<void>((done) => {
      const request = get(`${address}plan?${query}`, { agent: false }, (response) => {
        response.once('data', () => {
          request.destroy();
          done();
        });
      });
      request.on('error', () => undefined);
    });
    await new Promise((done) => setTimeout(done, 2500));
    release();
    await new Promise((done) => setTimeout(done, 100));
    expect(runs.asked).toBeLessThanOrEqual(1);
  });
});
