// A record log: JSON lines that are on disk when `add` returns, and that a kill in the middle of a line does not spoil.

import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { InputError } from '../models/index.js';
import { escaped } from './documents/index.js';

const NEWLINE = 0x0a;
const CHUNK = 65_536;

/** A file of one JSON value a line, in the order they were added. Memory does not grow with it. */
export class RecordLog {
  private readonly file: number;

  /**
   * Opens or creates the file; a last line that a kill cut off is taken away.
   * @param read leaves the file as it is: another process may be writing.
   */
  constructor(
    private readonly path: string,
    read = false,
  ) {
    this.file = openSync(path, read ? 'r' : 'a+');
    if (read) return;
    const { size } = fstatSync(this.file);
    const whole = this.endOfLastLine(size);
    if (whole < size) ftruncateSync(this.file, whole);
  }

  /** On disk when it returns. */
  add(value: unknown): void {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    for (let written = 0; written < line.length; ) written += writeSync(this.file, line, written);
    fsyncSync(this.file);
  }

  /** Every value so far, read from the file one by one. @throws InputError with the line of one that is no JSON. */
  *values(): Generator<unknown> {
    let number = 0;
    for (const line of this.lines()) {
      number++;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        throw new InputError(`${escaped(this.path)}:${number}`, 'a record in JSON', `"${escaped(line.slice(0, 40))}"`);
      }
      yield value;
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private *lines(): Generator<string> {
    const chunk = Buffer.alloc(CHUNK);
    let parts: Buffer[] = [];
    let position = 0;
    for (;;) {
      const length = readSync(this.file, chunk, 0, CHUNK, position);
      if (length === 0) return;
      position += length;
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0 && end < length; end = chunk.indexOf(NEWLINE, start)) {
        parts.push(Buffer.from(chunk.subarray(start, end)));
        yield Buffer.concat(parts).toString('utf8');
        parts = [];
        start = end + 1;
      }
      if (start < length) parts.push(Buffer.from(chunk.subarray(start, length)));
    }
  }

  /** The offset after the last line feed; 0 without any. */
  private endOfLastLine(size: number): number {
    const chunk = Buffer.alloc(CHUNK);
    for (let end = size; end > 0; ) {
      const start = Math.max(0, end - CHUNK);
      const length = readSync(this.file, chunk, 0, end - start, start);
      const last = chunk.subarray(0, length).lastIndexOf(NEWLINE);
      if (last >= 0) return start + last + 1;
      end = start;
    }
    return 0;
  }
}
