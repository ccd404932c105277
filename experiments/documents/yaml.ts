// YAML 1.2 with places: one document, each key once, no aliases, no tags.

import { type Document, isAlias, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { InputError } from '../../models/index.js';
import { escaped, quoted } from './found.js';
import { type Located, type Path, type Place, written } from './located.js';

const DEEPEST = 64;
const NOT_SO_DEEP = `at most ${DEEPEST} levels of nesting`;

type Refuse = (offset: number, expected: string, found: string) => never;

function checkNodes(document: Document, refuse: Refuse): void {
  visit(document, (_key, node, ancestors) => {
    if (!isNode(node)) return;
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node)) refuse(offset, 'a value', `the alias ${quoted(node.source)}`);
    if (ancestors.length > 2 * DEEPEST) refuse(offset, NOT_SO_DEEP, 'more');
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (seen.has(name)) refuse(isNode(key) ? (key.range?.[0] ?? offset) : offset, 'each key once', quoted(name));
      seen.add(name);
    }
  });
}

/** @throws InputError at the first thing that is not YAML, or that we do not take. */
export function parseYaml(source: string, text: string): Located {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { source, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse: Refuse = (offset, expected, what) => {
    throw new InputError(written(at(offset)), expected, what);
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    schema: 'core',
    // The library compares each key with every other; `checkNodes` does it in one pass.
    uniqueKeys: false,
  });
  const [wrong] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (wrong) {
    if (wrong.message.includes('call stack')) return refuse(wrong.pos[0], NOT_SO_DEEP, 'more');
    const rest = /^\S{1,40}/.exec(text.slice(wrong.pos[0], wrong.pos[0] + 40))?.[0];
    const reason = escaped(wrong.message.split('\n')[0] ?? '').replace(/[.:]+$/, '');
    return refuse(wrong.pos[0], `YAML (${reason})`, rest === undefined ? 'the end of the line' : quoted(rest));
  }
  checkNodes(document, refuse);
  return {
    source,
    value: document.toJS(),
    place(path: Path, of: 'key' | 'value'): Place {
      let node: unknown = document.contents;
      let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
      for (const [depth, step] of path.entries()) {
        if (!isCollection(node)) break;
        const key =
          isMap(node) && node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step))?.key;
        const child: unknown = node.get(step, true);
        if (!isNode(child) && !isNode(key)) break;
        const keyWanted = of === 'key' && depth === path.length - 1;
        offset =
          (isNode(key) && (keyWanted || !isNode(child)) ? key.range?.[0] : isNode(child) && child.range?.[0]) || offset;
        node = child;
      }
      return at(offset);
    },
  };
}
