// The pages of the documentation.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../experiments/package-root.js';
import { type Block, blocksOf } from './snippets.js';

const root = packageRoot();

export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

/** Blocks of a page. The README's answer, between its marks, is what its first command prints. */
export function blocksOfPage(page: string): Block[] {
  const blocks = blocksOf(page);
  if (page !== 'README.md') return blocks;
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const [begin, end] = ['begin', 'end'].map((mark) => lines.indexOf(`<!-- answer: ${mark} -->`) + 1);
  return blocks.map((block) => {
    const line = Number(block.place.split(':')[1]);
    if (!begin || !end || line < begin || line > end) return block;
    const command = '$ npx rangefit plan --peers 10000 --host pc3000 --quiet';
    return { ...block, language: 'console', marks: ['slow'], lines: [command, ...block.lines, '...'] };
  });
}
