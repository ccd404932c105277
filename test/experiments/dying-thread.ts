// A worker thread that dies in the middle of its first run on a real host, once: for tests that nobody notices.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { built } from '../built.js';

/** Writes its module. @returns the file, for ThreadRuns; `folder` keeps the mark that it died. */
export function dyingThread(folder: string): { readonly file: string; readonly mark: string } {
  const mark = join(folder, 'died');
  const file = join(folder, 'work.mjs');
  const worker = JSON.stringify(pathToFileURL(built('experiments/worker.js')).href);
  writeFileSync(
    file,
    `import * as fs from 'node:fs';
     import * as real from ${worker};
     export function work(job) {
       if (job.host.ideal || fs.existsSync(${JSON.stringify(mark)})) return real.work(job);
       fs.writeFileSync(${JSON.stringify(mark)}, '');
       process.exit(9);
     }`,
  );
  return { file, mark };
}
