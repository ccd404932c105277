// README and docs: what they show is what happens, and what they point at is there.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../built.js';
import { blocksOfPage, pages } from './pages.js';
import { agrees, costOf, Desk } from './snippets.js';

/** Languages that are run, and those that only show something. */
const RUN = ['console', 'sh'];
const SHOWN = ['text', 'ts', 'yaml', 'json', 'csv'];

describe.each(pages)('%s', (page) => {
  const blocks = blocksOfPage(page);
  const quick = blocks.filter((block) => RUN.includes(block.language) && costOf(block) === 'quick');

  it('says of each block whether it is run', () => {
    for (const { place, language } of blocks)
      expect([place, RUN.includes(language) || SHOWN.includes(language)]).toEqual([place, true]);
  });

  it('points at what is there', () => {
    const text = readFileSync(join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, target = '']) => target);
    const missing = targets.filter((to) => !/^https?:/.test(to) && !existsSync(join(root, dirname(page), to)));
    expect(missing).toEqual([]);
  });

  it.skipIf(quick.length === 0)('shows what its quick commands print', () => {
    const desk = new Desk();
    try {
      const files = blocks.filter(({ marks }) => marks.some((mark) => mark.startsWith('file=')));
      for (const block of blocks)
        if (quick.includes(block) || files.includes(block)) expect(desk.run(block)).toEqual([]);
    } finally {
      desk.close();
    }
  });
});

it('compares output line by line, and figures by their shape where they are measured', () => {
  expect(agrees(['a', '...', 'd'], ['a', 'b', 'c', 'd'], false)).toBe(true);
  expect(agrees(['a', '...', 'd'], ['a', 'b', 'c'], false)).toBe(false);
  expect(agrees([], ['a'], false)).toBe(false);
  expect(agrees(['12 pairs in 1.5 s'], ['9 pairs in 10,000 s'], true)).toBe(true);
  expect(agrees(['12 pairs in 1.5 s'], ['12 pairs in 1.6 s'], false)).toBe(false);
  expect(agrees(['12 pairs'], ['12 peers'], true)).toBe(false);
});
