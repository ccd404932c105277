// A plan as people read it: the answer in one sentence, then what stands behind it.

import { createColors } from 'picocolors';
import { count, plural, scaled, span, time } from '../wording.js';
import { coresText, mostCores, placementRows } from './placement-words.js';
import type { PlanCeiling, PlanDocument } from './plan-document.js';
import {
  coresOf,
  distillationText,
  judged,
  limitWords,
  metricName,
  perHost,
  planSentence,
  things,
} from './plan-words.js';

type Colors = Pick<ReturnType<typeof createColors>, 'bold' | 'green' | 'red' | 'yellow' | 'dim'>;

/** Columns two spaces apart. */
function table(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), []);
  return rows.map((row) => (indent + row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).trimEnd());
}

function constraints(document: PlanDocument, colors: Colors): string[] {
  const { answer } = document;
  const { word, each } = things(document);
  const at = ({ vnodesPerHost, evidence }: PlanDocument['answer']['next']) =>
    limitWords(Math.floor(vnodesPerHost / each), word, evidence);
  const knee = perHost(answer.knee, each);
  const lines = [
    `  bound by ${colors.bold(answer.binding.id)} ${at(answer.binding)}`,
    `    what moves it: ${answer.binding.remedy}`,
    `  next is  ${colors.bold(answer.next.id)} ${at(answer.next)}`,
    `    what moves it: ${answer.next.remedy}`,
  ];
  if (document.lab)
    lines.push(
      `  of vnodes that idle, one host by itself is faithful up to ${plural(knee.value, word)} (${span(knee)})`,
    );
  else if (answer.knee.value > 0)
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

function placement(lab: NonNullable<PlanDocument['lab']>): string[] {
  const { rows, left } = placementRows(lab);
  return [...table(rows), ...(left > 0 ? [`  and ${plural(left, 'more host')}: --json has them all`] : [])];
}

type Alternatives = PlanDocument['alternatives'];
type TechnologyFacts = NonNullable<Alternatives[number]['technologyFacts']>;

const factCells = ({ memoryPerVnode, diskPerVnode, packetNanoseconds, setupSeconds }: TechnologyFacts): string[] => [
  `${scaled(memoryPerVnode, 'B')} memory`,
  `${scaled(diskPerVnode, 'B')} disk`,
  `${(packetNanoseconds / 1000).toFixed(1)} us a packet`,
  `${time(setupSeconds)} set-up`,
];

/** Per technology: what binds and why it differs from the one that holds the most. */
function whyLines(alternatives: Alternatives): string[] {
  const told = alternatives.flatMap(({ technology, host, binding, next, technologyFacts: facts }) =>
    facts ? [[`${host} (${technology})`, `${binding}, then ${next}: ${facts.why}`, facts.setup] as const] : [],
  );
  if (told.length === 0) return [];
  return ['', 'Why they differ', ...told.flatMap(([name, why, setup]) => [`  ${name}  ${why}`, `    ${setup}`])];
}

/** The whole report; its first line is the answer. `color`: with escape codes. */
export function planReport(document: PlanDocument, color: boolean): string {
  const colors: Colors = createColors(color);
  const { word, each } = things(document);
  const { resources, method, provenance } = document;
  const mark = (ok: boolean) => (ok ? colors.green('✓') : colors.red('✗'));
  const lines = [colors.bold(planSentence(document))];
  for (const warning of document.warnings) lines.push(colors.yellow(`  ${warning}`));
  lines.push('', 'Constraints', ...constraints(document, colors));

  const { lab } = document;
  const idle = lab ? ' that idle' : '';
  lines.push('', `Fidelity at ${plural(document.fidelityAt / each, word)}${idle} per host, against the ideal twin`);
  lines.push(...table(document.fidelity.map((m) => [mark(m.ok), metricName(m.metric), ...judged(m)])));

  const stock = document.scenario.limits === 'stock';
  lines.push('', stock ? 'Kernel ceilings (untouched kernel)' : 'Kernel ceilings (set these first)');
  lines.push(...table(document.ceilings.map((ceiling) => ceilingRow(ceiling, each, colors))));

  lines.push('', lab ? 'The most that a host gets' : 'The fullest host');
  lines.push(
    ...table([
      ...(lab ? [['cores', `${coresText(mostCores(lab))} of ${coresOf(document)} declared`]] : []),
      ['memory', `${scaled(resources.memory, 'B')} of ${scaled(resources.memoryAvailable, 'B')}`],
      ['disk', `${scaled(resources.disk, 'B')} of ${scaled(resources.diskAvailable, 'B')}`],
      ['set-up', time(resources.setupSeconds)],
    ]),
  );

  if (lab) lines.push('', 'Placement', ...placement(lab));
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
    const rows = document.alternatives.map(({ host, technology, hosts, vnodesPerHost, binding, technologyFacts }) => [
      `${host} (${technology})`,
      hosts.value === 0 ? 'does not fit' : `${plural(hosts.value, 'host')} (${span(hosts)})`,
      `${count(Math.floor(vnodesPerHost.value / each))} ${word}s per host`,
      `bound by ${binding}`,
      ...(technologyFacts ? factCells(technologyFacts) : []),
    ]);
    lines.push(...table(rows), ...whyLines(document.alternatives));
  }

  const network = distillationText(document);
  const known = Object.entries(provenance).filter(([, figures]) => figures > 0);
  lines.push(
    '',
    `Host profile ${document.host} (${document.technology}): ${known.map(([source, figures]) => `${figures} figures ${source}`).join(', ')}`,
    `Simulated: ${method.simulated}; ${method.seeds} seeds a density, ${method.runs} runs`,
    `Composed:  ${method.composed}`,
    ...(network === undefined ? [] : [`Network:   ${network}`]),
    `Compared:  ${method.compared}`,
    colors.dim(
      `Intervals: 90 %, of what one verify would measure; ${method.draws > 0 ? `${method.draws} hosts drawn from the profile's intervals and simulated, ` : ''}memory, disk and ports by arithmetic on 399 draws`,
    ),
  );
  return `${lines.join('\n')}\n`;
}
