// Snippets of the documentation: fenced blocks whose commands are run, and whose output is held against what is printed.
//
//   ```console [slow] [root] [measured]   lines that start with "$ " are commands, the others their standard output; a
//                                         line "..." stands for any lines, and "..." in a line for anything in it;
//                                         measured: numbers may differ
//   ```sh [slow] [root]                   every line is a command
//   ```                                   the same as sh slow
//   ```yaml file=NAME                     a file for the commands that follow
//
// A command whose line ends with "# exits with N", or "N or M", ends so; any other with 0.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { packageRoot } from '../../experiments/package-root.js';
import { npmEnvironment } from '../npm-environment.js';

const root = packageRoot();

export interface Block {
  /** Where it begins: `docs/tutorial.md:12`. */
  readonly place: string;
  /** `console`, `sh`, `yaml`, ... */
  readonly language: string;
  readonly marks: readonly string[];
  readonly lines: readonly string[];
}

interface Step {
  readonly command: string;
  /** undefined: nothing is said of it. */
  readonly expected: readonly string[] | undefined;
}

export type Cost = 'quick' | 'slow' | 'root';

/** What a block is that says nothing of itself. */
const UNMARKED = 'sh slow';

/** Fenced blocks of a Markdown file below the root, in order. */
export function blocksOf(file: string): Block[] {
  const blocks: Block[] = [];
  let open: { place: string; language: string; marks: string[]; lines: string[] } | undefined;
  for (const [i, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      blocks.push(open);
      open = undefined;
    } else {
      const [language = '', ...marks] = ((fence[1] ?? '').trim() || UNMARKED).split(/\s+/);
      open = { place: `${file}:${i + 1}`, language, marks, lines: [] };
    }
  }
  return blocks;
}

export const costOf = ({ marks }: Block): Cost =>
  marks.includes('root') ? 'root' : marks.includes('slow') ? 'slow' : 'quick';

/** The name under which a block is a file; undefined: it is none. */
export const fileOf = ({ marks }: Block): string | undefined =>
  marks.find((mark) => mark.startsWith('file='))?.slice('file='.length);

/** Whether nothing that the command does could be wrong. */
export const saysNothing = ({ command, expected = [] }: Step): boolean =>
  command.includes('|| true') || (expected.length > 0 && expected.every((line) => line === ANY));

/** Commands of a block, in order. */
export function stepsOf({ language, lines }: Block): Step[] {
  if (language === 'sh')
    return lines
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((command) => ({ command, expected: undefined }));
  const steps: { command: string; expected: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] });
    else steps.at(-1)?.expected.push(line);
  }
  return steps;
}

/** Stands for what differs from machine to machine, and for what is not shown. */
const ANY = '...';

const shape = (line: string): string => line.replace(/\d[\d,]*(\.\d+)?/g, '#').replace(/\s+/g, ' ');

/** `...` in the expected line stands for anything. */
function alike(expected: string, actual: string): boolean {
  const parts = expected.split(ANY).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(actual);
}

/** Whether the lines are as expected, `...` standing for any. */
export function agrees(expected: readonly string[], actual: readonly string[], measured: boolean): boolean {
  const same = (a: string, b: string) => (measured ? alike(shape(a), shape(b)) : alike(a.trimEnd(), b.trimEnd()));
  const from = (e: number, a: number): boolean => {
    if (e === expected.length) return a === actual.length;
    if (expected[e] === ANY) return from(e + 1, a) || (a < actual.length && from(e, a + 1));
    return a < actual.length && same(expected[e] as string, actual[a] as string) && from(e + 1, a + 1);
  };
  return from(0, 0);
}

/** Longer than any of them should take, in milliseconds: a calibration takes half an hour. */
const PATIENCE = 60 * 60_000;

/** A folder like a clone that was built, in which the commands of one page are run, one after the other, as its reader would. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'rangefit-docs-'));
  private here: string;
  private readonly environment: NodeJS.ProcessEnv;

  constructor() {
    this.here = join(this.folder, 'rangefit');
    mkdirSync(this.here);
    // What npm needs of a clone that was built.
    for (const name of ['package.json', 'dist', 'docs']) symlinkSync(join(root, name), join(this.here, name));
    const programs = join(this.folder, 'bin');
    mkdirSync(programs);
    const sudo = '#!/bin/sh\n[ "$(id -u)" = 0 ] && exec "$@"\nexit 1\n';
    writeFileSync(join(programs, 'sudo'), sudo, { mode: 0o755 });
    this.environment = {
      ...npmEnvironment(),
      PATH: `${programs}${delimiter}${process.env.PATH}`,
      RANGEFIT_HOME: join(this.folder, 'home'),
      NO_COLOR: '1',
      COLUMNS: '80',
      npm_config_cache: join(this.folder, 'npm'),
      npm_config_loglevel: 'error',
      npm_config_update_notifier: 'false',
    };
  }

  /** @returns what went wrong, in words; empty: nothing. */
  run(block: Block): string[] {
    const file = fileOf(block);
    if (file !== undefined) {
      writeFileSync(join(this.here, basename(file)), `${block.lines.join('\n')}\n`);
      return [];
    }
    return stepsOf(block).flatMap((step) => this.step(step, block));
  }

  private step({ command, expected }: Step, { place, marks }: Block): string[] {
    const pwd = join(this.folder, 'pwd');
    const asked = command.replaceAll('<this repository>', root);
    const { stdout, stderr, status, signal, error } = spawnSync(
      'bash',
      ['-c', `${asked}\ncode=$?; pwd > ${pwd}; exit $code`],
      {
        cwd: this.here,
        env: this.environment,
        encoding: 'utf8',
        timeout: PATIENCE,
        maxBuffer: 2 ** 28,
      },
    );
    const told = `${place}: $ ${command}`;
    if (status === null) return [`${told}\nwas ended (${error?.message ?? signal}):\n${stdout}${stderr}`];
    this.here = readFileSync(pwd, 'utf8').trim();
    const codes = /# exits with ([\d or]+)$/.exec(command)?.[1] ?? '0';
    if (!codes.split(' or ').includes(String(status)))
      return [`${told}\nended with ${status} instead of ${codes}:\n${stdout}${stderr}`];
    if (expected === undefined || agrees(expected, lines(stdout), marks.includes('measured'))) return [];
    return [`${told}\nprinted\n${stdout}instead of\n${expected.join('\n')}`];
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const lines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
