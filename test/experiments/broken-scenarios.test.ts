// Thousands of broken scenarios: each is either valid or refused in one line with file, line and column.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { check, parseDocument } from '../../experiments/documents/index.js';
import { InputError, scenarioSchema } from '../../models/index.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const VALID: readonly Json[] = [
  {
    format: 'rangefit/scenario',
    formatVersion: 1,
    name: 'swarm',
    description: 'a swarm',
    workload: {
      kind: 'swarm',
      peers: 100,
      seeders: '10%',
      file: '20MB',
      piece: '256KiB',
      client: 'hrktorrent',
      start: '10s',
    },
    link: { up: '32KB/s', down: '128KB/s', delay: '1ms', loss: '0%', burst: '20kB', queue: '100kB' },
    network: { attach: 'bridge', mtu: 1500, gso: true, window: '128KiB', addresses: '198.18.0.0/15' },
    tcp: 'cubic',
    limits: 'raised',
    deadline: '2h',
  },
  {
    name: 'pairs',
    workload: { kind: 'pairs', pairs: 10, transport: 'udp', duration: '10s', rate: '1Mbit/s', packet: '100B' },
    network: { core: { hops: 8, rate: '50Mbit/s', delay: '1ms', tick: '100us' } },
  },
  { name: 'idle', workload: { kind: 'idle', vnodes: 3, duration: '30s' }, link: { up: 'unshaped' } },
  { name: 'busy', workload: { kind: 'busy', shares: [25, 75] } },
];

const WRONG: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  -0,
  '',
  ' ',
  'x',
  '32',
  '32kb/s',
  '32 KBps',
  '10',
  '1e9999MB',
  '-5MB',
  '0B',
  '0s',
  'NaN',
  '99999999h',
  '5%%',
  '__proto__',
  '\u202e\n\t',
  '日本語',
  'a'.repeat(5000),
  [],
  {},
  [[]],
  { a: 1 },
  ['x', null],
  { kind: 'swarm' },
];
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'peeers',
  'Link',
  '',
  ' ',
  '0',
  'up',
  'x'.repeat(200),
  'k\n',
  '日本語',
  'kind',
];

/** Every mapping and list of the document. */
function containers(value: Json): (Json[] | { [key: string]: Json })[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containers)];
}

/** One change, chosen by the numbers: a key gone, added, renamed; a value of a wrong kind, or another's; a wrong unit. */
function mutate(document: Json, [where, what, first, second]: readonly [number, number, number, number]): void {
  const all = containers(document);
  const target = all[where % all.length] as { [key: string]: Json };
  const keys = Object.keys(target);
  const key = keys[first % Math.max(1, keys.length)] ?? 'new';
  const set = (name: string, value: Json) =>
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  const wrong = structuredClone(WRONG[second % WRONG.length] as Json);
  switch (what % 6) {
    case 0:
      delete target[key];
      break;
    case 1:
      set(KEYS[second % KEYS.length] as string, wrong);
      break;
    case 2:
      set(KEYS[second % KEYS.length] as string, target[key] ?? null);
      delete target[key];
      break;
    case 3:
      set(key, wrong);
      break;
    case 4: {
      const other = all[second % all.length] as { [key: string]: Json };
      set(key, structuredClone(Object.values(other)[first % Math.max(1, Object.keys(other).length)] ?? null));
      break;
    }
    default: {
      const value = target[key];
      if (typeof value === 'string')
        set(key, value.replace(/[KMG]?i?B|bit|s$|%/, ['', 'b', 'x', 'Kb', 'B', '/s', 'S'][second % 7] as string));
      else if (typeof value === 'number')
        set(key, [-value, value / 3, value * 1e12, String(value)][second % 4] as Json);
    }
  }
}

const number = fc.nat(10_000);
const mutations = fc.array(fc.tuple(number, number, number, number), { minLength: 1, maxLength: 4 });
const broken = fc.tuple(fc.nat(VALID.length - 1), mutations).map(([which, changes]) => {
  const document = structuredClone(VALID[which] as Json);
  for (const change of changes) mutate(document, change);
  return document;
});
const asText = fc
  .tuple(broken, fc.boolean())
  .map(([document, json]) =>
    json
      ? { source: 's.json', text: JSON.stringify(document, null, 2) }
      : { source: 's.yaml', text: stringify(document) },
  );
/** The text cut off, or some of its characters replaced by what is special in YAML and JSON. */
const damaged = fc
  .tuple(
    asText,
    fc.nat(1000),
    fc.array(fc.tuple(fc.nat(2000), fc.constantFrom(...'{}[]:,-?&*!|>\'"%@`#~\\\n\t \0\ufeff\u2028é')), {
      maxLength: 4,
    }),
  )
  .map(([{ source, text }, cut, marks]) => {
    let result = text.slice(0, Math.floor((text.length * cut) / 1000));
    for (const [at, mark] of marks)
      result = result.slice(0, at % (result.length + 1)) + mark + result.slice(at % (result.length + 1));
    return { source, text: result };
  });
const noise = fc
  .tuple(
    fc.constantFrom('s.json', 's.yaml'),
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json(),
      fc.string({ unit: fc.constantFrom(...'{}[]:,-?&*!|>\'"%@`#~ \n\ta1'), maxLength: 300 }),
    ),
  )
  .map(([source, text]) => ({ source, text }));

let refused = 0;
let taken = 0;

function load({ source, text }: { source: string; text: string }): void {
  try {
    const scenario = check(parseDocument(source, text), scenarioSchema, 'scenario');
    expect(scenarioSchema.safeEncode(scenario).success).toBe(true);
    taken++;
  } catch (error) {
    if (!(error instanceof InputError))
      throw new Error(`not an InputError for ${JSON.stringify(text)}`, { cause: error });
    expect(error.message).toMatch(/^s\.(json|yaml):[1-9]\d*:[1-9]\d*: [^\n\r\u2028\u2029\p{Cc}]+$/u);
    expect(error.message).toMatch(/expected .+, found .+/);
    expect(error.message.length).toBeLessThan(700);
    refused++;
  }
}

describe('a broken scenario', () => {
  it.each(VALID.map((document) => [(document as { name: string }).name, document] as const))(
    'starts from a valid one: %s',
    (_name, document) => {
      expect(scenarioSchema.safeParse(document).error).toBeUndefined();
    },
  );

  it.each([
    ['wrong keys, kinds, units and values', asText, 2500],
    ['texts cut off or damaged', damaged, 2500],
    ['noise', noise, 1500],
  ] as const)(
    'is valid after all, or refused in one line with file, line and column: %s',
    (_what, documents, numRuns) => {
      fc.assert(fc.property(documents as fc.Arbitrary<{ source: string; text: string }>, load), {
        numRuns,
        seed: 20_100_624,
      });
    },
  );

  it('was refused thousands of times, and now and then was none', () => {
    expect(refused).toBeGreaterThan(4000);
    expect(taken).toBeGreaterThan(100);
  });
});

describe('a key called __proto__', () => {
  it.each(['s.json', 's.yaml'])('is an unknown key like any other: %s', (source) => {
    const text = '{"name": "a", "workload": {"kind": "idle"}, "__proto__": {"tcp": "reno"}}';
    expect(() => check(parseDocument(source, text), scenarioSchema, 'scenario')).toThrow('the unknown key "__proto__"');
  });
});
