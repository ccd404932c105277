// Reads a document from a file: what is not a readable text of sensible size is told apart before it is parsed.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../../models/index.js';
import { escaped } from './found.js';
import { parseJson } from './json.js';
import { type Located, placeAt, written } from './located.js';
import { parseYaml } from './yaml.js';

/** Scenarios and profiles are written by people: a thousand times smaller than this. Records are not. */
const LARGEST_WRITTEN = 2 ** 20;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file: a part of the path is not a directory',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EISDIR: 'a directory',
  ELOOP: 'a loop of symbolic links',
  ENAMETOOLONG: 'a name that is too long',
};

const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

function bytesOf(path: string, source: string, largest: number): Buffer {
  const wanted = 'a document to read';
  if (path.includes('\0')) throw new InputError(source, wanted, 'a name with a null byte');
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const status = fstatSync(file);
    if (status.isDirectory()) throw new InputError(source, wanted, 'a directory');
    if (status.size > largest)
      throw new InputError(source, `a document of at most ${largest} bytes`, `${status.size} bytes`);
    const buffer = Buffer.alloc(largest + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length <= largest; length += got)
      got = readSync(file, buffer, length, buffer.length - length, null);
    if (length > largest) throw new InputError(source, `a document of at most ${largest} bytes`, 'more');
    return buffer.subarray(0, length);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new InputError(source, wanted, REASONS[code] ?? code);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** UTF-8 without control characters other than tab, line feed and carriage return; a byte order mark is dropped. */
function textOf(bytes: Buffer, source: string): string {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  // Invalid octets decode to the replacement character, which a document has no reason to contain.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(text);
  if (odd) {
    const what = odd[0] === '\ufffd' ? 'bytes that are not UTF-8' : `a control character (${escaped(odd[0])})`;
    throw new InputError(written(placeAt(source, text, odd.index)), 'text', what);
  }
  return text;
}

/** Parses a text as the name of its source says: `.json` is strict JSON, anything else YAML. */
export function parseDocument(source: string, text: string): Located {
  if (text.trim() === '') throw new InputError(`${source}:1:1`, 'a document', 'an empty file');
  return source.toLowerCase().endsWith('.json') ? parseJson(source, text) : parseYaml(source, text);
}

/** A file's text. @throws InputError for everything unreadable. */
export function readText(path: string, largest: number): string {
  const source = escaped(path);
  return textOf(bytesOf(path, source, largest), source);
}

/** `called`: how the messages name the file; absent: as the path. @throws InputError for everything unreadable. */
export function readDocument(path: string, called = path, largest = LARGEST_WRITTEN): Located {
  const source = escaped(called);
  return parseDocument(source, textOf(bytesOf(path, source, largest), source));
}
