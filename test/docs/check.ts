// `npm run docs:check [PLACE...]`: runs the slow and the root snippets of README and docs, or those of a page or at a place
// (`docs/model.md:51`), and holds the README's list of what the simulator misses against a run of `reproduce`.
// Ends with 1 when one of them shows what does not happen, and says which it could not run.

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../experiments/package-root.js';
import { crossesLine, crossesOf, wrongCrosses } from './crosses.js';
import { blocksOfPage, pages } from './pages.js';
import { costOf, Desk, fileOf } from './snippets.js';

const root = packageRoot();

const places = process.argv.slice(2);
const asked = (place: string): boolean =>
  places.length === 0 || places.some((one) => place === one || place.startsWith(`${one}:`));
const isRoot = process.getuid?.() === 0;
let wrong = 0;
let run = 0;

function told(place: string, mistakes: readonly string[]): void {
  run++;
  wrong += mistakes.length;
  console.log([`${mistakes.length === 0 ? 'ok' : 'WRONG'}: ${place}`, ...mistakes].join('\n'));
}

for (const page of pages) {
  const desk = new Desk();
  try {
    for (const block of blocksOfPage(page)) {
      const file = fileOf(block) !== undefined;
      if (!file && (!['console', 'sh'].includes(block.language) || !asked(block.place))) continue;
      if (costOf(block) === 'root' && !isRoot) {
        console.log(`not run, for it needs root: ${block.place}`);
        continue;
      }
      const mistakes = desk.run(block);
      if (!file) told(block.place, mistakes);
    }
  } finally {
    desk.close();
  }
}
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const list = `README.md:${crossesLine(readme)}`;
if (asked(list)) {
  // It ends with 1 because of what is listed.
  const words = ['dist/experiments/cli.js', 'reproduce', '--no-emulate', '--json', '--quiet'];
  const { stdout } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  told(list, wrongCrosses(crossesOf(readme), JSON.parse(stdout).rows));
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
console.log(`${run} snippets run at ${commit}, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
