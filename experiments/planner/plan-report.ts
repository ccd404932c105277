// A plan as people read it: the answer in one sentence, then what stands behind it.

import { createColors } from 'picocolors';
import type { Interval } from '../../calibration/index.js';
import type { PlanCeiling, PlanDocument } from './plan-document.js';

type Colors = Pick<ReturnType<typeof createColors>, 'bold' | 'green' | 'red' | 'yellow' | 'dim'>;

/** 10000 as 10,000, whatever the machine's locale. */
const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
const span = ({ low, high }: Interval): string => `${count(low)}-${count(high)}`;
const plural = (value: number, one: string): string => `${count(value)} ${one}${value === 1 ? '' : 's'}`;
const digits = (value: number, places: number): string => value.toFixed(places);
const percent = (share: number, places = 1): string => `${digits(share * 100, places)} %`;

const SCALES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

function scaled(value: number, unit: string): string {
  const [scale, prefix] = SCALES.find(([limit]) => value >= limit) ?? [1, ''];
  return `${Number((value / scale).toPrecision(3))} ${prefix}${unit}`;
}

function time(seconds: number): string {
  if (seconds >= 5400) return `${digits(seconds / 3600, 1)} h`;
  if (seconds >= 120) return `${digits(seconds / 60, 1)} min`;
  if (seconds >= 1) return `${digits(seconds, 1)} s`;
  return `${digits(seconds * 1000, 2)} ms`;
}

/** What the workload's users count. */
function things(document: PlanDocument): { word: string; each: number } {
  const { kind } = document.scenario.workload;
  return kind === 'pairs' ? { word: 'pair', each: 2 } : { word: kind === 'swarm' ? 'peer' : 'vnode', each: 1 };
}

const perHost = (interval: Interval, each: number): Interval => ({
  value: Math.floor(interval.value / each),
  low: Math.floor(interval.low / each),
  high: Math.floor(interval.high / each),
});

const METRICS: Readonly<Record<string, string>> = {
  goodput: 'goodput of the slowest 5 %',
  'completion-mean': 'completion time, mean',
  'completion-p95': 'completion time, 95th percentile',
  'completion-deviation': 'completion time, standard deviation',
  'rtt-p99': 'added RTT, 99th percentile',
  loss: 'unexpected loss',
  'lost-vnodes': 'lost vnodes',
  'refused-neighbours': 'refused neighbour entries',
};

/** Value with its standard error where seeds differ, and what is allowed. */
function judged({ metric, value, error, tolerance }: PlanDocument['fidelity'][number]): [string, string] {
  const give = error > 1e-9 ? ` +-${metric === 'rtt-p99' ? time(error) : percent(error)}` : '';
  if (metric === 'goodput') return [`${percent(value)}${give} of ideal`, `at least ${percent(tolerance)}`];
  if (metric === 'completion-deviation') return [signed(value) + give, `within +-${percent(tolerance)}`];
  if (metric.startsWith('completion')) return [signed(value) + give, `at most +${percent(tolerance)}`];
  if (metric === 'rtt-p99') return [time(Math.max(0, value)) + give, `at most ${time(tolerance)}`];
  if (metric === 'loss') return [percent(Math.max(0, value), 3), `at most ${percent(tolerance, 3)}`];
  return [count(value), tolerance === 0 ? 'none' : `at most ${count(tolerance)}`];
}

const signed = (share: number): string => `${share < 0 ? '-' : '+'}${percent(Math.abs(share))}`;

/** Columns two spaces apart. */
function table(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), []);
  return rows.map((row) => (indent + row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).trimEnd());
}

function sentence(document: PlanDocument): string {
  const { answer, vnodes, host, fleet } = document;
  const { word, each } = things(document);
  const range = `A range of ${plural(vnodes / each, word)}`;
  const density = perHost(answer.vnodesPerHost, each);
  if (density.value === 0 && answer.knee.value > 0)
    return `${range} does not fit: no density keeps all ${host} hosts within tolerance together, bound by ${answer.binding.id}.`;
  if (density.value === 0)
    return `${range} does not fit: not even one ${word} on a ${host} host stays within tolerance, bound by ${answer.binding.id}.`;
  if (fleet) {
    if (!fleet.fits)
      return `${range} does not fit: these hosts hold ${plural(fleet.capacity / each, word)}, ${count(fleet.missing / each)} too few, bound by ${answer.binding.id}.`;
    const used = fleet.shares.filter((share) => share.used > 0);
    const named = used.map(({ host: name, used: hosts }) => `${count(hosts)} ${name}`).join(' and ');
    return `${range} fits on ${named} of the fleet (${span(answer.hosts)} hosts), bound by ${answer.binding.id}.`;
  }
  const hosts = `${count(answer.hosts.value)} ${host} ${answer.hosts.value === 1 ? 'host' : 'hosts'}`;
  return `${range} needs ${hosts} (${span(answer.hosts)}), ${count(density.value)} ${word}s per host (${span(density)}), bound by ${answer.binding.id}.`;
}

const limitWords = (density: number, word: string, evidence: string): string =>
  density >= 1e9 ? `far beyond this density (${evidence})` : `at ${count(density)} ${word}s per host (${evidence})`;

function constraints({ answer, ...document }: PlanDocument, colors: Colors): string[] {
  const { word, each } = things({ answer, ...document });
  const at = ({ vnodesPerHost, evidence }: PlanDocument['answer']['next']) =>
    limitWords(Math.floor(vnodesPerHost / each), word, evidence);
  const knee = perHost(answer.knee, each);
  const lines = [
    `  bound by ${colors.bold(answer.binding.id)} ${at(answer.binding)}`,
    `    what moves it: ${answer.binding.remedy}`,
    `  next is  ${colors.bold(answer.next.id)} ${at(answer.next)}`,
    `    what moves it: ${answer.next.remedy}`,
  ];
  if (answer.knee.value > 0)
    lines.push(
      `  one host by itself is faithful up to ${plural(knee.value, word)} (${span(knee)}); the planned density keeps all hosts so together, with probability 0.9`,
    );
  return lines;
}

function ceilingRow({ title, inForce, used, hitsAt, ok, remedy }: PlanCeiling, each: number, colors: Colors): string[] {
  return [
    ok ? colors.green('✓') : colors.red('✗'),
    title,
    `${count(used)} of ${inForce === null ? 'any number' : count(inForce)}`,
    hitsAt === null ? 'never hit' : `hit at ${count(Math.ceil(hitsAt / each))} a host`,
    remedy,
  ];
}

/** The whole report; its first line is the answer. `color`: with escape codes. */
export function planReport(document: PlanDocument, color: boolean): string {
  const colors: Colors = createColors(color);
  const { word, each } = things(document);
  const { resources, method, provenance } = document;
  const mark = (ok: boolean) => (ok ? colors.green('✓') : colors.red('✗'));
  const lines = [colors.bold(sentence(document))];
  for (const warning of document.warnings) lines.push(colors.yellow(`  ${warning}`));
  lines.push('', 'Constraints', ...constraints(document, colors));

  lines.push('', `Fidelity at ${plural(document.fidelityAt / each, word)} per host, against the ideal twin`);
  lines.push(...table(document.fidelity.map((m) => [mark(m.ok), METRICS[m.metric] ?? m.metric, ...judged(m)])));

  const stock = document.scenario.limits === 'stock';
  lines.push('', stock ? 'Kernel ceilings (untouched kernel)' : 'Kernel ceilings (set these first)');
  lines.push(...table(document.ceilings.map((ceiling) => ceilingRow(ceiling, each, colors))));

  lines.push('', 'The fullest host');
  lines.push(
    ...table([
      ['memory', `${scaled(resources.memory, 'B')} of ${scaled(resources.memoryAvailable, 'B')}`],
      ['disk', `${scaled(resources.disk, 'B')} of ${scaled(resources.diskAvailable, 'B')}`],
      ['set-up', time(resources.setupSeconds)],
    ]),
  );

  if (document.fleet) {
    lines.push('', 'The fleet');
    const rows = document.fleet.shares.map((share) => [
      `${count(share.used)} of ${count(share.available)} ${share.host}`,
      `${count(Math.floor(share.vnodesPerHost / each))} ${word}s per host`,
      `${plural(share.vnodes / each, word)}`,
    ]);
    lines.push(...table(rows));
  } else if (document.alternatives.length > 1) {
    lines.push('', 'Compared');
    const rows = document.alternatives.map(({ host, technology, hosts, vnodesPerHost, binding }) => [
      `${host} (${technology})`,
      hosts.value === 0 ? 'does not fit' : `${plural(hosts.value, 'host')} (${span(hosts)})`,
      `${count(Math.floor(vnodesPerHost.value / each))} ${word}s per host`,
      `bound by ${binding}`,
    ]);
    lines.push(...table(rows));
  }

  const known = Object.entries(provenance).filter(([, figures]) => figures > 0);
  lines.push(
    '',
    `Host profile ${document.host} (${document.technology}): ${known.map(([source, figures]) => `${figures} figures ${source}`).join(', ')}`,
    `Simulated: ${method.simulated}; ${method.seeds} seeds a density, ${method.runs} runs`,
    `Composed:  ${method.composed}`,
    `Compared:  ${method.compared}`,
    colors.dim(
      `Intervals: 90 %, of what one verify would measure; ${method.draws > 0 ? `${method.draws} hosts drawn from the profile's intervals and simulated, ` : ''}memory, disk and ports by arithmetic on 399 draws`,
    ),
  );
  return `${lines.join('\n')}\n`;
}
