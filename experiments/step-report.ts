// One line about the present step on standard error: rewritten on a terminal, otherwise a line every 10 s.

export interface StepReport {
  show(line: string): void;
  /** Takes the line away. */
  end(): void;
}

const LINE_INTERVAL_MS = 10_000;

export function openStepReport(quiet: boolean, stream: NodeJS.WriteStream = process.stderr): StepReport {
  let last = Number.NEGATIVE_INFINITY;
  return {
    show(line) {
      if (quiet) return;
      if (stream.isTTY) stream.write(`\r\u001b[K${line}`);
      else if (performance.now() - last >= LINE_INTERVAL_MS) {
        last = performance.now();
        stream.write(`${line}\n`);
      }
    },
    end: () => {
      if (!quiet && stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
