// The command line: what each verb prints, where, and with which exit code.

import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchSchema } from '../../experiments/bench-document.js';
import { failureOf } from '../../experiments/exit-codes.js';
import { Interrupted } from '../../experiments/interrupted.js';
import { recordSchema } from '../../experiments/record-schema.js';
import { documentKinds } from '../../experiments/schemas.js';
import { colored } from '../../experiments/session.js';
import { hostProfileSchema, InputError, scenarioSchema } from '../../models/index.js';
import { built, root } from '../built.js';
import { rangefit } from './session.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-program-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('without a verb', () => {
  it('shows the first useful command', async () => {
    const { code, out, err } = await rangefit([]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('rangefit plan --peers 10000 --host pc3000');
  });
});

describe('a mistake on the command line', () => {
  it.each([
    ['plann', /unknown command 'plann' \(Did you mean plan\?\)/],
    ['simulate --host t7500', /missing required argument 'scenario'/],
    ['simulate swarm-100', /required option '--host <name>' not specified/],
    ['simulate swarm-100 --hots pc3000', /./],
    ['limits --limitz raised', /unknown option '--limitz' \(Did you mean --limits\?\)/],
    ['limits --limits rised', /'rised' is invalid\. Allowed choices are raised, stock/],
    ['limits --peers none', /--peers: expected a whole number from 1 to 1000000, found "none"/],
    ['limits --peers 10 --per-host 20', /--per-host: expected at most the 10 of --peers, found 20/],
    ['limits --set tolerance.loss=1%', /expected a path under scenario\.\* or host\.\*, found tolerance\.\*/],
    [
      'limits --host pc300',
      /--host: expected one of pc3000, t7500, or a file, found "pc300" \(did you mean "pc3000"\?\)/,
    ],
    [
      'limits --host t7500 --tech docker',
      /--tech: expected a technology of t7500 \(lxc; others derived from lxc: .*xen, kvm\), found docker/,
    ],
    ['simulate swarm-100 --host t7500 --pairs 3', /--pairs: expected a scenario of pairs, found swarm/],
    [
      'simulate pairs-100mbit --host t7500 --peers 3',
      /--peers: expected an even number: a pair is two vnodes, found 3/,
    ],
    ['simulate pairs-100mbit --host t7500 --until 3', /--until: expected a duration with its unit/],
    ['simulate swarm-100 --host t7500 --exact', /--exact: expected --per-host or --binding beside it/],
    ['simulate idle --host t7500 --workers many', /--workers: expected a whole number from 0 to 256, found "many"/],
    ['simulate swarm-100 --host t7500 --set scenario.workload.client=emule', /expected a client/],
    ['scenario show nothing', /scenario: expected one of failing-link, .* found "nothing"/],
    ['schema sonnet', /'sonnet' is invalid/],
    ['host', /./],
  ])('is one line, and exits with 2: %s', async (line, message) => {
    const { code, out, err } = await rangefit(line.split(' '));
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    if (line !== 'host') expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('host', () => {
  it('lists the catalogue and the user’s own', async () => {
    mkdirSync(join(folder, 'hosts'), { recursive: true });
    const shown = await rangefit(['host', 'show', 't7500', '--json']);
    const mine = { ...JSON.parse(shown.out), name: 'mine' };
    writeFileSync(join(folder, 'hosts', 'mine.json'), JSON.stringify(mine));
    const { code, out } = await rangefit(['host', 'list'], { RANGEFIT_HOME: folder });
    expect(code).toBe(0);
    for (const name of ['pc3000', 't7500', 'mine']) expect(out).toContain(name);
    const { hosts } = JSON.parse((await rangefit(['host', 'list', '--json'], { RANGEFIT_HOME: folder })).out);
    expect(hosts.map(({ name }: { name: string }) => name)).toEqual(['pc3000', 't7500', 'mine']);
    expect((await rangefit(['limits', '--host', 'mine'], { RANGEFIT_HOME: folder })).code).toBe(0);
  });

  it('shows every number with source and note, of one technology or as a document of all', async () => {
    const { out } = await rangefit(['host', 'show', 'pc3000', '--tech', 'jail']);
    expect(out).toMatch(/setupPerContainer\s+30s\s+published\s+NCR report/);
    expect(out).toMatch(/cpu\.idleExit\s+\S+\s+\S+\.\.\S+\s+assumed/);
    const { out: json } = await rangefit(['host', 'show', 'pc3000', '--json']);
    expect(hostProfileSchema.parse(JSON.parse(json)).platforms.openvz).toBeDefined();
  });

  it('validates a file, and says where it is wrong', async () => {
    const good = join(folder, 'good.json');
    await rangefit(['host', 'show', 'pc3000', '--out', good]);
    expect(await rangefit(['host', 'validate', good])).toMatchObject({ code: 0, err: '' });
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, readFileSync(good, 'utf8').replace('"2GiB"', '2'));
    const { code, err } = await rangefit(['host', 'validate', bad]);
    expect(code).toBe(2);
    expect(err).toMatch(/bad\.json:\d+:\d+: hardware\.memory\.value: expected a size with its unit, .*found 2\n$/);
  });
});

describe('scenario', () => {
  it('shows all defaults, as a document that is valid itself', async () => {
    const { out } = await rangefit(['scenario', 'show', 'swarm-100']);
    expect(out).toContain('kind: swarm');
    const file = join(folder, 'shown.yaml');
    writeFileSync(file, out);
    expect((await rangefit(['scenario', 'validate', file])).code).toBe(0);
    const { out: json } = await rangefit(['scenario', 'show', file, '--json']);
    expect(scenarioSchema.parse(JSON.parse(json))).toMatchObject({ name: 'swarm-100', link: { up: 256e3 } });
  });

  it.each([
    ['cut.json', '{"name": "a", "workload"', /cut\.json:1:25: expected ":", found the end of the file/],
    [
      'unit.yaml',
      'name: a\nworkload: {kind: swarm}\nlink: {up: 32}',
      /unit\.yaml:3:12: link\.up: expected .*, found 32/,
    ],
    ['noise.yaml', 'q7{[&'.repeat(2_000_000), /noise\.yaml: expected a document of at most 1048576 bytes/],
    ['none.yaml', undefined, /no such file/],
  ])('refuses %s in one line with exit code 2', async (name, text, message) => {
    const file = join(folder, name);
    if (text !== undefined) writeFileSync(file, text);
    for (const words of [
      ['scenario', 'validate', file],
      ['simulate', file, '--host', 't7500'],
      ['plan', '--host', 't7500', '--scenario', file],
    ]) {
      const { code, err } = await rangefit(words);
      expect(code).toBe(2);
      expect(err).toMatch(message);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});

describe('limits', () => {
  it('tells where each ceiling is hit without simulating', async () => {
    const { code, out } = await rangefit(['limits', '--peers', '33', '--degree', '32', '--limits', 'stock']);
    expect(code).toBe(0);
    expect(out).toMatch(/✗ {2}neighbour .* 1,024 +1,059|✗ {2}neighbour/);
    const { ceilings } = JSON.parse((await rangefit(['limits', '--peers', '5000', '--per-host', '100', '--json'])).out);
    expect(ceilings.find(({ id }: { id: string }) => id === 'subnet').demand).toBe(5001);
    expect(ceilings.find(({ id }: { id: string }) => id === 'bridge-ports').demand).toBe(102);
  });
});

describe('schema', () => {
  it.each(documentKinds)('prints the schema of a %s', async (kind) => {
    const { code, out } = await rangefit(['schema', kind]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { format: { const: `rangefit/${kind}` } } });
  });

  it('is there for every kind that others rely on', () => {
    const kinds = ['plan', 'record', 'profile', 'receipt', 'sweep', 'bench', 'reproduce', 'scenario'];
    expect(documentKinds).toEqual(expect.arrayContaining(kinds));
  });

  it('of a bench describes what is published of this one', () => {
    const published = JSON.parse(readFileSync(join(root, 'docs/bench.json'), 'utf8'));
    expect(benchSchema.safeParse(published).error).toBeUndefined();
  });
});

describe('simulate', () => {
  const RUN = [
    'simulate',
    'pairs-100mbit',
    '--host',
    't7500',
    '--pairs',
    '2',
    '--until',
    '300ms',
    '--workers',
    '0',
    '--quiet',
  ];

  it('prints a summary, and writes the record to a file', async () => {
    const file = join(folder, 'deep', 'run.json');
    const { code, out, err } = await rangefit([...RUN, '--out', file]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const word of [
      'pairs-100mbit: 4 vnodes on 1 t7500 host',
      'goodput',
      'CPU',
      'memory',
      'neighbours',
      'drops',
      'digest',
    ])
      expect(out).toContain(word);
    const record = JSON.parse(readFileSync(file, 'utf8'));
    expect(recordSchema.safeParse(record).error).toBeUndefined();
    expect(record).toMatchObject({ seed: '1', totals: { virtualSeconds: 0.3 } });
  });

  it('prints nothing but the document with --json, and the same one again', async () => {
    const first = await rangefit([...RUN, '--json']);
    expect(JSON.parse(first.out).format).toBe('rangefit/record');
    expect((await rangefit([...RUN, '--json'])).out).toBe(first.out);
    expect(JSON.parse((await rangefit([...RUN, '--json', '--seed', '2'])).out).seed).toBe('2');
  });

  it('takes sizes and settings from flags', async () => {
    const words = [
      'simulate',
      'idle',
      '--host',
      'pc3000',
      '--tech',
      'lxc',
      '--peers',
      '30',
      '--per-host',
      '10',
      '--until',
      '1s',
    ];
    const { out } = await rangefit([
      ...words,
      '--set',
      'host.hardware.memory=1GiB',
      '--json',
      '--quiet',
      '--workers',
      '0',
    ]);
    const { hosts } = JSON.parse(out);
    expect(hosts).toHaveLength(3);
    expect(hosts[0]).toMatchObject({ vnodes: 10, memory: { total: 2 ** 30 } });
  });

  it('says when a file cannot be written', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, '');
    for (const flag of ['--out', '--trace']) {
      const { code, err } = await rangefit([...RUN, flag, join(file, 'x.json')]);
      expect(code).toBe(2);
      expect(err).toContain(`error: ${flag}: expected a file that can be written, found `);
    }
  });
});

describe('exit codes', () => {
  it('tell mistakes of the user, of ours, and an interruption apart', () => {
    expect(failureOf(new InputError('a', 'b', 'c'))).toEqual({ code: 2, message: 'error: a: expected b, found c\n' });
    expect(failureOf(new Interrupted('stopped'))).toEqual({ code: 130, message: '' });
    const broken = failureOf(new Error('conservation'));
    expect(broken.code).toBe(70);
    expect(broken.message).toMatch(/conservation\n\s+at /);
  });
});

describe('colour', () => {
  it('is decided by NO_COLOR, then FORCE_COLOR, then the terminal', () => {
    expect(colored({}, true)).toBe(true);
    expect(colored({}, false)).toBe(false);
    expect(colored({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
    expect(colored({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(colored({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(colored({ TERM: 'dumb' }, true)).toBe(false);
  });
});

describe('the executable', () => {
  const start = (file: string, words: readonly string[]) =>
    spawnSync(process.execPath, [file, ...words], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });

  it('works through a symbolic link, as npx starts it, and passes its exit code on', () => {
    const cli = built('experiments/cli.js');
    const link = join(folder, 'rangefit');
    symlinkSync(cli, link);
    expect(start(link, ['scenario', 'list'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('swarm-100'),
    });
    expect(start(link, ['scenario', 'show', 'x'])).toMatchObject({ status: 2, stdout: '' });
  });

  it('can be executed however it was built: npx makes it so only when it first meets the clone', () => {
    expect(() => accessSync(built('experiments/cli.js'), constants.X_OK)).not.toThrow();
  });

  it('ends quietly when nobody reads on', () => {
    const cli = built('experiments/cli.js');
    const script = '"$0" "$1" host show pc3000 --json | head -n 1';
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, cli], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '{\n', stderr: '' });
  });
});
