// Progress of a long verb on standard error: a bar on a terminal, otherwise one line every 10 s.

import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** What is being done now, in a few words. */
  phase(text: string): void;
  /** Takes the bar or the timer away. */
  end(): void;
}

export interface Counted {
  readonly asked: number;
  readonly finished: number;
  /** Of the finished those that an earlier run had finished; absent: none. */
  readonly known?: number;
}

const LINE_INTERVAL_MS = 10_000;
const BAR_INTERVAL_MS = 200;

const silent: Progress = { phase: () => undefined, end: () => undefined };

export interface ProgressOptions {
  /** None at all. */
  readonly quiet: boolean;
  /** What is counted, in the plural; absent: runs. */
  readonly unit?: string;
  /** How many there will be is known, so that the time left can be told. */
  readonly known?: boolean;
  readonly stream?: NodeJS.WriteStream;
}

/** Progress of `runs`. */
export function openProgress(runs: Counted, options: ProgressOptions): Progress {
  const { quiet, unit = 'runs', known = false, stream = process.stderr } = options;
  if (quiet) return silent;
  const left = known ? remaining(runs) : () => '';
  return stream.isTTY ? bar(runs, unit, left, stream) : lines(runs, unit, left, stream);
}

/**
 * What is left takes as long as what was done here: what was known before took no time, and says nothing about it.
 * @param now wall clock in milliseconds. @returns the time left in words; empty while nothing tells it.
 */
export function remaining(runs: Counted, now: () => number = Date.now): () => string {
  let since = now();
  return () => {
    // Before anything is asked for, nothing of it is under way.
    if (runs.asked === 0) since = now();
    const done = runs.finished - (runs.known ?? 0);
    const left = runs.asked - runs.finished;
    if (done <= 0 || left <= 0) return '';
    const seconds = ((now() - since) / 1000 / done) * left;
    return seconds < 90 ? `about ${Math.ceil(seconds)} s left` : `about ${Math.ceil(seconds / 60)} min left`;
  };
}

function bar(runs: Counted, unit: string, left: () => string, stream: NodeJS.WriteStream): Progress {
  const drawn = new SingleBar(
    {
      format: `{bar} {value}/{total} ${unit}  {left}  {text}`,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
      stream,
    },
    Presets.shades_classic,
  );
  let text = '';
  drawn.start(Math.max(1, runs.asked), 0, { text, left: '' });
  const timer = setInterval(() => {
    drawn.setTotal(Math.max(1, runs.asked));
    drawn.update(runs.finished, { text, left: left() });
  }, BAR_INTERVAL_MS);
  timer.unref();
  return {
    phase: (now) => {
      text = now;
    },
    end() {
      clearInterval(timer);
      drawn.stop();
    },
  };
}

function lines(runs: Counted, unit: string, left: () => string, stream: NodeJS.WriteStream): Progress {
  let text = '';
  const timer = setInterval(() => {
    const time = left();
    const told = `${runs.finished} of ${runs.asked} ${unit} done${time === '' ? '' : `, ${time}`}`;
    stream.write(`${told}: ${text}\n`);
  }, LINE_INTERVAL_MS);
  timer.unref();
  return {
    phase: (now) => {
      text = now;
    },
    end: () => clearInterval(timer),
  };
}
