// The report of a plan.

import {
  coresOf,
  coresText,
  distillationText,
  judged,
  limitWords,
  metricName,
  mostCores,
  namesText,
  type PlanDocument,
  perHost,
  planSchema,
  planSentence,
  type TestedDensity,
  things,
} from '../planner/index.js';
import { count, plural, scaled, span, time } from '../wording.js';
import { ceilingShares, ceilingTable } from './ceilings.js';
import { distribution, saturated, shareOf, sharesInUse, stacks } from './charts.js';
import type { ReportKind } from './kind.js';
import { kneePicture } from './knee-picture.js';
import { metricPicture } from './metric-picture.js';
import type { Block, NamedTable, Report, Section } from './report.js';
import { tolerancesText } from './tolerances.js';

/** The tested density nearest to the planned one, from below where there is one. */
function nearPlanned({ answer, method }: PlanDocument): TestedDensity | undefined {
  const { value } = answer.vnodesPerHost;
  return method.densities.findLast(({ vnodesPerHost }) => vnodesPerHost <= value) ?? method.densities[0];
}

function answerSection(document: PlanDocument): Section {
  const { answer } = document;
  const { word, each } = things(document);
  const limit = ({ id, vnodesPerHost, evidence }: PlanDocument['answer']['next']) =>
    `${id}, ${limitWords(Math.floor(vnodesPerHost / each), word, evidence)}`;
  const [density, knee] = [perHost(answer.vnodesPerHost, each), perHost(answer.knee, each)];
  return {
    title: 'The answer',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['Hosts', `${count(answer.hosts.value)} ${document.host} (90 % interval ${span(answer.hosts)})`],
          ...(document.lab
            ? ([
                ['Most vnodes on a host', `${count(density.value)} (${span(density)})`],
                ['Knee', `${count(knee.value)} (${span(knee)}): one host by itself, of vnodes that idle`],
              ] as const)
            : ([
                [
                  `Planned ${word}s per host`,
                  `${count(density.value)} (${span(density)}): all hosts within tolerance together with probability 0.9`,
                ],
                ['Knee', `${count(knee.value)} (${span(knee)}): one host by itself, with probability one half`],
              ] as const)),
          ['Bound by', limit(answer.binding)],
          ['What moves it', answer.binding.remedy],
          ['Next', limit(answer.next)],
          ['What moves that', answer.next.remedy],
        ],
      },
      kneePicture({ word, each, densities: document.method.densities, answer }),
    ],
  };
}

const IDLE: Block = {
  kind: 'paragraph',
  text: 'Simulated are vnodes that idle: what those of a containerlab file do is not in it. What they declare decides how they are packed.',
};

/** Of a containerlab file. */
function placementSection({ lab }: PlanDocument): Section[] {
  if (!lab) return [];
  const rows = lab.hosts.map(({ host, vnodes, cpu, memory }) => [
    ...[host, vnodes.length, Number(cpu.toPrecision(6)), memory / 1e6, namesText(vnodes)],
  ]);
  const columns = ['host', 'vnodes', 'cores declared', 'memory (MB)', 'which'];
  const table: NamedTable = { kind: 'table', id: 'placement', title: 'Which vnodes on which host', columns, rows };
  return [{ title: 'Placement', blocks: [table] }];
}

function fidelitySection(document: PlanDocument): Section {
  const { word, each } = things(document);
  const blocks: Block[] = [
    ...(document.lab ? [IDLE] : []),
    {
      kind: 'table',
      id: 'fidelity',
      title: `At ${plural(document.fidelityAt / each, word)} per host, against the ideal twin`,
      columns: ['metric', 'value', 'allowed', 'within tolerance', 'measured', 'ideal', 'unit'],
      rows: document.fidelity.map((row) => {
        const [value, allowed] = judged(row);
        return [metricName(row.metric), value, allowed, row.ok, row.measured, row.ideal, row.unit];
      }),
    },
  ];
  const metric = metricPicture(document);
  if (metric) blocks.push(metric);
  const { completion } = document;
  if (completion) {
    const curve = (name: string, values: readonly number[]) => ({
      name,
      quantile: (share: number) => interpolated(values, share),
    });
    blocks.push(
      distribution({
        id: 'completion',
        title: 'When downloads are complete',
        text: `Half of the ${word}s are done after ${time(interpolated(completion.host, 0.5))} on the host and after ${time(interpolated(completion.ideal, 0.5))} on its ideal twin, at ${completion.vnodesPerHost} per host.`,
        axis: 'seconds from the start',
        curves: [curve('host', completion.host), curve('ideal twin', completion.ideal)],
      }),
    );
  }
  return { title: 'Fidelity', blocks };
}

/** Between values at equally spaced shares. */
function interpolated(values: readonly number[], share: number): number {
  const place = share * (values.length - 1);
  const below = Math.floor(place);
  const low = values[below] as number;
  return low + ((values[Math.min(below + 1, values.length - 1)] as number) - low) * (place - below);
}

function costSection(document: PlanDocument): Section {
  const { word, each } = things(document);
  const { densities } = document.method;
  const labels = densities.map(({ vnodesPerHost }) => vnodesPerHost / each);
  const kinds = ['softirq', 'application', 'switching', 'wakeup', 'background'] as const;
  const total = ({ cpuPercent }: TestedDensity) => Object.values(cpuPercent).reduce((sum, kind) => sum + kind, 0);
  const most = densities.at(-1);
  const whole = 100 * coresOf(document);
  const memoryAvailable = document.resources.memoryAvailable;
  const parts = ['host', 'kernel', 'containers'] as const;
  const used = ({ memory }: TestedDensity) => memory.host + memory.kernel + memory.containers;
  return {
    title: 'What a host spends',
    blocks: [
      stacks({
        id: 'cpu',
        title: `CPU by kind of work, by ${word}s per host`,
        text: most
          ? `At ${most.vnodesPerHost / each} ${word}s per host ${total(most).toFixed(0)} % of ${whole} % is taken, most of it by ${kinds.reduce((a, b) => (most.cpuPercent[b] > most.cpuPercent[a] ? b : a))} work.`
          : 'No density was simulated.',
        axis: '% of one core',
        across: `${word}s per host`,
        labels,
        curves: kinds.map((kind) => ({ name: kind, values: densities.map(({ cpuPercent }) => cpuPercent[kind]) })),
        ...(densities.some((one) => total(one) > whole / 3)
          ? { level: { name: `${whole} %: all cores`, value: whole } }
          : {}),
      }),
      stacks({
        id: 'memory',
        title: `Memory, by ${word}s per host`,
        text: most
          ? `At ${most.vnodesPerHost / each} ${word}s per host ${scaled(used(most), 'B')} of ${scaled(memoryAvailable, 'B')} are used.`
          : 'No density was simulated.',
        axis: 'MB',
        across: `${word}s per host`,
        labels,
        curves: parts.map((part) => ({ name: part, values: densities.map(({ memory }) => memory[part] / 1e6) })),
        ...(densities.some((one) => used(one) > memoryAvailable / 3)
          ? { level: { name: `${scaled(memoryAvailable, 'B')}: all there is`, value: memoryAvailable / 1e6 } }
          : {}),
      }),
    ],
  };
}

function saturationSection(document: PlanDocument): Section {
  const { word, each } = things(document);
  const { resources, ceilings } = document;
  const near = nearPlanned(document);
  const cores = coresOf(document);
  const shares = [
    ...shareOf('memory', resources.memory, resources.memoryAvailable, (value) => scaled(value, 'B')),
    ...shareOf('disk', resources.disk, resources.diskAvailable, (value) => scaled(value, 'B')),
    ...ceilingShares(ceilings),
  ];
  if (near) {
    const taken = Object.values(near.cpuPercent).reduce((sum, kind) => sum + kind, 0);
    shares.unshift(
      ...shareOf(
        document.lab ? 'CPU that idle vnodes take' : 'CPU',
        taken,
        100 * cores,
        (value) => `${value.toFixed(0)} %`,
      ),
    );
  }
  if (document.lab) shares.unshift(...shareOf('declared CPU', mostCores(document.lab), cores, coresText));
  const full = saturated(shares);
  const planned = plural(Math.floor(document.answer.vnodesPerHost.value / each), word);
  const table = ceilingTable(ceilings, { word, each, stock: document.scenario.limits === 'stock' });
  return {
    title: 'What saturates, and what does not',
    blocks: [
      sharesInUse({
        id: 'saturation',
        title: `In use with ${planned} on a host`,
        text: full.length > 0 ? `Saturated: ${full.join(', ')}. Everything else has room.` : 'Nothing is saturated.',
        shares,
      }),
      table,
    ],
  };
}

function comparedSection({ alternatives, fleet, ...document }: PlanDocument): Section[] {
  const { word, each } = things({ ...document });
  if (fleet)
    return [
      {
        title: 'The fleet',
        blocks: [
          {
            kind: 'table',
            id: 'fleet',
            title: `Holds ${plural(fleet.capacity / each, word)}; ${fleet.missing > 0 ? `${count(fleet.missing / each)} are missing` : 'nothing is missing'}`,
            columns: ['host', 'available', 'used', `${word}s per host`, `${word}s`],
            rows: fleet.shares.map(({ host, available, used, vnodesPerHost, vnodes }) => [
              ...[host, available, used, Math.floor(vnodesPerHost / each), vnodes / each],
            ]),
          },
        ],
      },
    ];
  if (alternatives.length < 2) return [];
  return [
    {
      title: 'Hosts compared',
      blocks: [
        {
          kind: 'table',
          id: 'hosts',
          title: 'Every host that was asked about',
          columns: ['host', 'technology', 'hosts', '90 % interval', `${word}s per host`, 'bound by', 'why'],
          rows: alternatives.map(({ host, technology, hosts, vnodesPerHost, binding, technologyFacts }) => [
            ...[host, technology, hosts.value === 0 ? 'does not fit' : hosts.value, span(hosts)],
            ...[Math.floor(vnodesPerHost.value / each), binding, technologyFacts?.why ?? ''],
          ]),
        },
      ],
    },
  ];
}

function provenanceSection(document: PlanDocument): Section {
  const { host, technology, provenance, method, seed, resources, tolerances } = document;
  const network = distillationText(document);
  const figures = Object.entries(provenance).filter(([, number]) => number > 0);
  return {
    title: 'Where the numbers come from',
    blocks: [
      {
        kind: 'facts',
        facts: [
          [
            'Host profile',
            `${host} (${technology}): ${figures.map(([source, number]) => `${number} figures ${source}`).join(', ')}`,
          ],
          ['Simulated', method.simulated],
          ['Composed', method.composed],
          ['Compared', method.compared],
          ...(network === undefined ? [] : [['Network', network] as const]),
          ['Runs', `${method.runs}, ${method.seeds} seeds a density, from seed ${seed}`],
          [
            'Intervals',
            `90 %, of what one verify would measure; ${method.draws} hosts drawn from the profile's intervals and simulated`,
          ],
          ['Set-up of a host', time(resources.setupSeconds)],
          ['Tolerances', tolerancesText(tolerances)],
        ],
      },
    ],
  };
}

export function planReport(document: PlanDocument): Report {
  return {
    of: 'plan',
    title: `Plan for ${document.scenario.name} on ${document.host}`,
    answer: planSentence(document),
    good: document.fits,
    warnings: document.warnings,
    sections: [
      answerSection(document),
      fidelitySection(document),
      costSection(document),
      saturationSection(document),
      ...placementSection(document),
      ...comparedSection(document),
      provenanceSection(document),
    ],
    command: document.command ?? null,
  };
}

export const planKind: ReportKind = {
  kind: 'plan',
  schema: planSchema,
  report: (document) => planReport(document as PlanDocument),
};
