// A sweep as people read it: the change or the fleet in one sentence, then what moves the knee, then the points.

import { createColors } from 'picocolors';
import { table } from '../table.js';
import type { Sensitivity, SweepAnswer, SweepDocument } from './sweep-document.js';

type Colors = ReturnType<typeof createColors>;

/** More points than these are only in the document. */
const SHOWN = 60;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function baseSentence({ base }: SweepDocument): string {
  const { host, technology, binding, hosts } = base;
  if (isOfLab(base) && hosts > 0)
    return `As it is, the lab needs ${hosts} ${host} hosts (${technology}), bound by ${binding.id}`;
  return `As it is, a ${host} host (${technology}) holds ${holds(base)}, bound by ${binding.id}`;
}

const holds = ({ vnodesPerHost, pairsPerHost }: SweepAnswer): string =>
  pairsPerHost === null ? `${vnodesPerHost} peers` : `${pairsPerHost} pairs`;

/** Of a containerlab file, whose vnodes differ. */
const isOfLab = ({ idleKnee }: SweepAnswer): boolean => idleKnee !== undefined;

/** What points are compared by. */
export const sweepMeasure = ({ base }: Pick<SweepDocument, 'base'>): string => (isOfLab(base) ? 'density' : 'knee');

/** The values of a level: one, or from the first to the last. */
export const levelWords = ({ from, to }: Pick<Sensitivity['levels'][number], 'from' | 'to'>): string =>
  from === to ? String(from) : `${from} to ${to}`;

/** How likely something is, where nothing is certain. */
const likely = (probability: number): string =>
  probability > 0.99 ? 'over 99 %' : probability < 0.01 ? 'under 1 %' : percent(probability);

/** Where another constraint comes to bind, as a sample tells it: a line each. */
export function turnWords({ estimate }: Sensitivity, points: number): string[] {
  if (!estimate || estimate.probability === 0) return [];
  if (estimate.turns.length === 0)
    return [
      `whether it changes what binds, ${points} points do not tell: that it does is ${likely(estimate.probability)} likely`,
    ];
  return estimate.turns.map(
    ({ from, to, before, after, below, above, probability }) =>
      `somewhere from ${from} to ${to} ${after} comes to bind instead of ${before} (at ${percent(below)} of the points below, at ${percent(above)} above; ${likely(probability)} sure)`,
  );
}

/** The lowest and the highest mean knee along a parameter, and where they are; null: it moves nothing. */
function reach({ levels }: Sensitivity, each: number): string | null {
  const knees = levels.map(({ knee }) => knee / each);
  const at = (knee: number) =>
    `${Math.round(knee)} (${levelWords(levels[knees.indexOf(knee)] as (typeof levels)[number])})`;
  const [low, high] = [Math.min(...knees), Math.max(...knees)];
  return low === high ? null : `from ${at(low)} to ${at(high)}`;
}

function movement(one: Sensitivity, document: SweepDocument, each: number): string[] {
  const { path, share, levels, switches } = one;
  const measure = sweepMeasure(document);
  const moved = reach(one, each) ?? `${Math.round((levels[0]?.knee ?? 0) / each)} whatever it is`;
  const lines = [`  ${path}: ${percent(share)} of what varies; mean ${measure} ${moved}`];
  for (const { from, to, before, after, lines: count, of } of switches)
    lines.push(
      `    between ${from} and ${to} ${after} binds instead of ${before}${of > 1 ? ` (${count} of ${of} lines)` : ''}`,
    );
  lines.push(...turnWords(one, document.points.length).map((line) => `    ${line}`));
  return lines;
}

const toldBy = ({ points }: SweepDocument): string => `, as far as ${points.length} points tell`;

/** Of what was scanned, what matters; null: nothing was. */
function sensitivitySentence(document: SweepDocument): string | null {
  const [first] = document.sensitivity;
  if (!first) return null;
  const { word, each } = sweepThings(document);
  const moved = reach(first, each);
  const mean = document.sensitivity.length > 1 ? ' on average' : '';
  if (!moved)
    return `nothing that was scanned moves the ${sweepMeasure(document)}: ${Math.round((first.levels[0]?.knee ?? 0) / each)} ${word}s per host`;
  const told = document.design === 'sample' && document.sensitivity.length > 1 ? toldBy(document) : '';
  return `${first.path} moves the ${sweepMeasure(document)} most${told}: ${moved} ${word}s per host${mean}`;
}

function pointTable({ parameters, points, base }: SweepDocument, { dim }: Colors): string {
  const pairs = points[0]?.answer.pairsPerHost !== null;
  const head = [
    ...parameters.map(({ path }) => path),
    ...(isOfLab(base) ? ['most a host', 'mean a host'] : [`${pairs ? 'pairs' : 'peers'} a host`, 'knee']),
    'hosts',
    'bound by',
  ];
  const rows = points.slice(0, SHOWN).map(({ values, answer }) => {
    const knee = pairs ? Math.floor(answer.knee / 2) : answer.knee;
    const fits = answer.hosts > 0 ? String(answer.hosts) : 'does not fit';
    return [
      ...values.map(String),
      String(answer.pairsPerHost ?? answer.vnodesPerHost),
      String(knee),
      fits,
      answer.binding.id,
    ];
  });
  return table([head.map((cell) => dim(cell)), ...rows], '  ');
}

/** The answer. */
export const sweepSentence = (document: SweepDocument): string =>
  document.target?.sentence ?? document.fleet?.sentence ?? sensitivitySentence(document) ?? baseSentence(document);

/** What is counted: pairs are two vnodes each. */
export const sweepThings = ({ base }: SweepDocument): { word: string; each: number } =>
  base.pairsPerHost === null ? { word: isOfLab(base) ? 'vnode' : 'peer', each: 1 } : { word: 'pair', each: 2 };

const ends = ({ low, high }: { readonly low: number; readonly high: number | null }): string =>
  high === null ? `${low} or more than there are` : low === high ? String(low) : `${low}-${high}`;

/** What the fleet's answer may as well be; null: there is none. */
export function fleetInterval(document: SweepDocument): string | null {
  const { hosts, holds, cost } = document.fleet ?? {};
  const { word, each } = sweepThings(document);
  if (holds) return `${ends({ low: Math.floor(holds.low / each), high: Math.floor(holds.high / each) })} ${word}s`;
  if (!hosts) return null;
  return `${ends(hosts)} hosts${cost ? `, for ${ends(cost)}` : ''}`;
}

/** The whole report; its first line is the answer. `color`: with escape codes. */
export function sweepReport(document: SweepDocument, color: boolean): string {
  const colors = createColors(color);
  const { target, fleet, points, sensitivity, warnings } = document;
  const first = sweepSentence(document);
  const lines = [colors.bold(first)];
  if (target?.after && target.change.length > 0) {
    lines.push(`  90 % of what one verify would measure: ${target.after.low}-${target.after.high} vnodes per host`);
    lines.push(`  with: ${target.change.map(({ path, value }) => `--set ${path}=${value}`).join(' ')}`);
    for (const command of target.commands) lines.push(`  set:  ${command}`);
  }
  if (first !== baseSentence(document)) lines.push(`  ${baseSentence(document)}`);
  for (const warning of warnings) lines.push(colors.yellow(`  ${warning}`));
  if (target && fleet) lines.push('', fleet.sentence);
  if (fleet) {
    const told = fleetInterval(document);
    if (told) lines.push(`  90 % interval, of a full plan of it: ${told}`);
    lines.push(
      table(
        fleet.shares.map(({ host, available, used, vnodesPerHost, price }) => [
          `${used}${available === null ? '' : ` of ${available}`} ${host}`,
          `${vnodesPerHost} vnodes per host`,
          price === null ? '' : `at ${price}`,
        ]),
        '  ',
      ).trimEnd(),
    );
  }
  if (sensitivity.length > 0) {
    const { each } = sweepThings(document);
    const varying = sensitivity.some(({ estimate }) => estimate !== null);
    const others = varying ? ', each parameter while the others vary too' : '';
    const title = `What moves the ${sweepMeasure(document)}${others}`;
    lines.push('', title, ...sensitivity.flatMap((one) => movement(one, document, each)));
  }
  if (points.length > 0) {
    lines.push('', `${points.length} points`, pointTable(document, colors).trimEnd());
    if (points.length > SHOWN) lines.push(colors.dim(`  and ${points.length - SHOWN} more in the document`));
  }
  return `${lines.join('\n')}\n`;
}
