// The only place that starts processes. A command is a program with a list of arguments; there are no shell strings.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { execa, type Options, type Result } from 'execa';
import { RUN_VARIABLE } from './names.js';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** A file that takes standard output and error instead of the result; its end is the error of one that failed. */
  readonly output?: string;
  /** Seconds after which it is killed; 60 unless told. */
  readonly timeout?: number;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** By a signal, or for want of an end; `stderr` says which where the command said nothing. */
  readonly killed?: boolean;
}

/** A process that goes on while the run does. */
export interface Running {
  readonly pid: number;
  /** Asks it to end (SIGINT unless told), kills it after five seconds, and gives what it printed. */
  stop(signal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<Outcome>;
  readonly done: Promise<Outcome>;
  /** Standard output so far. */
  output(): string;
}

export interface Shell {
  /** Waits for the end. @throws CommandFailed on any code but 0. */
  run(command: Command): Promise<Outcome>;
  /** Waits for the end, whatever the code. */
  attempt(command: Command): Promise<Outcome>;
  start(command: Command): Running;
  /** Terminal in, terminal out; returns the code. */
  interactive(command: Command): Promise<number>;
}

/** A command of ours that should have worked; its own words are in the message. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  constructor(command: Command, outcome: Outcome) {
    const said = (outcome.stderr.trim() || outcome.stdout.trim()).split('\n').slice(-6).join('\n');
    super(`${commandLine(command)} ended with ${outcome.code}${said ? `:\n${said}` : ''}`);
  }
}

/** As one would type it; for reading only. */
export function commandLine(command: Command): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const line = [command.program, ...command.args].map(quote).join(' ');
  return command.input === undefined ? line : `${line} <<END\n${command.input.trimEnd()}\nEND`;
}

/** Fixed, so that nothing in the user's own folders can stand in for a system program. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What a program that cannot be found or started ends with in every shell. */
const NOT_FOUND = 127;

/** Why a command that said nothing ended otherwise than by its own exit; empty where it did exit. */
function notItsOwnEnd(result: Pick<Result, 'timedOut' | 'durationMs' | 'signal' | 'originalMessage'>): string {
  if (result.timedOut) return `killed after ${Math.round(result.durationMs / 1000)} s without an end`;
  if (result.signal !== undefined) return `killed by ${result.signal}`;
  return result.originalMessage ?? '';
}

/** Bytes of a file that are enough to say what went wrong. */
const LAST_WORDS = 2048;

/** The end of what a program wrote into a file from an offset on; empty where it wrote nothing, or the file is gone. */
function lastWords(path: string, from: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const start = Math.max(from, fstatSync(file).size - LAST_WORDS);
      const content = Buffer.alloc(LAST_WORDS);
      return content.toString('utf8', 0, readSync(file, content, 0, LAST_WORDS, start));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** Runs commands for real. `run` marks every process with the run it belongs to. */
export function hostShell(run?: string): Shell {
  const environment = { PATH, LC_ALL: 'C', HOME: '/root', ...(run === undefined ? {} : { [RUN_VARIABLE]: run }) };
  const launch = (command: Command) => {
    const file = command.output === undefined ? undefined : openSync(command.output, 'a', 0o644);
    const written = file === undefined ? 0 : fstatSync(file).size;
    // execa takes any descriptor; its types know those below ten only.
    const sink = file === undefined ? 'pipe' : (file as 1);
    const options: Options = {
      cwd: '/',
      env: environment,
      extendEnv: false,
      reject: false,
      ...(command.input === undefined ? { stdin: 'ignore' } : { input: command.input }),
      stdout: sink,
      stderr: sink,
      maxBuffer: 64 * 2 ** 20,
      ...(command.timeout === Number.POSITIVE_INFINITY ? {} : { timeout: (command.timeout ?? 60) * 1000 }),
    };
    const child = execa(command.program, [...command.args], options);
    if (file !== undefined) closeSync(file);
    const done = child.then(
      (result): Outcome => ({
        stdout: typeof result.stdout === 'string' ? result.stdout : '',
        stderr:
          (typeof result.stderr === 'string' && result.stderr) ||
          notItsOwnEnd(result) ||
          (result.failed && command.output !== undefined ? lastWords(command.output, written) : ''),
        code: result.exitCode ?? (result.code === 'ENOENT' ? NOT_FOUND : 128),
        killed: result.timedOut || result.signal !== undefined,
      }),
    );
    return { child, done };
  };
  return {
    async run(command) {
      const outcome = await launch(command).done;
      if (outcome.code !== 0) throw new CommandFailed(command, outcome);
      return outcome;
    },
    attempt: (command) => launch(command).done,
    start(command) {
      const { child, done } = launch({ timeout: Number.POSITIVE_INFINITY, ...command });
      let printed = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
      return {
        pid: child.pid ?? 0,
        done,
        output: () => printed,
        async stop(signal = 'SIGINT') {
          child.kill(signal);
          const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
          const outcome = await done;
          clearTimeout(killer);
          return outcome;
        },
      };
    },
    async interactive(command) {
      const result = await execa(command.program, [...command.args], {
        cwd: '/',
        env: { ...environment, TERM: process.env.TERM ?? 'dumb' },
        extendEnv: false,
        reject: false,
        stdio: 'inherit',
      });
      return result.exitCode ?? (result.code === 'ENOENT' ? NOT_FOUND : 128);
    },
  };
}

/** Tells every command instead of running it; each is taken to succeed in silence. */
export function dryShell(tell: (line: string) => void): Shell {
  const silent: Outcome = { stdout: '', stderr: '', code: 0 };
  const say = async (command: Command) => {
    tell(commandLine(command));
    return silent;
  };
  return {
    run: say,
    attempt: say,
    start(command) {
      tell(`${commandLine(command)} &`);
      return { pid: 0, done: Promise.resolve(silent), output: () => '', stop: async () => silent };
    },
    async interactive(command) {
      tell(commandLine(command));
      return 0;
    },
  };
}

/** Runs `act` on every item, at most `limit` at the same time; the first failure stops new ones and is thrown. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  act: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        await act(items[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
}
