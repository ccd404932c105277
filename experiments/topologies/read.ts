// From a file to a target network: its format by its ending, its dialect by its attributes.

import { extname } from 'node:path';
import { flawOf, InputError, type TargetNetwork, TargetNetworkBuilder } from '../../models/index.js';
import { readText } from '../documents/index.js';
import { greatCircle, kindOf, type LinkDefaults, positionOf, qualityOf } from './dialect.js';
import { parseEmulab } from './emulab.js';
import { parseGexf } from './gexf.js';
import { parseGml } from './gml.js';
import { parseGraphml } from './graphml.js';
import { type RawGraph, refuse } from './raw-graph.js';

/** Of 10,000 vnodes with their links the most verbose format makes 10 MB. */
const LARGEST = 2 ** 26;
/** Of links that a file says nothing of: the Topology Zoo rarely says a speed. */
export const LINK_DEFAULTS: LinkDefaults = { rate: 1e9, delay: 1_000_000 };

const PARSERS: ReadonlyMap<string, (source: string, text: string) => RawGraph> = new Map([
  ['.gml', parseGml],
  ['.graphml', parseGraphml],
  ['.gexf', parseGexf],
  ['.ns', parseEmulab],
]);

/** Names for places: labels where all differ, ids otherwise. */
function namesOf({ points }: RawGraph): string[] {
  const labels = points.map(({ id, attributes }) => attributes.get('label')?.text || id);
  return new Set(labels).size === labels.length ? labels : points.map(({ id }) => id);
}

/** @throws InputError with the line of what is wrong. */
export function networkOf(graph: RawGraph, defaults: LinkDefaults = LINK_DEFAULTS): TargetNetwork {
  const network = new TargetNetworkBuilder();
  const names = namesOf(graph);
  const index = new Map(graph.points.map(({ id }, i) => [id, i]));
  const positions = graph.points.map((point) => positionOf(graph, point));
  for (const [i, point] of graph.points.entries())
    network.place(names[i], kindOf(graph, point), positions[i]?.x, positions[i]?.y);
  const lines: number[] = [];
  for (const edge of graph.edges) {
    const [a, b] = [index.get(edge.source) as number, index.get(edge.target) as number];
    const [from, to] = [positions[a], positions[b]];
    const distance = from?.globe && to?.globe ? greatCircle(from, to) : undefined;
    const quality = qualityOf(graph, edge, distance, defaults);
    if (edge.directed ?? graph.directed) network.oneWay(a, b, quality);
    else network.link(a, b, quality);
    while (lines.length < network.pipes.length) lines.push(edge.line);
  }
  const flaw = flawOf(network);
  if (!flaw) return network;
  const line = flaw.pipe !== undefined ? lines[flaw.pipe] : graph.points[flaw.place ?? 0]?.line;
  return refuse(graph.source, line ?? 1, flaw.expected, flaw.found);
}

/** @throws InputError for a text that is no network. `source`: a file's name, whose ending says its format. */
export function parseNetwork(source: string, text: string, defaults?: LinkDefaults): TargetNetwork {
  const parse = PARSERS.get(extname(source).toLowerCase());
  if (!parse)
    throw new InputError(
      source,
      `a file that ends in ${[...PARSERS.keys()].join(', ')}`,
      extname(source) || 'no ending',
    );
  return networkOf(parse(source, text), defaults);
}

export const readNetwork = (path: string, defaults?: LinkDefaults): TargetNetwork =>
  parseNetwork(path, readText(path, LARGEST), defaults);
