// XML as elements with their lines: what GraphML and GEXF are read from.

import { SaxesParser } from 'saxes';
import { refuse } from './raw-graph.js';

export interface Element {
  /** Without a namespace's prefix. */
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** @throws InputError with the line of the first thing that is not well-formed. */
export function parseXml(source: string, text: string): Element {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: Element[] = [];
  let root: Element | undefined;
  let startLine = 1;
  parser.on('opentagstart', () => {
    startLine = parser.line;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name: name.replace(/^.*:/, ''), line: startLine, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', (more) => {
    const element = open.at(-1);
    if (element) element.text += more;
  });
  parser.on('error', (error) => {
    // The library puts line and column in front of its reason.
    const reason = error.message.replace(/^(?:[^:\s]*:)?\d+:\d+:?\s*/, '').replace(/\.$/, '');
    refuse(source, parser.line, 'well-formed XML', reason);
  });
  parser.write(text).close();
  return root ?? refuse(source, 1, 'an XML element', 'none');
}

export const childrenOf = ({ children }: Element, name: string): Element[] =>
  children.filter((child) => child.name === name);

/** @throws InputError when the element lacks the attribute. */
export const attributeOf = (source: string, { name, line, attributes }: Element, wanted: string): string =>
  attributes[wanted] ?? refuse(source, line, `${wanted} of this ${name}`, 'nothing');
