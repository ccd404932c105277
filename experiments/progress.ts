// Progress of a long verb on standard error: a bar on a terminal, otherwise one line every 10 s.

import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** What is being done now, in a few words. */
  phase(text: string): void;
  /** Takes the bar or the timer away. */
  end(): void;
}

interface Counted {
  readonly asked: number;
  readonly finished: number;
}

const LINE_INTERVAL_MS = 10_000;
const BAR_INTERVAL_MS = 200;

const silent: Progress = { phase: () => undefined, end: () => undefined };

/** Progress of `runs`. `quiet`: none at all. */
export function openProgress(runs: Counted, quiet: boolean, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (quiet) return silent;
  return stream.isTTY ? bar(runs, stream) : lines(runs, stream);
}

function bar(runs: Counted, stream: NodeJS.WriteStream): Progress {
  const drawn = new SingleBar(
    { format: '{bar} {value}/{total} runs  {text}', hideCursor: true, clearOnComplete: true, linewrap: false, stream },
    Presets.shades_classic,
  );
  let text = '';
  drawn.start(Math.max(1, runs.asked), 0, { text });
  const timer = setInterval(() => {
    drawn.setTotal(Math.max(1, runs.asked));
    drawn.update(runs.finished, { text });
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

function lines(runs: Counted, stream: NodeJS.WriteStream): Progress {
  let text = '';
  const timer = setInterval(
    () => stream.write(`${runs.finished} of ${runs.asked} runs done: ${text}\n`),
    LINE_INTERVAL_MS,
  );
  timer.unref();
  return {
    phase: (now) => {
      text = now;
    },
    end: () => clearInterval(timer),
  };
}
