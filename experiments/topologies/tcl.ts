// As much of Tcl as experiments are described in (Tcl(n), the dodekalogue): words, substitution, variables and arrays,
// set, incr, append, lappend, expr, if, for, foreach, while. What a file says beyond that is given to its own commands.

import { quoted } from '../documents/index.js';
import { refuse } from './raw-graph.js';

/** Told a command's words; gives its value, or undefined when it has no such command. */
export type TclCommand = (words: readonly string[], line: number) => string | undefined;

/** Commands after which a file is taken to loop for ever: enough for 10,000 nodes with some commands each. */
const MOST_COMMANDS = 500_000;
const DEEPEST = 64;
const LONGEST = 2 ** 22;

interface Word {
  readonly text: string;
  /** In braces: nothing in it is substituted. */
  readonly literal: boolean;
}

interface Command {
  readonly words: readonly Word[];
  readonly line: number;
}

const OPERATORS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const calculated: Readonly<Record<string, (a: number, b: number) => number>> = {
  '||': (a, b) => Number(a !== 0 || b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // Between whole numbers Tcl divides to the one below.
  '/': (a, b) => (Number.isInteger(a) && Number.isInteger(b) ? Math.floor(a / b) : a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
};

export class Tcl {
  private readonly variables = new Map<string, string>();
  private commands = 0;

  constructor(
    private readonly source: string,
    private readonly own: TclCommand,
    /** Told each value that a variable gets. */
    private readonly assigned: (name: string, value: string) => void = () => undefined,
  ) {}

  /** @returns the last command's value. @throws InputError with the line of what is wrong. */
  run(script: string, line = 1, depth = 0): string {
    if (depth > DEEPEST) this.fail(line, `at most ${DEEPEST} scripts inside each other`, 'more');
    let value = '';
    for (const command of this.parse(script, line)) {
      if (++this.commands > MOST_COMMANDS) this.fail(command.line, `at most ${MOST_COMMANDS} commands`, 'more');
      const words = command.words.map(({ text, literal }) =>
        literal ? text : this.substitute(text, command.line, depth),
      );
      value = this.call(words, command.line, depth);
    }
    return value;
  }

  private fail(line: number, expected: string, found: string): never {
    refuse(this.source, line, expected, found);
  }

  /** Commands of a script, each with the line that it begins on. */
  private *parse(script: string, first: number): Generator<Command> {
    let at = 0;
    let line = first;
    const skip = (pattern: RegExp) => {
      pattern.lastIndex = at;
      const [passed = ''] = pattern.exec(script) ?? [];
      at += passed.length;
      line += passed.split('\n').length - 1;
    };
    while (at < script.length) {
      skip(/(?:[\s;]|\\\n)*/y);
      if (script[at] === '#') {
        skip(/(?:\\\n|[^\n])*/y);
        continue;
      }
      const begun = line;
      const words: Word[] = [];
      while (at < script.length && script[at] !== '\n' && script[at] !== ';') {
        const end = this.endOfWord(script, at, line);
        const raw = script.slice(at, end);
        const wrapped = raw[0] === '{' || raw[0] === '"';
        words.push({ text: wrapped ? raw.slice(1, -1) : raw, literal: raw[0] === '{' });
        line += raw.split('\n').length - 1;
        at = end;
        skip(/(?:[ \t\r]|\\\n)*/y);
      }
      if (words.length > 0) yield { words, line: begun };
    }
  }

  /** Behind the word that begins at `at`. */
  private endOfWord(script: string, at: number, line: number): number {
    const opening = script[at];
    let end = at;
    if (opening === '{') end = this.closing(script, at, '{', '}', line);
    else if (opening === '"') {
      for (end = at + 1; script[end] !== '"'; end++) {
        if (end >= script.length) this.fail(line, 'a closing "', 'the end of the script');
        if (script[end] === '\\') end++;
        else if (script[end] === '[') end = this.closing(script, end, '[', ']', line) - 1;
      }
      end++;
    } else {
      for (; end < script.length && !/[\s;]/.test(script[end] as string); end++) {
        if (script[end] === '\\') end++;
        else if (script[end] === '[') end = this.closing(script, end, '[', ']', line) - 1;
      }
      return Math.min(end, script.length);
    }
    if (end < script.length && !/[\s;]/.test(script[end] as string))
      this.fail(line, 'a space behind a closing brace or quote', quoted(script.slice(end, end + 10)));
    return end;
  }

  /** Behind the bracket that closes the one at `at`. */
  private closing(script: string, at: number, open: string, close: string, line: number): number {
    let depth = 0;
    for (let end = at; end < script.length; end++) {
      if (script[end] === '\\') end++;
      else if (script[end] === open) depth++;
      else if (script[end] === close && --depth === 0) return end + 1;
    }
    return this.fail(line, `a closing ${close}`, 'the end of the script');
  }

  private substitute(text: string, line: number, depth: number): string {
    let found = '';
    for (let at = 0; at < text.length; ) {
      const character = text[at] as string;
      if (character === '\\') {
        found += text[at + 1] === '\n' ? ' ' : (text[at + 1] ?? '');
        at += 2;
      } else if (character === '[') {
        const end = this.closing(text, at, '[', ']', line);
        found += this.run(text.slice(at + 1, end - 1), line, depth + 1);
        at = end;
      } else if (character === '$') {
        const [whole = '', braced, plain, index] =
          /^\$(?:\{([^}]*)\}|(\w+)(?:\(([^)]*)\))?)/.exec(text.slice(at)) ?? [];
        if (whole === '') this.fail(line, 'a variable behind $', quoted(text.slice(at, at + 10)));
        const name =
          index === undefined ? (braced ?? plain ?? '') : `${plain}(${this.substitute(index, line, depth + 1)})`;
        found += this.variables.get(name) ?? this.fail(line, 'a variable that was set', quoted(name));
        at += whole.length;
      } else {
        found += character;
        at++;
      }
      if (found.length > LONGEST) this.fail(line, `a value of at most ${LONGEST} characters`, 'a longer one');
    }
    return found;
  }

  private assign(name: string, value: string, line: number): string {
    if (value.length > LONGEST) this.fail(line, `a value of at most ${LONGEST} characters`, 'a longer one');
    this.variables.set(name, value);
    this.assigned(name, value);
    return value;
  }

  private call(words: readonly string[], line: number, depth: number): string {
    const [name = '', a = '', b = '', c = '', d = ''] = words;
    const count = words.length - 1;
    const takes = (least: number, most: number, usage: string) => {
      if (count < least || count > most) this.fail(line, usage, `${count} words behind ${name}`);
    };
    switch (name) {
      case 'set':
        takes(1, 2, 'set NAME ?VALUE?');
        return count === 2
          ? this.assign(a, b, line)
          : (this.variables.get(a) ?? this.fail(line, 'a variable that was set', quoted(a)));
      case 'incr': {
        takes(1, 2, 'incr NAME ?BY?');
        const sum = this.number(this.variables.get(a) ?? '0', line) + (count === 2 ? this.number(b, line) : 1);
        return this.assign(a, String(sum), line);
      }
      case 'append':
        return this.assign(a, (this.variables.get(a) ?? '') + words.slice(2).join(''), line);
      case 'lappend': {
        const items = words.slice(2).map((item) => (/^[^\s{}"]+$/.test(item) ? item : `{${item}}`));
        return this.assign(a, [this.variables.get(a), ...items].filter(Boolean).join(' '), line);
      }
      case 'list':
        return words.slice(1).join(' ');
      case 'puts':
      case 'source':
        return '';
      case 'expr':
        return String(this.value(words.slice(1).join(' '), line, depth));
      case 'for':
        takes(4, 4, 'for START TEST NEXT BODY');
        for (this.run(a, line, depth + 1); this.value(b, line, depth) !== 0; this.run(c, line, depth + 1))
          this.run(d, line, depth + 1);
        return '';
      case 'while':
        takes(2, 2, 'while TEST BODY');
        while (this.value(a, line, depth) !== 0) this.run(b, line, depth + 1);
        return '';
      case 'foreach':
        takes(3, 3, 'foreach NAME LIST BODY');
        for (const item of b.split(/\s+/).filter(Boolean)) {
          this.assign(a, item, line);
          this.run(c, line, depth + 1);
        }
        return '';
      case 'if':
        return this.choose(words, line, depth);
      default:
        return this.own(words, line) ?? this.fail(line, 'a command that describes a network', quoted(name));
    }
  }

  /** if TEST ?then? BODY ?elseif TEST BODY ...? ?else BODY? */
  private choose(words: readonly string[], line: number, depth: number): string {
    let at = 1;
    while (at < words.length) {
      const holds = this.value(words[at++] ?? '', line, depth) !== 0;
      if (words[at] === 'then') at++;
      if (holds) return this.run(words[at] ?? '', line, depth + 1);
      at++;
      if (words[at] === 'else') return this.run(words[at + 1] ?? '', line, depth + 1);
      if (words[at] !== 'elseif') return '';
      at++;
    }
    return '';
  }

  private number(text: string, line: number): number {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : this.fail(line, 'a number', quoted(text.slice(0, 40)));
  }

  /** An expression's value: numbers, parentheses, and the usual operators. */
  private value(expression: string, line: number, depth: number): number {
    // A test is looked at anew in each round, and a loop of nothing else must end as well.
    if (++this.commands > MOST_COMMANDS) this.fail(line, `at most ${MOST_COMMANDS} commands`, 'more');
    const text = this.substitute(expression, line, depth);
    const tokens = text.match(/\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|\|\||&&|[=!<>]=|[-+*/%<>!()]|\S/g) ?? [];
    let at = 0;
    const unexpected = (): never => this.fail(line, 'an expression of numbers', quoted(text.slice(0, 40)));
    const single = (nested: number): number => {
      if (nested > DEEPEST) unexpected();
      const token = tokens[at++];
      if (token === '-') return -single(nested + 1);
      if (token === '+') return single(nested + 1);
      if (token === '!') return Number(single(nested + 1) === 0);
      if (token === '(') {
        const inside = level(0, nested + 1);
        return tokens[at++] === ')' ? inside : unexpected();
      }
      return token !== undefined && /^[\d.]/.test(token) ? Number(token) : unexpected();
    };
    const level = (rank: number, nested: number): number => {
      const operators = OPERATORS[rank];
      if (!operators) return single(nested);
      let left = level(rank + 1, nested);
      while (operators.includes(tokens[at] ?? '')) {
        const operator = tokens[at++] as string;
        left = (calculated[operator] as (a: number, b: number) => number)(left, level(rank + 1, nested));
      }
      return left;
    };
    const result = level(0, 0);
    return at === tokens.length && Number.isFinite(result) ? result : unexpected();
  }
}
