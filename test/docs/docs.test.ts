// README and docs: what they show is what happens, what they point at is there, and what is made is current.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../built.js';
import { parses, wordsOf } from '../experiments/grammar.js';
import { made } from './made.js';
import { blocksOfPage, pages } from './pages.js';
import { agrees, type Block, costOf, Desk, fileOf, saysNothing, stepsOf } from './snippets.js';

/** Languages that are run, those that are files for what is run, and those that only show something. */
const RUN = ['console', 'sh'];
const FILES = ['yaml', 'json', 'csv'];
const SHOWN = ['text', 'ts'];

/** As links name them. */
const headingsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

/** Each call of the program in a command, up to the next. */
const CALLS = /npx rangefit (.*?)(?=npx rangefit|$)/g;
const callsIn = (command: string): string[] =>
  [...command.replace(/npm run (-s )?plan --/, 'npx rangefit plan').matchAll(CALLS)].map(([, line = '']) => line);

const isRun = ({ language }: Block): boolean => RUN.includes(language);

describe.each(pages)('%s', (page) => {
  const blocks = blocksOfPage(page);
  const quick = blocks.filter((block) => isRun(block) && costOf(block) === 'quick');

  it('says of each block whether it is run', () => {
    for (const { place, language } of blocks)
      expect([place, [...RUN, ...FILES, ...SHOWN].includes(language)]).toEqual([place, true]);
  });

  it('has a quick command read every file that it shows', () => {
    for (const [i, block] of blocks.entries()) {
      if (!FILES.includes(block.language)) continue;
      const later = quick.filter((one) => blocks.indexOf(one) > i).flatMap(stepsOf);
      const file = fileOf(block) ?? 'a file without a name';
      expect([block.place, later.some(({ command }) => command.includes(` ${file}`))]).toEqual([block.place, true]);
    }
  });

  it('says what its commands print and how they end, and elides figures only where they are measured', () => {
    for (const block of blocks.filter(isRun)) {
      expect([block.place, stepsOf(block).filter(saysNothing)]).toEqual([block.place, []]);
      if (block.marks.includes('measured')) expect([block.place, costOf(block)]).toEqual([block.place, 'root']);
    }
  });

  it('writes commands that the program takes, where they are not run here', async () => {
    const commands = blocks.filter((block) => isRun(block) && !quick.includes(block)).flatMap(stepsOf);
    for (const line of commands.flatMap(({ command }) => callsIn(command)))
      await expect(parses(wordsOf(line)), line).resolves.toBeDefined();
  });

  it('points at what is there', () => {
    const text = readFileSync(join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(
      ([, to = '']) => !/^https?:/.test(to),
    );
    const missing = targets.filter(([, to = '', heading]) => {
      const file = join(root, to === '' ? page : join(dirname(page), to));
      return !existsSync(file) || (heading !== undefined && !headingsOf(file).includes(heading));
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  it.skipIf(quick.length === 0)('shows what its quick commands print', () => {
    const desk = new Desk();
    try {
      for (const block of blocks)
        if (quick.includes(block) || fileOf(block) !== undefined) expect(desk.run(block)).toEqual([]);
    } finally {
      desk.close();
    }
  });
});

it('is current where it is made of the program (npm run docs:make)', () => {
  const current = made();
  const written = readdirSync(join(root, 'docs/schemas')).map((name) => `docs/schemas/${name}`);
  expect([...current.keys()].filter((file) => file.startsWith('docs/schemas/')).sort()).toEqual(written.sort());
  const stale = [...current].filter(([file, text]) => readFileSync(join(root, file), 'utf8') !== text);
  expect(stale.map(([file]) => file)).toEqual([]);
});

it('compares output line by line, and figures by their shape where they are measured', () => {
  expect(agrees(['a', '...', 'd'], ['a', 'b', 'c', 'd'], false)).toBe(true);
  expect(agrees(['a', '...', 'd'], ['a', 'b', 'c'], false)).toBe(false);
  expect(agrees([], ['a'], false)).toBe(false);
  expect(agrees(['12 pairs in 1.5 s'], ['9 pairs in 10,000 s'], true)).toBe(true);
  expect(agrees(['12 pairs in 1.5 s'], ['12 pairs in 1.6 s'], false)).toBe(false);
  expect(agrees(['12 pairs'], ['12 peers'], true)).toBe(false);
  expect(agrees(['run ... (kept): removed'], ['run 3fa2c1 (kept): removed'], false)).toBe(true);
  expect(agrees(['run ... (kept): removed'], ['run 3fa2c1 (dead): removed'], false)).toBe(false);
  expect(agrees(['12 of ...: a.b'], ['9 of 1,024: a.b'], true)).toBe(true);
  expect(agrees(['a.b'], ['axb'], false)).toBe(false);
});

it('does not take a command for checked whose output is left out, or whose end is', () => {
  const step = (command: string, expected?: string[]) => ({ command, expected });
  expect([step('a'), step('a', []), step('a', ['b', '...'])].filter(saysNothing)).toEqual([]);
  const empty = [step('a', ['...']), step('a || true'), step('a || true', ['b'])];
  expect(empty.filter(saysNothing)).toEqual(empty);
});
