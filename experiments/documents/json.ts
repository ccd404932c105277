// Strict JSON (RFC 8259) with places: nothing but what the RFC allows, each key once, and where a file breaks off.

import { InputError } from '../../models/index.js';
import { quoted } from './found.js';
import { type Located, type Path, type Place, placeAt, written } from './located.js';

/** Deeper than any document of ours, and far from the end of the stack. */
const DEEPEST = 64;
const SPACE = /[ \t\n\r]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;

/** Told of each value: its path and the offsets of its key (or of itself) and of itself. Must not keep `path`. */
type Visit = (path: (string | number)[], key: number, value: number) => void;

class Scanner {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(
    private readonly source: string,
    private readonly text: string,
    private readonly visit: Visit,
  ) {}

  document(): void {
    this.space();
    this.value(this.at);
    if (this.at < this.text.length) this.fail('the end of the document');
  }

  private value(key: number): void {
    this.visit(this.path, key, this.at);
    if (this.path.length > DEEPEST) this.fail(`at most ${DEEPEST} levels of nesting`);
    const first = this.text[this.at];
    if (first === '{') this.members();
    else if (first === '[') this.elements();
    else if (this.match(first === '"' ? STRING : SCALAR) === undefined) this.fail('a JSON value');
    this.space();
  }

  private members(): void {
    this.skip();
    if (this.empty('}')) return;
    const seen = new Set<string>();
    for (;;) {
      const key = this.at;
      const name = this.match(STRING);
      if (name === undefined) this.fail('a key in double quotes');
      const decoded = JSON.parse(name as string) as string;
      if (seen.has(decoded)) this.fail('each key once', key);
      seen.add(decoded);
      this.space();
      if (this.text[this.at] !== ':') this.fail('":"');
      this.skip();
      this.path.push(decoded);
      this.value(key);
      this.path.pop();
      if (this.ends('}')) return;
    }
  }

  private elements(): void {
    this.skip();
    if (this.empty(']')) return;
    for (let index = 0; ; index++) {
      this.path.push(index);
      this.value(this.at);
      this.path.pop();
      if (this.ends(']')) return;
    }
  }

  private empty(close: string): boolean {
    const empty = this.text[this.at] === close;
    if (empty) this.skip();
    return empty;
  }

  private ends(close: string): boolean {
    const ended = this.text[this.at] === close;
    if (!ended && this.text[this.at] !== ',') this.fail(`"," or "${close}"`);
    this.skip();
    return ended;
  }

  /** Past one character and the space after it. */
  private skip(): void {
    this.at++;
    this.space();
  }

  private space(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.text)?.[0];
    if (text !== undefined) this.at += text.length;
    return text;
  }

  private fail(expected: string, offset = this.at): never {
    const rest = /^[\w.+-]+|^"[^"\n]*"?|^./su.exec(this.text.slice(offset, offset + 80))?.[0];
    const what = rest === undefined ? 'the end of the file' : quoted(rest.replace(/^"|"$/g, ''));
    throw new InputError(written(placeAt(this.source, this.text, offset)), expected, what);
  }
}

/** @throws InputError at the first character that is not JSON. */
export function parseJson(source: string, text: string): Located {
  new Scanner(source, text, () => {}).document();
  return {
    source,
    value: JSON.parse(text),
    place(path: Path, of: 'key' | 'value'): Place {
      let offset = 0;
      let depth = -1;
      new Scanner(source, text, (here, key, value) => {
        if (here.length <= depth || here.length > path.length) return;
        if (!here.every((step, i) => step === path[i])) return;
        depth = here.length;
        offset = of === 'key' && depth === path.length ? key : value;
      }).document();
      return placeAt(source, text, offset);
    },
  };
}
