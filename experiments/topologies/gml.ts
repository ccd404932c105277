// GML (Himsolt, GML: a portable graph file format, 1996): keys with numbers, texts or lists in brackets.

import { quoted } from '../documents/index.js';
import { checkEnds, type RawEdge, type RawGraph, type RawPoint, type RawValue, refuse } from './raw-graph.js';

const TOKEN =
  /[ \t\r]+|#[^\n]*|(?<line>\n)|(?<open>\[)|(?<close>\])|(?<text>"[^"]*")|(?<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))|(?<key>[A-Za-z_]\w*)/y;
/** Deeper than any list of either dialect. */
const DEEPEST = 16;

type Kind = 'open' | 'close' | 'text' | 'number' | 'key';
const KINDS: readonly Kind[] = ['open', 'close', 'text', 'number', 'key'];

interface Token {
  readonly kind: Kind | 'end';
  readonly text: string;
  readonly line: number;
}

interface Entry {
  readonly key: string;
  readonly line: number;
  readonly value: string | readonly Entry[];
}

class Tokens {
  private line = 1;
  private at = 0;
  private read: Token | undefined;

  constructor(
    readonly source: string,
    private readonly text: string,
  ) {}

  /** The next token, left in place. */
  peek(): Token {
    this.read ??= this.scan();
    return this.read;
  }

  next(): Token {
    const token = this.peek();
    this.read = undefined;
    return token;
  }

  fail(expected: string, token = this.peek()): never {
    refuse(this.source, token.line, expected, token.kind === 'end' ? 'the end of the file' : quoted(token.text));
  }

  private scan(): Token {
    while (this.at < this.text.length) {
      TOKEN.lastIndex = this.at;
      const match = TOKEN.exec(this.text);
      const line = this.line;
      if (!match) {
        const rest = /^\S{1,30}/.exec(this.text.slice(this.at, this.at + 30))?.[0] ?? '';
        refuse(
          this.source,
          line,
          rest.startsWith('"') ? 'a text that ends' : 'a key, a value or a bracket',
          quoted(rest),
        );
      }
      this.at += match[0].length;
      if (match[0].startsWith('"')) this.line += match[0].split('\n').length - 1;
      if (match.groups?.line !== undefined) this.line++;
      const kind = KINDS.find((name) => match.groups?.[name] !== undefined);
      if (kind) return { kind, text: kind === 'text' ? match[0].slice(1, -1) : match[0], line };
    }
    return { kind: 'end', text: '', line: this.line };
  }
}

function entries(tokens: Tokens, depth: number): Entry[] {
  if (depth > DEEPEST) tokens.fail(`at most ${DEEPEST} levels of brackets`);
  const list: Entry[] = [];
  for (;;) {
    const token = tokens.peek();
    if (token.kind === 'close' ? depth > 0 : token.kind === 'end' && depth === 0) return list;
    if (token.kind !== 'key') tokens.fail(depth > 0 ? 'a key or "]"' : 'a key or the end of the file');
    const { text: key, line } = tokens.next();
    const value = tokens.peek();
    if (value.kind === 'open') {
      tokens.next();
      list.push({ key, line, value: entries(tokens, depth + 1) });
      tokens.next();
    } else if (value.kind === 'number' || value.kind === 'text') list.push({ key, line, value: tokens.next().text });
    else tokens.fail(`a value of ${key}`);
  }
}

/** The named characters of HTML that GML texts may hold (ISO 8859-1), those that occur in names. */
const plain = (text: string): string =>
  text.replace(/&(?:#(\d{1,6})|amp|quot|lt|gt);/g, (all, code: string | undefined) => {
    if (code !== undefined && Number(code) <= 0x10ffff) return String.fromCodePoint(Number(code));
    return { '&amp;': '&', '&quot;': '"', '&lt;': '<', '&gt;': '>' }[all] ?? all;
  });

/** Attributes of a list, lists within it flattened as `graphics.x`; the first of equal keys counts. */
function attributes(list: readonly Entry[], into = new Map<string, RawValue>(), prefix = ''): Map<string, RawValue> {
  for (const { key, line, value } of list) {
    const name = `${prefix}${key}`;
    if (typeof value !== 'string') attributes(value, into, `${name}.`);
    else if (!into.has(name)) into.set(name, { text: plain(value), line });
  }
  return into;
}

function required(source: string, { key, line }: Entry, found: Map<string, RawValue>, name: string): string {
  const value = found.get(name);
  return value ? value.text : refuse(source, line, `${name} of this ${key}`, 'nothing');
}

/** @throws InputError with the line of the first thing that is wrong. */
export function parseGml(source: string, text: string): RawGraph {
  const tokens = new Tokens(source, text);
  const top = entries(tokens, 0);
  const graphs = top.filter(({ key }) => key === 'graph');
  const [graph] = graphs;
  if (!graph) refuse(source, tokens.peek().line, 'graph [ ... ]', 'a file without one');
  if (graphs[1]) refuse(source, graphs[1].line, 'one graph', 'another');
  if (typeof graph.value === 'string') refuse(source, graph.line, 'graph [ ... ]', 'a plain value');
  const points: RawPoint[] = [];
  const edges: RawEdge[] = [];
  let directed = false;
  for (const entry of graph.value) {
    const { key, line, value } = entry;
    if (key === 'directed') {
      if (value !== '0' && value !== '1')
        refuse(source, line, '0 or 1', typeof value === 'string' ? quoted(value) : 'a list');
      directed = value === '1';
    }
    if (key !== 'node' && key !== 'edge') continue;
    if (typeof value === 'string') refuse(source, line, `${key} [ ... ]`, quoted(value));
    const found = attributes(value);
    const of = (name: string): string => required(source, entry, found, name);
    if (key === 'node') points.push({ id: of('id'), line, attributes: found });
    else edges.push({ source: of('source'), target: of('target'), line, attributes: found });
  }
  return checkEnds({ source, directed, points, edges });
}
