// GraphML (graphdrawing.org): points, edges, and attributes that refer to keys.

import { quoted } from '../documents/index.js';
import { checkEnds, type RawEdge, type RawGraph, type RawPoint, type RawValue, refuse } from './raw-graph.js';
import { attributeOf, childrenOf, type Element, parseXml } from './xml.js';

/** @throws InputError with the line of the first thing that is wrong. */
export function parseGraphml(source: string, text: string): RawGraph {
  const root = parseXml(source, text);
  if (root.name !== 'graphml') refuse(source, root.line, 'a graphml element', quoted(root.name));
  const [graph] = childrenOf(root, 'graph');
  if (!graph) refuse(source, root.line, 'a graph element', 'none');
  const keys = new Map(
    childrenOf(root, 'key').map((key) => {
      const id = attributeOf(source, key, 'id');
      const standard = childrenOf(key, 'default')[0];
      return [id, { name: key.attributes['attr.name'] ?? id, of: key.attributes.for ?? 'all', standard }];
    }),
  );
  const data = (element: Element): Map<string, RawValue> => {
    const found = new Map<string, RawValue>();
    for (const { name, of, standard } of keys.values())
      if (standard && (of === 'all' || of === element.name))
        found.set(name, { text: standard.text.trim(), line: standard.line });
    for (const child of childrenOf(element, 'data')) {
      const key = attributeOf(source, child, 'key');
      const known = keys.get(key) ?? refuse(source, child.line, 'a key that this file declares', quoted(key));
      found.set(known.name, { text: child.text.trim(), line: child.line });
    }
    return found;
  };
  const way = graph.attributes.edgedefault;
  if (way !== undefined && way !== 'directed' && way !== 'undirected')
    refuse(source, graph.line, 'edgedefault directed or undirected', quoted(way));
  const points = childrenOf(graph, 'node').map(
    (element): RawPoint => ({ id: attributeOf(source, element, 'id'), line: element.line, attributes: data(element) }),
  );
  const edges = childrenOf(graph, 'edge').map((element): RawEdge => {
    const { directed } = element.attributes;
    if (directed !== undefined && directed !== 'true' && directed !== 'false')
      refuse(source, element.line, 'directed true or false', quoted(directed));
    return {
      source: attributeOf(source, element, 'source'),
      target: attributeOf(source, element, 'target'),
      line: element.line,
      ...(directed !== undefined && { directed: directed === 'true' }),
      attributes: data(element),
    };
  });
  return checkEnds({ source, directed: way === 'directed', points, edges });
}
