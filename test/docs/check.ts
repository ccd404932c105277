// `npm run docs:check [PLACE...]`: runs the slow and the root snippets of README and docs, or those of a page or at a place (`docs/model.md:51`).
// Ends with 1 when one of them shows what does not happen, and says which it could not run.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../experiments/package-root.js';
import { made } from './made.js';
import { blocksOfPage, pages } from './pages.js';
import { costOf, Desk } from './snippets.js';

const root = packageRoot();

const places = process.argv.slice(2);
const asked = (place: string): boolean =>
  places.length === 0 || places.some((one) => place === one || place.startsWith(`${one}:`));
const isRoot = process.getuid?.() === 0;
let wrong = 0;
let run = 0;

for (const page of pages) {
  const desk = new Desk();
  try {
    for (const block of blocksOfPage(page)) {
      const file = block.marks.some((mark) => mark.startsWith('file='));
      if (!file && (!['console', 'sh'].includes(block.language) || !asked(block.place))) continue;
      if (costOf(block) === 'root' && !isRoot) {
        console.log(`not run, for it needs root: ${block.place}`);
        continue;
      }
      const mistakes = desk.run(block);
      if (!file) {
        run++;
        console.log(`${mistakes.length === 0 ? 'ok' : 'WRONG'}: ${block.place}`);
      }
      for (const mistake of mistakes) console.log(mistake);
      wrong += mistakes.length;
    }
  } finally {
    desk.close();
  }
}
if (places.length === 0)
  for (const [name, text] of made()) {
    const file = join(root, name);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    console.log(`WRONG: ${name} is not what the program says: npm run docs:make`);
    wrong++;
  }
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
console.log(`${run} snippets run at ${commit}, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
