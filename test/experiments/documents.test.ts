// The documents loader: what is wrong, where, in one line; and what is right however it is written.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, parseDocument, readDocument } from '../../experiments/documents/index.js';
import { hostProfileSchema, InputError, scenarioSchema } from '../../models/index.js';

const load = (text: string, source = 'a.yaml') => check(parseDocument(source, text), scenarioSchema, 'scenario');

/** The one line that the user reads; anything but an InputError is a failure. */
function message(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toContain('\n');
    return error.message;
  }
  throw new Error('nothing was refused');
}
const refusal = (text: string, source?: string): string => message(() => load(text, source));

const SWARM = 'name: a\nworkload: { kind: swarm }\n';

describe('a document', () => {
  it('is the same in YAML and in JSON', () => {
    const json = '{"name": "a", "workload": {"kind": "pairs", "pairs": 3}, "link": {"up": "1MB/s"}}';
    expect(load(json, 'a.json')).toEqual(load('name: a\nworkload:\n  kind: pairs\n  pairs: 3\nlink: {up: 1MB/s}\n'));
    expect(load(json, 'a.json').link.up).toBe(8e6);
  });

  it('may hold tabs and escapes in JSON, and comments in YAML', () => {
    expect(
      load('{\n\t"name":\t"a",\r\n\t"description": "\\u00e9\\n\\/", "workload": {"kind": "idle"}}', 'a.json'),
    ).toMatchObject({
      description: 'é\n/',
    });
    expect(load(`# a comment\n${SWARM}# another`).name).toBe('a');
  });
});

describe('a mistake', () => {
  it.each([
    [
      'an unknown key, with the nearest name',
      `${SWARM}lnik: {}`,
      'a.yaml:3:1: expected one of format, formatVersion, name, description, workload, link, network, changes, tcp, limits, deadline, found the unknown key "lnik" (did you mean "link"?)',
    ],
    [
      'an unknown key further in',
      'name: a\nworkload:\n  kind: swarm\n  peeers: 3\n',
      'a.yaml:4:3: workload: expected one of kind, peers, seeders, file, piece, client, start, churn, found the unknown key "peeers" (did you mean "peers"?)',
    ],
    [
      'a number without its unit',
      `${SWARM}link:\n  up: 100\n`,
      'a.yaml:4:7: link.up: expected unshaped or a rate with its unit, for example 32KB/s or 100Mbit/s, found 100',
    ],
    [
      'a unit that is none',
      `${SWARM}link: {up: 32kbps}`,
      'a.yaml:3:12: link.up: expected unshaped or a rate with its unit, for example 32KB/s or 100Mbit/s, found "32kbps"',
    ],
    [
      'a size where a time belongs',
      `${SWARM}deadline: 3MB`,
      'a.yaml:3:11: deadline: expected a duration with its unit such as 50us or 10s, found "3MB"',
    ],
    [
      'zero peers',
      'name: a\nworkload: {kind: swarm, peers: 0}',
      'a.yaml:2:32: workload.peers: expected a whole number from 1 to 1000000, found 0',
    ],
    [
      'an impossible rate',
      `${SWARM}link: {up: 1bit/s}`,
      'a.yaml:3:12: link.up: expected a rate from 1kbit/s to 1Tbit/s, found "1bit/s"',
    ],
    [
      'a workload that there is not',
      'name: a\nworkload: {kind: swam}',
      'a.yaml:2:18: workload.kind: expected swarm, pairs, idle, busy, latency, interference, web, flood, ring, found "swam" (did you mean "swarm"?)',
    ],
    [
      'a choice that there is not',
      `${SWARM}tcp: cubik`,
      'a.yaml:3:6: tcp: expected cubic, reno or bbr, found "cubik" (did you mean "cubic"?)',
    ],
    ['a missing key', 'name: a\n', 'a.yaml:1:1: expected workload: a mapping, found nothing'],
    ['an empty value', 'name: a\nworkload:\n', 'a.yaml:2:10: workload: expected a mapping, found nothing'],
    ['a list', '- a\n- b\n', 'a.yaml:1:1: expected a scenario: a mapping, found a list'],
    [
      'another format',
      'format: rangefit/profile\nname: a\n',
      'a.yaml:1:9: format: expected rangefit/scenario, found "rangefit/profile"',
    ],
    [
      'a version of the future',
      'formatVersion: 7\nstrange: 1\n',
      'a.yaml:1:16: formatVersion: expected formatVersion 1, the only one so far, found 7',
    ],
    ['a key that comes twice', 'name: a\nname: b\n', 'a.yaml:2:1: expected each key once, found "name"'],
    ['an alias', 'name: &x a\ndescription: *x\n', 'a.yaml:2:14: expected a value, found the alias "x"'],
    ['nothing at all', ' \n\n', 'a.yaml:1:1: expected a document, found an empty file'],
    ['comments only', '# nothing\n', 'a.yaml:1:1: expected a scenario: a mapping, found nothing'],
  ])('is told in one line: %s', (_what, text, line) => {
    expect(refusal(text)).toBe(line);
  });

  it.each([
    ['cut off in a value', '{"name": "a", "workload": {"kind"', 'a.json:1:34: expected ":", found the end of the file'],
    ['cut off in a string', '{"name": "swa', 'a.json:1:10: expected a JSON value, found "swa"'],
    ['a comma too many', '{"name": "a",}', 'a.json:1:14: expected a key in double quotes, found "}"'],
    ['single quotes', "{'name': 1}", 'a.json:1:2: expected a key in double quotes, found "\'"'],
    ['a comment', '{\n // hm\n}', 'a.json:2:2: expected a key in double quotes, found "/"'],
    ['YAML in a JSON file', SWARM, 'a.json:1:1: expected a JSON value, found "name"'],
    ['text after the end', '{} {}', 'a.json:1:4: expected the end of the document, found "{"'],
    [
      'a key that comes twice',
      '{"name": "a",\n "na\\u006de": "b"}',
      'a.json:2:2: expected each key once, found "na\\\\u006de"',
    ],
    [
      'an unknown key',
      '{"name": "a", "workload": {"kind": "idle",\n  "vnode": 3}}',
      'a.json:2:3: workload: expected one of kind, vnodes, duration, found the unknown key "vnode" (did you mean "vnodes"?)',
    ],
  ])('of strict JSON too: %s', (_what, text, line) => {
    expect(refusal(text, 'a.json')).toBe(line);
  });

  it('is the first of several, and their number is told', () => {
    expect(refusal('name: a\nworkload: {kind: swarm, peers: 0, file: 3}\nlimits: x\nzzz: 1\n')).toBe(
      'a.yaml:2:32: workload.peers: expected a whole number from 1 to 1000000, found 0 (and 3 more mistakes)',
    );
  });

  it('in a profile is told just so', () => {
    const text =
      'name: a\ntitle: A\nhardware:\n  memory: {value: 2GB, source: measured, note: x}\n  disk: {value: 2, source: measured, note: x}\n';
    expect(message(() => check(parseDocument('h.yaml', text), hostProfileSchema, 'profile'))).toMatch(
      /^h\.yaml:1:1: expected defaultTechnology: lxc, openvz, jail, vserver, xen or kvm, found nothing \(and \d more mistakes\)$/,
    );
  });

  it.each([
    ['[', '['.repeat(100_000)],
    ['{"a":', '{"a":'.repeat(100_000)],
    ['- ', '- '.repeat(50_000)],
    ['indentation', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('of nesting without end does not end the program: %s', (_what, text) => {
    for (const source of ['a.yaml', 'a.json']) expect(refusal(text, source)).toMatch(/^a\.\w+:\d+:\d+: expected /);
  });

  it('is found among ten thousand others', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(refusal(`${SWARM}${keys}`)).toContain('the unknown key "k0" (and 9999 more mistakes)');
  });

  it('quotes what it found on one line, cut and escaped', () => {
    const odd = `\\u202e\\n${'x'.repeat(200)}`;
    const line = refusal(`{"name": "${odd}", "workload": {"kind": "idle"}}`, 'a.json');
    expect(line.length).toBeLessThan(200);
    expect(line).toContain('\\u202e\\n');
  });
});

describe('a file', () => {
  let folder: string;
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rangefit-documents-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('that is not there, or not a file, is told apart', () => {
    mkdirSync(join(folder, 'sub.yaml'));
    const line = (path: string) => message(() => readDocument(path, 'x.yaml'));
    expect(line(join(folder, 'none.yaml'))).toBe('x.yaml: expected a document to read, found no such file');
    expect(line(join(folder, 'sub.yaml'))).toBe('x.yaml: expected a document to read, found a directory');
    expect(line('a\0b.yaml')).toBe('x.yaml: expected a document to read, found a name with a null byte');
    expect(line(join(folder, 'x'.repeat(300)))).toContain('a name that is too long');
    expect(line(join(file('plain.yaml', SWARM), 'a.yaml'))).toContain('not a directory');
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is told', () => {
    const path = file('secret.yaml', SWARM);
    chmodSync(path, 0);
    expect(message(() => readDocument(path))).toContain('no permission to read it');
  });

  it('of ten megabytes of noise is refused by its size', () => {
    const noise = file('noise.yaml', Buffer.alloc(10_000_000, 'q7{['));
    expect(message(() => readDocument(noise, 'noise.yaml'))).toBe(
      'noise.yaml: expected a document of at most 1048576 bytes, found 10000000 bytes',
    );
  });

  it('that is not text is refused where it is not', () => {
    expect(message(() => readDocument(file('b.yaml', Buffer.from([0x61, 0x0a, 0x62, 0x00])), 'b'))).toBe(
      'b:2:2: expected text, found a control character (\\u0000)',
    );
    expect(message(() => readDocument(file('u.json', Buffer.from([0x22, 0xff, 0x22])), 'u'))).toBe(
      'u:1:2: expected text, found bytes that are not UTF-8',
    );
  });

  it('may begin with a byte order mark and end its lines as Windows does', () => {
    const path = file('bom.yaml', `\ufeff${SWARM.replaceAll('\n', '\r\n')}`);
    expect(check(readDocument(path), scenarioSchema, 'scenario').name).toBe('a');
  });
});
