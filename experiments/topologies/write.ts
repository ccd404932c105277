// A target network as a file: GML, GraphML or GEXF, in words that reading takes back without loss.

import { extname } from 'node:path';
import {
  formatDuration,
  formatRate,
  formatRatio,
  formatSize,
  InputError,
  type Place,
  type TargetNetwork,
  type TargetPipe,
} from '../../models/index.js';

type Fields = readonly (readonly [string, string | number])[];

interface Written {
  readonly directed: boolean;
  readonly points: readonly Fields[];
  readonly edges: readonly { readonly from: number; readonly to: number; readonly fields: Fields }[];
}

const pointFields = ({ name, kind, x, y }: Place): Fields => [
  ['label', name],
  ['kind', kind],
  ...(x !== undefined && y !== undefined
    ? ([
        ['x', x],
        ['y', y],
      ] as const)
    : []),
];

const edgeFields = ({ rate, delay, loss, queue }: TargetPipe): Fields => [
  ['rate', formatRate(rate)],
  ['delay', formatDuration(delay)],
  ...(loss > 0 ? ([['loss', formatRatio(loss)]] as const) : []),
  ...(queue === undefined ? [] : ([['queue', formatSize(queue)]] as const)),
];

/** Undirected where the two ways of each link are alike. */
function fieldsOf({ places, pipes }: TargetNetwork): Written {
  const ways = new Map<number, TargetPipe[]>();
  for (const pipe of pipes) ways.set(pipe.link, [...(ways.get(pipe.link) ?? []), pipe]);
  const alike = ([a, b]: readonly TargetPipe[]): boolean =>
    a !== undefined && b !== undefined && JSON.stringify(edgeFields(a)) === JSON.stringify(edgeFields(b));
  const directed = ![...ways.values()].every(alike);
  const kept = directed ? pipes : [...ways.values()].map(([forth]) => forth as TargetPipe);
  return {
    directed,
    points: places.map(pointFields),
    edges: kept.map((pipe) => ({ from: pipe.from, to: pipe.to, fields: edgeFields(pipe) })),
  };
}

const xml = (value: string | number): string =>
  String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const gml = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replace(/[&"\n]/g, (one) => `&#${one.charCodeAt(0)};`)}"`;

function toGml({ directed, points, edges }: Written): string {
  const fields = (list: Fields): string[] => list.map(([name, value]) => `    ${name} ${gml(value)}`);
  return [
    'graph [',
    `  directed ${directed ? 1 : 0}`,
    ...points.flatMap((point, id) => ['  node [', `    id ${id}`, ...fields(point), '  ]']),
    ...edges.flatMap(({ from, to, fields: own }) => [
      '  edge [',
      `    source ${from}`,
      `    target ${to}`,
      ...fields(own),
      '  ]',
    ]),
    ']',
    '',
  ].join('\n');
}

const POINT_KEYS = ['label', 'kind', 'x', 'y'] as const;
const EDGE_KEYS = ['rate', 'delay', 'loss', 'queue'] as const;
const typeOf = (key: string): string => (key === 'x' || key === 'y' ? 'double' : 'string');

function toGraphml({ directed, points, edges }: Written): string {
  const key = (of: string) => (name: string) =>
    `  <key id="${name}" for="${of}" attr.name="${name}" attr.type="${typeOf(name)}"/>`;
  const data = (list: Fields): string =>
    list.map(([name, value]) => `<data key="${name}">${xml(value)}</data>`).join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...POINT_KEYS.map(key('node')),
    ...EDGE_KEYS.map(key('edge')),
    `  <graph edgedefault="${directed ? 'directed' : 'undirected'}">`,
    ...points.map((point, id) => `    <node id="${id}">${data(point)}</node>`),
    ...edges.map(({ from, to, fields }) => `    <edge source="${from}" target="${to}">${data(fields)}</edge>`),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}

function toGexf({ directed, points, edges }: Written): string {
  const declared = (of: string, names: readonly string[]): string[] => [
    `    <attributes class="${of}">`,
    ...names.map((name) => `      <attribute id="${name}" title="${name}" type="${typeOf(name)}"/>`),
    '    </attributes>',
  ];
  const values = (list: Fields): string => {
    const own = list.filter(([name]) => name !== 'label');
    return `<attvalues>${own.map(([name, value]) => `<attvalue for="${name}" value="${xml(value)}"/>`).join('')}</attvalues>`;
  };
  const label = (list: Fields): string => xml(list.find(([name]) => name === 'label')?.[1] ?? '');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
    `  <graph defaultedgetype="${directed ? 'directed' : 'undirected'}">`,
    ...declared('node', POINT_KEYS.slice(1)),
    ...declared('edge', EDGE_KEYS),
    '    <nodes>',
    ...points.map((point, id) => `      <node id="${id}" label="${label(point)}">${values(point)}</node>`),
    '    </nodes>',
    '    <edges>',
    ...edges.map(
      ({ from, to, fields }, id) => `      <edge id="${id}" source="${from}" target="${to}">${values(fields)}</edge>`,
    ),
    '    </edges>',
    '  </graph>',
    '</gexf>',
    '',
  ].join('\n');
}

const WRITERS: ReadonlyMap<string, (network: Written) => string> = new Map([
  ['.gml', toGml],
  ['.graphml', toGraphml],
  ['.gexf', toGexf],
]);

/** The network in the format that the file's ending says. @throws InputError for another ending. */
export function networkText(file: string, network: TargetNetwork): string {
  const write = WRITERS.get(extname(file).toLowerCase());
  if (!write)
    throw new InputError(file, `a file that ends in ${[...WRITERS.keys()].join(', ')}`, extname(file) || 'no ending');
  return write(fieldsOf(network));
}
