// The benchmark: packet-hops per second of the bare network, events per second with a host's costs, memory, and the
// time of the two standard jobs. `npm run bench`; with `--json` the document, with names only those rows.

import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { runChild } from './child.js';
import { machine } from './machine.js';
import { measureNetwork, type NetworkFigures, networkJobs } from './network.js';

interface Row {
  readonly name: string;
  readonly pairs: number | null;
  readonly hopsPerSecond: number | null;
  readonly eventsPerSecond: number | null;
  /** The same job in another simulator on this machine, where one is installed, and how much faster this one is. */
  readonly peerHopsPerSecond: number | null;
  readonly ratio: number | null;
  readonly wallSeconds: number;
  readonly peakBytes: number;
}

/** Verbs as users run them. */
const standardJobs: Readonly<Record<string, readonly string[]>> = {
  'plan-10000-pc3000': ['plan', '--peers', '10000', '--host', 'pc3000', '--json', '--quiet'],
  'swarm-100-t7500': ['simulate', 'swarm-100', '--host', 't7500', '--json', '--quiet'],
};
const NONE = { hopsPerSecond: null, eventsPerSecond: null, peerHopsPerSecond: null, ratio: null };

async function networkRow(name: string, pairs: number): Promise<Row> {
  const { output, peakBytes } = await runChild('test/bench/main.js', ['--in-process', name]);
  const { hopsPerSecond, eventsPerSecond, wallSeconds } = JSON.parse(output) as NetworkFigures;
  return { name, pairs, ...NONE, hopsPerSecond, eventsPerSecond, wallSeconds, peakBytes };
}

async function standardRow(name: string, parameters: readonly string[]): Promise<Row> {
  const { wallSeconds, peakBytes } = await runChild('experiments/cli.js', parameters);
  return { name, pairs: null, ...NONE, wallSeconds, peakBytes };
}

const number = (value: number | null, scale = 1, digits = 0): string =>
  value === null ? '' : (value / scale).toLocaleString('en', { maximumFractionDigits: digits });

function print(rows: readonly Row[]): void {
  const head = ['', 'pairs', 'packet-hops/s', 'events/s', 'wall s', 'peak MB'];
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
      number(row.eventsPerSecond),
      number(row.wallSeconds, 1, 2),
      number(row.peakBytes, 1e6),
    ]);
  const { cpu, cores, runtime } = machine();
  process.stdout.write(`${cpu}, ${cores} cores, ${runtime}\n${table.toString()}\n`);
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, 'in-process': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = (name: string): boolean => positionals.length === 0 || positionals.includes(name);

if (values['in-process']) {
  const job = networkJobs.find(({ name }) => name === positionals[0]);
  if (!job) throw new Error(`no benchmark ${positionals[0]}`);
  process.stdout.write(JSON.stringify(measureNetwork(job)));
} else {
  const rows: Row[] = [];
  for (const { name, pairs } of networkJobs) {
    if (!chosen(name)) continue;
    process.stderr.write(`${name} ...\n`);
    rows.push(await networkRow(name, pairs));
  }
  for (const [name, parameters] of Object.entries(standardJobs)) {
    if (!chosen(name)) continue;
    process.stderr.write(`${name} ...\n`);
    rows.push(await standardRow(name, parameters));
  }
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ format: 'rangefit/bench', formatVersion: 1, machine: machine(), rows }, null, 2)}\n`,
    );
  else print(rows);
}
