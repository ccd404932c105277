// The benchmark: packet-hops per second of the bare network, beside ns-3 where that is installed, events per second with
// a host's costs, event queues, memory, and the time of the two standard jobs. `npm run bench`; with `--full` how the cost
// of exact swarms grows, too; with `--json` the document; with names only those rows.

import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { BenchDocument, BenchRow } from '../../experiments/bench-document.js';
import { runChild } from './child.js';
import { machine } from './machine.js';
import { measureNetwork, type NetworkFigures, networkJobs } from './network.js';
import { Ns3 } from './ns3.js';
import { measureQueue, type QueueFigures, queueJobs } from './queues.js';
import { exponent, measureScale, SCALES, type ScaleFigures } from './scaling.js';
import { measureStar, type StarFigures, type StarJob, starJobs } from './star.js';

/** Verbs as users run them. */
const standardJobs: Readonly<Record<string, readonly string[]>> = {
  'plan-10000-pc3000': ['plan', '--peers', '10000', '--host', 'pc3000', '--json', '--quiet'],
  'swarm-100-t7500': ['simulate', 'swarm-100', '--host', 't7500', '--json', '--quiet'],
};
/** With more pairs ns-3 looks through a list of all of the hub's devices per packet for more than half an hour. */
const MOST_PEER_PAIRS = 200;
const NONE = {
  hopsPerSecond: null,
  eventsPerSecond: null,
  peerHopsPerSecond: null,
  ratio: null,
  meanCompletionSeconds: null,
  peerMeanCompletionSeconds: null,
};

async function inProcess<Figures>(name: string): Promise<Figures & { readonly peakBytes: number }> {
  const { output, peakBytes } = await runChild('test/bench/main.js', ['--in-process', name]);
  return { ...(JSON.parse(output) as Figures), peakBytes };
}

async function starRow(job: StarJob, peer: Ns3 | undefined): Promise<BenchRow> {
  const { name, pairs } = job;
  const ours = await inProcess<StarFigures>(name);
  const { hopsPerSecond, eventsPerSecond, meanCompletionSeconds, wallSeconds, peakBytes } = ours;
  const row = { name, pairs, ...NONE, hopsPerSecond, eventsPerSecond, meanCompletionSeconds, wallSeconds, peakBytes };
  if (peer === undefined || pairs > MOST_PEER_PAIRS) return row;
  const theirs = await peer.star(job);
  const peerHopsPerSecond = Math.round(theirs.packetHops / theirs.wallSeconds);
  return {
    ...row,
    peerHopsPerSecond,
    ratio: hopsPerSecond / peerHopsPerSecond,
    peerMeanCompletionSeconds: theirs.meanCompletionSeconds,
  };
}

async function networkRow(name: string, pairs: number): Promise<BenchRow> {
  const { hopsPerSecond, eventsPerSecond, wallSeconds, peakBytes } = await inProcess<NetworkFigures>(name);
  return { name, pairs, ...NONE, hopsPerSecond, eventsPerSecond, wallSeconds, peakBytes };
}

async function queueRow(name: string): Promise<BenchRow> {
  const { eventsPerSecond, wallSeconds, peakBytes } = await inProcess<QueueFigures>(name);
  return { name, pairs: null, ...NONE, eventsPerSecond, wallSeconds, peakBytes };
}

async function scaleRow(name: string): Promise<BenchRow> {
  const { hopsPerSecond, eventsPerSecond, wallSeconds, peakBytes } = await inProcess<ScaleFigures>(name);
  return { name, pairs: null, ...NONE, hopsPerSecond, eventsPerSecond, wallSeconds, peakBytes };
}

async function standardRow(name: string, parameters: readonly string[]): Promise<BenchRow> {
  const { wallSeconds, peakBytes } = await runChild('experiments/cli.js', parameters);
  return { name, pairs: null, ...NONE, wallSeconds, peakBytes };
}

const number = (value: number | null, scale = 1, digits = 0): string =>
  value === null ? '' : (value / scale).toLocaleString('en', { maximumFractionDigits: digits });

function print(rows: readonly BenchRow[]): void {
  const head = [
    '',
    'pairs',
    'packet-hops/s',
    'ns-3',
    'ratio',
    'mean done s',
    'ns-3 s',
    'events/s',
    'wall s',
    'peak MB',
  ];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
  });
  for (const row of rows)
    table.push([
      row.name,
      number(row.pairs),
      number(row.hopsPerSecond),
      number(row.peerHopsPerSecond),
      number(row.ratio, 1, 1),
      number(row.meanCompletionSeconds, 1, 3),
      number(row.peerMeanCompletionSeconds, 1, 3),
      number(row.eventsPerSecond),
      number(row.wallSeconds, 1, 2),
      number(row.peakBytes, 1e6),
    ]);
  const { cpu, cores, runtime } = machine();
  process.stdout.write(`${cpu}, ${cores} cores, ${runtime}\n${table.toString()}\n`);
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    'in-process': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const chosen = ({ name }: { readonly name: string }): boolean => positionals.length === 0 || positionals.includes(name);

const exactSwarm = (peers: number): string => `exact-${peers}`;

function measureHere(name: string): StarFigures | NetworkFigures | QueueFigures | ScaleFigures {
  const star = starJobs.find((job) => job.name === name);
  if (star) return measureStar(star);
  const network = networkJobs.find((job) => job.name === name);
  if (network) return measureNetwork(network);
  const queue = queueJobs.find((job) => job.name === name);
  if (queue) return measureQueue(queue);
  const peers = SCALES.find((size) => exactSwarm(size) === name);
  if (peers) return measureScale(peers);
  throw new Error(`no benchmark ${name}`);
}

async function measureAll(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const add = async (name: string, measured: () => Promise<BenchRow>): Promise<void> => {
    if (!chosen({ name })) return;
    process.stderr.write(`${name} ...\n`);
    rows.push(await measured());
  };
  const peer = starJobs.some(chosen) ? await Ns3.build() : undefined;
  try {
    for (const job of starJobs) await add(job.name, () => starRow(job, peer));
  } finally {
    peer?.end();
  }
  for (const { name, pairs } of networkJobs) await add(name, () => networkRow(name, pairs));
  for (const { name } of queueJobs) await add(name, () => queueRow(name));
  for (const [name, parameters] of Object.entries(standardJobs)) await add(name, () => standardRow(name, parameters));
  for (const peers of SCALES)
    if (values.full || positionals.includes(exactSwarm(peers)))
      await add(exactSwarm(peers), () => scaleRow(exactSwarm(peers)));
  return rows;
}

/** How the wall time of the exact swarms among the rows grows with their peers; null: fewer than two are there. */
function scaleExponent(rows: readonly BenchRow[]): number | null {
  const points = SCALES.flatMap((peers) =>
    rows.filter(({ name }) => name === exactSwarm(peers)).map(({ wallSeconds }) => [peers, wallSeconds] as const),
  );
  return points.length < 2 ? null : exponent(points);
}

if (values['in-process']) process.stdout.write(JSON.stringify(measureHere(positionals[0] ?? '')));
else {
  const rows = await measureAll();
  const grows = scaleExponent(rows);
  const document: BenchDocument = {
    format: 'rangefit/bench',
    formatVersion: 1,
    machine: machine(),
    scaleExponent: grows,
    rows,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else print(rows);
  if (grows !== null && !values.json)
    process.stdout.write(`exact swarms: wall time grows as peers^${grows.toFixed(2)}\n`);
}
