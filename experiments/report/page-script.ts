// Scripts of pages: files of their own in experiments/page/, put into a page as they are.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** `zoom`: the text of experiments/page/zoom.js. */
export const pageScript = (name: string): string =>
  readFileSync(join(packageRoot(), 'experiments/page', `${name}.js`), 'utf8').trim();
