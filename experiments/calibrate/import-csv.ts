// Somebody else's measurements as a table: one run a row, what was run and what was measured in named columns.

import { InputError, parseDuration, parseRate, parseSize, type ScenarioDocument } from '../../models/index.js';
import type { ImportedRun } from './imported.js';

/** Columns that say what was run; every other known column is a measurement. */
const RUN = ['pairs', 'vnodes', 'transport', 'packet', 'send', 'up', 'down', 'burst', 'attach', 'gso', 'duration'];
const READ: Readonly<Record<string, (text: string) => number | undefined>> = {
  cpu: (text) => (/^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : undefined),
  rate: parseRate,
  rtt: (text) => seconds(text),
  setup: (text) => seconds(text),
  memory: parseSize,
  kernelMemory: parseSize,
};
const EXAMPLES: Readonly<Record<string, string>> = {
  ...{ cpu: '45.2%', rate: '382Mbit/s', rtt: '9.4ms', setup: '1.2s', memory: '40MB', kernelMemory: '12MB' },
};
/** The columns there are, as the manual lists them. */
export const CSV_COLUMNS = [...RUN, 'held-out', ...Object.keys(READ)];

const seconds = (text: string): number | undefined => {
  const nanoseconds = parseDuration(text);
  return nanoseconds === undefined ? undefined : nanoseconds / 1e9;
};

/** A cell that may be empty. */
type Cells = ReadonlyMap<string, string>;

function workloadOf(cells: Cells, where: string): ScenarioDocument['workload'] {
  const [pairs, vnodes] = [cells.get('pairs'), cells.get('vnodes')];
  const count = pairs ?? vnodes;
  if ((pairs === undefined) === (vnodes === undefined) || !/^\d{1,6}$/.test(count ?? ''))
    throw new InputError(where, 'a whole number of pairs, or of vnodes at rest', JSON.stringify(count ?? ''));
  const duration = cells.get('duration') ?? '10s';
  if (vnodes !== undefined) return { kind: 'idle', vnodes: Number(vnodes), duration };
  const transport = cells.get('transport') ?? 'tcp';
  if (transport !== 'tcp' && transport !== 'udp')
    throw new InputError(where, 'transport tcp or udp', JSON.stringify(transport));
  const [packet, send] = [cells.get('packet'), cells.get('send')];
  return {
    ...{ kind: 'pairs', pairs: Number(pairs), duration, transport },
    ...(packet === undefined ? {} : { packet }),
    ...(send === undefined ? {} : { rate: send }),
  };
}

function runOf(cells: Cells, where: string): ImportedRun {
  const optional = (name: string) => (cells.has(name) ? { [name]: cells.get(name) as string } : {});
  const attach = (cells.get('attach') ?? 'two-port-bridge') as 'bridge';
  const gso = cells.get('gso') ?? 'yes';
  if (gso !== 'yes' && gso !== 'no') throw new InputError(where, 'gso yes or no', JSON.stringify(gso));
  const held = cells.get('held-out') ?? 'no';
  if (held !== 'yes' && held !== 'no') throw new InputError(where, 'held-out yes or no', JSON.stringify(held));
  const quantities = Object.entries(READ).flatMap(([name, read]) => {
    const text = cells.get(name);
    if (text === undefined) return [];
    const value = read(text);
    if (value === undefined) throw new InputError(where, `${name} such as ${EXAMPLES[name]}`, JSON.stringify(text));
    return [[name, value] as const];
  });
  if (quantities.length === 0)
    throw new InputError(where, `a measurement (${Object.keys(READ).join(', ')})`, 'none in this row');
  return {
    where,
    workload: workloadOf(cells, where),
    link: { ...optional('up'), ...optional('down'), ...optional('burst') },
    network: { attach, gso: gso === 'yes' },
    heldOut: held === 'yes',
    quantities: Object.fromEntries(quantities),
  };
}

/** @throws InputError with file and line. */
export function runsFromCsv(file: string, text: string): ImportedRun[] {
  const lines = text.split(/\r?\n/);
  const split = (line: string, where: string) => {
    if (line.includes('"')) throw new InputError(where, 'cells without quotes', line.slice(0, 60));
    return line.split(',').map((cell) => cell.trim());
  };
  const names = split(lines[0] ?? '', `${file}:1`);
  for (const name of names)
    if (!CSV_COLUMNS.includes(name))
      throw new InputError(`${file}:1`, `columns of ${CSV_COLUMNS.join(', ')}`, JSON.stringify(name));
  return lines.slice(1).flatMap((line, i) => {
    const where = `${file}:${i + 2}`;
    if (line.trim() === '') return [];
    const cells = split(line, where);
    if (cells.length !== names.length)
      throw new InputError(where, `${names.length} cells, as the first line has`, String(cells.length));
    const filled = names.flatMap((name, j) => (cells[j] === '' ? [] : [[name, cells[j] as string] as const]));
    return [runOf(new Map(filled), where)];
  });
}
