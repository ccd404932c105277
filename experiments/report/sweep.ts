// The report of a what-if study.

import {
  fleetInterval,
  type SweepDocument,
  sweepMeasure,
  sweepSchema,
  sweepSentence,
  sweepThings,
} from '../whatif/index.js';
import { count, percent, plural, span } from '../wording.js';
import type { ReportKind } from './kind.js';
import type { Block, Report, Section } from './report.js';
import { settingsPicture } from './settings-picture.js';
import { saturationSection } from './sweep-saturation.js';
import { tolerancesText } from './tolerances.js';

const limit = (
  { id, vnodesPerHost, evidence }: SweepDocument['base']['binding'],
  word: string,
  each: number,
): string =>
  vnodesPerHost >= 1e9
    ? `${id} (${evidence})`
    : `${id}, at ${count(vnodesPerHost / each)} ${word}s per host (${evidence})`;

function answerSection(document: SweepDocument): Section {
  const { base, target } = document;
  const { word, each } = sweepThings(document);
  const whole = (vnodes: number) => count(Math.floor(vnodes / each));
  const facts: (readonly [string, string])[] = [
    [
      'As it is',
      base.hosts > 0
        ? `${whole(base.vnodesPerHost)} ${word}s per ${base.host} host (${base.technology}): ${plural(base.hosts, 'host')} for ${whole(base.vnodes)} ${word}s`
        : `${whole(base.vnodes)} ${word}s do not fit on ${base.host} (${base.technology})`,
    ],
    ['Bound by', limit(base.binding, word, each)],
    ['What moves it', base.binding.remedy],
    ['Next', limit(base.next, word, each)],
    ['What moves that', base.next.remedy],
  ];
  if (target) {
    facts.push(['Asked for', target.sentence]);
    if (target.change.length > 0)
      facts.push(['The change', target.change.map(({ path, value }) => `--set ${path}=${value}`).join(' ')]);
    for (const command of target.commands) facts.push(['To be set', command]);
    if (target.after)
      facts.push([
        'With it',
        `${whole(target.after.value)} ${word}s per host (90 % interval ${span({ low: Math.floor(target.after.low / each), high: Math.floor(target.after.high / each) })})`,
      ]);
  }
  return { title: 'The answer', blocks: [{ kind: 'facts', facts }] };
}

function fleetSection(document: SweepDocument): Section[] {
  const { fleet } = document;
  if (!fleet) return [];
  const interval = fleetInterval(document);
  return [
    {
      title: 'The fleet',
      blocks: [
        {
          kind: 'paragraph',
          text: `${fleet.sentence}.${interval ? ` 90 % interval, of a full plan of it: ${interval}.` : ''}`,
        },
        {
          kind: 'table',
          id: 'fleet',
          title: fleet.cost === null ? 'Hosts' : `Hosts, ${fleet.cost.value} in all`,
          columns: ['host', 'available', 'used', 'vnodes per host', 'price'],
          rows: fleet.shares.map(({ host, available, used, vnodesPerHost, price }) => [
            ...[host, available ?? 'as many as wanted', used, vnodesPerHost, price],
          ]),
        },
      ],
    },
  ];
}

/** A sample with several parameters knows it only more or less. */
function changesWhatBinds({ switches, estimate }: SweepDocument['sensitivity'][number]): boolean | string {
  if (!estimate) return switches.length > 0;
  const { probability, turns } = estimate;
  if (probability === 0) return 'at no point';
  return `${turns.length > 0 ? 'yes' : 'not known'}: ${percent(Math.min(0.999, probability))} likely`;
}

function parameterSection(document: SweepDocument): Section[] {
  const { sensitivity, points } = document;
  if (points.length === 0) return [];
  const { word, each } = sweepThings(document);
  const blocks: Block[] = [];
  if (sensitivity.length > 1)
    blocks.push({
      kind: 'table',
      id: 'sensitivity',
      title: 'Share of what varies that each parameter explains by itself',
      columns: ['parameter', 'share', 'changes what binds'],
      rows: sensitivity.map((one) => [one.path, percent(one.share, 0), changesWhatBinds(one)]),
    });
  blocks.push(...sensitivity.map((one, place) => settingsPicture(document, one, place)));
  const table: Block = {
    kind: 'table',
    id: 'points',
    title: 'Every point',
    columns: [
      ...document.parameters.map(({ path }) => path),
      ...[`${word}s per host`, sweepMeasure(document), 'hosts', 'bound by'],
    ],
    rows: points.map(({ values, answer }) => [
      ...values,
      ...[Math.floor(answer.vnodesPerHost / each), Math.floor(answer.knee / each)],
      ...[answer.hosts > 0 ? answer.hosts : 'does not fit', answer.binding.id],
    ]),
  };
  return [
    { title: `What moves the ${sweepMeasure(document)}`, blocks },
    { title: 'The points', blocks: [table] },
  ];
}

const DESIGNS: Readonly<Record<SweepDocument['design'], string>> = {
  grid: 'every combination of the values',
  sample: 'points of the Halton sequence',
  single: 'nothing was scanned',
};

function provenanceSection({ seed, design, points, scenario, base, tolerances }: SweepDocument): Section {
  return {
    title: 'Where the numbers come from',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['Scenario', scenario.name],
          ['Host profile', `${base.host} (${base.technology})`],
          ['Design', `${plural(points.length, 'point')}: ${DESIGNS[design]}`],
          ['Seed', `${seed}, the same random streams at every point`],
          ['Tolerances', tolerancesText(tolerances)],
        ],
      },
    ],
  };
}

function report(document: SweepDocument): Report {
  const { target, fleet, warnings } = document;
  return {
    of: 'sweep',
    title: `What if: ${document.scenario.name} on ${document.base.host}`,
    answer: sweepSentence(document),
    good: target ? target.reached : fleet ? fleet.fits : null,
    warnings,
    sections: [
      answerSection(document),
      ...fleetSection(document),
      ...parameterSection(document),
      saturationSection(document),
      provenanceSection(document),
    ],
    command: document.command ?? null,
  };
}

export const sweepKind: ReportKind = {
  kind: 'sweep',
  schema: sweepSchema,
  report: (document) => report(document as SweepDocument),
};
