// GEXF (gexf.net): points, edges, attributes by class, positions of the viz module.

import { quoted } from '../documents/index.js';
import { checkEnds, type RawEdge, type RawGraph, type RawPoint, type RawValue, refuse } from './raw-graph.js';
import { attributeOf, childrenOf, type Element, parseXml } from './xml.js';

const WAYS = ['directed', 'undirected', 'mutual'];

/** @throws InputError with the line of the first thing that is wrong. */
export function parseGexf(source: string, text: string): RawGraph {
  const root = parseXml(source, text);
  if (root.name !== 'gexf') refuse(source, root.line, 'a gexf element', quoted(root.name));
  const [graph] = childrenOf(root, 'graph');
  if (!graph) refuse(source, root.line, 'a graph element', 'none');
  const titles = (of: string): Map<string, string> =>
    new Map(
      childrenOf(graph, 'attributes')
        .filter((group) => group.attributes.class === of)
        .flatMap((group) => childrenOf(group, 'attribute'))
        .map((one) => [attributeOf(source, one, 'id'), attributeOf(source, one, 'title')]),
    );
  const names = { node: titles('node'), edge: titles('edge') };
  const values = (element: Element, of: 'node' | 'edge'): Map<string, RawValue> => {
    const { line } = element;
    const found = new Map<string, RawValue>();
    if (element.attributes.label !== undefined) found.set('label', { text: element.attributes.label, line });
    for (const value of childrenOf(element, 'attvalues').flatMap((list) => childrenOf(list, 'attvalue'))) {
      // Version 1.1 says `id` where later ones say `for`.
      const key = value.attributes.for ?? attributeOf(source, value, 'id');
      const name = names[of].get(key) ?? refuse(source, value.line, `a ${of} attribute of this file`, quoted(key));
      found.set(name, { text: attributeOf(source, value, 'value'), line: value.line });
    }
    const [position] = childrenOf(element, 'position');
    for (const axis of ['x', 'y'])
      if (position?.attributes[axis] !== undefined)
        found.set(axis, { text: position.attributes[axis], line: position.line });
    return found;
  };
  const oneWay = (way: string | undefined, line: number): boolean | undefined => {
    if (way !== undefined && !WAYS.includes(way)) refuse(source, line, WAYS.join(', '), quoted(way));
    return way === undefined ? undefined : way === 'directed';
  };
  const all = (list: string, one: string): Element[] =>
    childrenOf(graph, list).flatMap((group) => childrenOf(group, one));
  const points = all('nodes', 'node').map(
    (element): RawPoint => ({
      id: attributeOf(source, element, 'id'),
      line: element.line,
      attributes: values(element, 'node'),
    }),
  );
  const edges = all('edges', 'edge').map((element): RawEdge => {
    const directed = oneWay(element.attributes.type, element.line);
    return {
      source: attributeOf(source, element, 'source'),
      target: attributeOf(source, element, 'target'),
      line: element.line,
      ...(directed !== undefined && { directed }),
      attributes: values(element, 'edge'),
    };
  });
  const directed = oneWay(graph.attributes.defaultedgetype, graph.line) ?? false;
  return checkEnds({ source, directed, points, edges });
}
