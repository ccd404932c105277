// ns-3 beside this simulator: builds our program for it (ns3/star.cc) against the installed library, and runs it.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StarJob } from './star.js';

const run = promisify(execFile);

const SOURCE = fileURLToPath(new URL('../../../test/bench/ns3/star.cc', import.meta.url));
const LIBRARIES = ['applications', 'nix-vector-routing', 'point-to-point', 'internet', 'traffic-control', 'network'];

export interface PeerFigures {
  readonly packetHops: number;
  readonly dropped: number;
  readonly events: number;
  readonly completed: number;
  readonly meanCompletionSeconds: number;
  /** Of its run alone: neither building the program nor setting up its network. */
  readonly wallSeconds: number;
}

export class Ns3 {
  private constructor(private readonly folder: string) {}

  /** An optimised build. Undefined where the library or a compiler is missing, which standard error then says. */
  static async build(): Promise<Ns3 | undefined> {
    const folder = mkdtempSync(join(tmpdir(), 'rangefit-ns3-'));
    const libraries = [...LIBRARIES, 'core'].map((name) => `-lns3-${name}`);
    try {
      await run('g++', ['-std=c++17', '-O3', '-DNDEBUG', '-o', join(folder, 'star'), SOURCE, ...libraries]);
      return new Ns3(folder);
    } catch (error) {
      rmSync(folder, { recursive: true });
      const [first] = (error as Error).message.split('\n').slice(1);
      process.stderr.write(`no ns-3 to compare with (Debian: apt-get install libns3-dev g++): ${first ?? error}\n`);
      return undefined;
    }
  }

  async star({ pairs, bytes }: StarJob): Promise<PeerFigures> {
    const { stdout } = await run(join(this.folder, 'star'), [`--pairs=${pairs}`, `--bytes=${bytes}`]);
    const figures = JSON.parse(stdout) as PeerFigures;
    if (figures.completed !== pairs) throw new Error(`ns-3: ${figures.completed} of ${pairs} pairs finished`);
    return figures;
  }

  /** Takes the built program away. */
  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}
