// A benchmark in a process of its own, so that its peak memory is its own: runs it and reads what it says at its end.

import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

export interface Finished {
  readonly output: string;
  readonly wallSeconds: number;
  /** Highest resident memory of the process with its threads. */
  readonly peakBytes: number;
}

/** Loaded first into the measured process; tells the peak through file descriptor 3 (maxRSS is in KiB). */
const REPORT = `data:text/javascript,${encodeURIComponent(
  "import{writeSync}from'node:fs';import{isMainThread}from'node:worker_threads';" +
    "if(isMainThread)process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS*1024)));",
)}`;

/** `file`: compiled, relative to dist. */
export function runChild(file: string, parameters: readonly string[]): Promise<Finished> {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', REPORT, path, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  let output = '';
  let peak = '';
  child.stdio[1]?.on('data', (text: Buffer) => {
    output += text.toString();
  });
  child.stdio[3]?.on('data', (text: Buffer) => {
    peak += text.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`${file} ${parameters.join(' ')} ended with ${code}`));
      else resolve({ output, wallSeconds: (performance.now() - start) / 1000, peakBytes: Number(peak) });
    });
  });
}
