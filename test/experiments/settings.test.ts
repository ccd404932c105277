// Documents by name, by file, and with settings from the command line.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHostProfile, ownProfiles } from '../../experiments/hosts.js';
import { userData } from '../../experiments/places.js';
import { loadScenario, scenarioNames } from '../../experiments/scenarios.js';
import { parseSetting } from '../../experiments/settings.js';
import { hostCatalogue, InputError } from '../../models/index.js';

function message(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
  throw new Error('nothing was refused');
}
const set = (...texts: string[]) => texts.map(parseSetting);
const NOBODY = { HOME: '/nowhere' };

describe('the scenarios of the catalogue', () => {
  it('are those that the verbs name', () => {
    expect(scenarioNames()).toEqual([
      'failing-link',
      'gnutella',
      'idle',
      'interference',
      'latency',
      'pairs-100mbit',
      'pairs-unshaped',
      'ring',
      'ring-of-routers',
      'swarm-100',
      'web',
    ]);
    for (const name of scenarioNames()) expect(loadScenario(name)).toMatchObject({ name, description: /./ });
  });

  it('have the sizes of their sources', () => {
    expect(loadScenario('swarm-100')).toMatchObject({
      workload: { kind: 'swarm', peers: 100, seeders: 0.1, file: 20e6 },
      link: { up: 256e3, down: 1024e3 },
    });
    expect(loadScenario('pairs-100mbit')).toMatchObject({
      workload: { kind: 'pairs', pairs: 10, duration: 10e9 },
      link: { up: 1e8 },
      network: { attach: 'two-port-bridge' },
    });
  });

  it('are told when a name is none of them', () => {
    expect(message(() => loadScenario('swarm-10'))).toBe(
      'scenario: expected one of failing-link, gnutella, idle, interference, latency, pairs-100mbit, pairs-unshaped, ring, ring-of-routers, swarm-100, web, or a file, found "swarm-10" (did you mean "swarm-100"?)',
    );
    expect(message(() => loadScenario('./swarm-100'))).toContain('no such file');
    expect(message(() => loadScenario('swarm-100.yaml'))).toContain('no such file');
  });
});

describe('a setting', () => {
  it('changes a field of a scenario, whatever its type', () => {
    const scenario = loadScenario(
      'swarm-100',
      set(
        'scenario.workload.peers=7',
        'scenario.link.up=1MB/s',
        'scenario.network.gso=false',
        'scenario.tcp=reno',
        'scenario.link.burst=20kB',
      ),
    );
    expect(scenario).toMatchObject({
      workload: { peers: 7 },
      link: { up: 8e6, burst: 20_000 },
      network: { gso: false },
      tcp: 'reno',
    });
  });

  it('may be a list, and may reach into one', () => {
    const busy = set('scenario.workload={}'.replace('={}', '.kind=busy'));
    expect(message(() => loadScenario('idle', [...busy, ...set('scenario.workload.vnodes=3')]))).toContain('vnodes');
    const folder = mkdtempSync(join(tmpdir(), 'rangefit-settings-'));
    writeFileSync(join(folder, 'busy.yaml'), 'name: b\nworkload: {kind: busy, shares: [1, 2]}\n');
    const file = join(folder, 'busy.yaml');
    expect(loadScenario(file, set('scenario.workload.shares=[5, 6, 7]')).workload).toMatchObject({ shares: [5, 6, 7] });
    expect(loadScenario(file, set('scenario.workload.shares.1=9')).workload).toMatchObject({ shares: [1, 9] });
    rmSync(folder, { recursive: true });
  });

  it.each([
    [
      'scenario.link.upp=1MB/s',
      '--set scenario.link.upp=1MB/s: expected one of up, down, delay, loss, burst, queue, found "upp" (did you mean "up"?)',
    ],
    [
      'scenario.workload.pairs=3',
      '--set scenario.workload.pairs=3: expected one of kind, peers, seeders, file, piece, client, start, churn, found "pairs"',
    ],
    [
      'scenario.link.up=100',
      '--set scenario.link.up=100: expected unshaped or a rate with its unit, for example 32KB/s or 100Mbit/s, found 100',
    ],
    ['scenario.link=5', '--set scenario.link=5: expected a field below link, found the whole of it'],
    ['scenario.tcp.x=5', '--set scenario.tcp.x=5: expected no field below tcp, found "x"'],
    [
      'scenario.workload.peers=0',
      '--set scenario.workload.peers=0: expected a whole number from 1 to 1000000, found 0 (and 1 more mistake)',
    ],
  ])('is checked as the file is: %s', (text, line) => {
    expect(message(() => loadScenario('swarm-100', set(text)))).toBe(line);
  });

  it.each([
    [
      'scenarios.tcp=reno',
      'expected a path under host.*, scenario.*, tolerance.*, range.*, found "scenarios" (did you mean "scenario"?)',
    ],
    ['scenario.tcp', 'expected PATH=VALUE, found no "="'],
    ['scenario=3', 'expected a path under scenario.*, found "scenario"'],
    ['scenario..x=3', 'expected a path under scenario.*, found "scenario..x"'],
  ])('says what is wrong with itself: %s', (text, line) => {
    expect(message(() => parseSetting(text))).toBe(`--set ${text}: ${line}`);
  });

  it('changes a number of a host, which then counts as assumed', () => {
    const profile = loadHostProfile(
      'pc3000',
      NOBODY,
      'jail',
      set('host.cpu.idleExit=7us', 'host.cores=4', 'host.hardware.memory=1GiB'),
    );
    expect(profile.platforms.jail?.cpu.idleExit).toEqual({
      value: 7000,
      source: 'assumed',
      note: 'set on the command line',
    });
    expect(profile.platforms.jail?.cores.value).toBe(4);
    expect(profile.hardware.memory.value).toBe(2 ** 30);
    expect(profile.platforms.openvz).toEqual(hostCatalogue.pc3000?.platforms.openvz);
  });

  it.each([
    [
      'host.cpu.idlExit=7us',
      /^--set host\.cpu\.idlExit=7us: expected one of softirqStart, .*found "idlExit" \(did you mean "idleExit"\?\)$/,
    ],
    [
      'host.cpu.idleExit=7',
      /^--set host\.cpu\.idleExit=7: expected a duration with its unit, for example 50us or 10s, found 7$/,
    ],
    ['host.cpu=7', /^--set host\.cpu=7: expected a field below/],
    ['host.disk.sharedBase=maybe', /^--set host\.disk\.sharedBase=maybe: expected true or false, found "maybe"$/],
  ])('of a host is checked as the profile is: %s', (text, line) => {
    expect(message(() => loadHostProfile('pc3000', NOBODY, undefined, set(text)))).toMatch(line);
  });
});

describe('a host', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'rangefit-home-'));
    mkdirSync(join(home, 'hosts'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('of the catalogue survives being written as a document and read back', () => {
    for (const [name, profile] of Object.entries(hostCatalogue))
      expect(loadHostProfile(name, NOBODY, undefined, set('host.title=same'))).toEqual({ ...profile, title: 'same' });
  });

  it('may be the user’s own, but not under a name of the catalogue', () => {
    const environment = { RANGEFIT_HOME: home };
    expect(ownProfiles(environment)).toEqual([]);
    writeFileSync(join(home, 'hosts', 'mine.json'), '{"name": "mine"}');
    writeFileSync(join(home, 'hosts', 't7500.yaml'), 'name: t7500');
    expect(ownProfiles(environment).map(({ name }) => name)).toEqual(['mine', 't7500']);
    expect(message(() => loadHostProfile('mine', environment))).toMatch(/hosts\/mine\.json:1:1: expected title/);
    expect(message(() => loadHostProfile('t7500', environment))).toContain('a name that the catalogue does not have');
    expect(message(() => loadHostProfile('min', environment))).toBe(
      '--host: expected one of pc3000, t7500, mine, or a file, found "min" (did you mean "mine"?)',
    );
  });

  it('is looked for where the environment says', () => {
    expect(userData({ RANGEFIT_HOME: '/a', XDG_DATA_HOME: '/b' })).toBe('/a');
    expect(userData({ XDG_DATA_HOME: '/b', HOME: '/c' })).toBe('/b/rangefit');
    expect(userData({ HOME: '/c' })).toBe('/c/.local/share/rangefit');
  });
});
