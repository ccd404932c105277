// How full a calibrated machine was in its own experiments, and the kernel ceilings at the most vnodes that they had.

import { type Calibration, type HostProfile, kernelCeilings, resolveHost } from '../../models/index.js';
import { planCeilings } from '../planner/index.js';
import { type Resource, SATURATED, saturationWords } from '../saturation.js';
import { plural } from '../wording.js';
import { ceilingTable } from './ceilings.js';
import type { Section } from './report.js';
import { resourcePicture } from './resources.js';

/** What a calibration keeps of its runs, by metric. */
const KEPT = [
  ['cpu', 'CPU, mean', '%'],
  ['memory', 'memory', 'B'],
  ['entries', 'neighbour table', 'count'],
] as const;

const highest = ({ comparisons }: Calibration, metric: string): number | null => {
  const seen = comparisons.filter((one) => one.metric === metric).map(({ measured }) => measured);
  return seen.length > 0 ? Math.max(...seen) : null;
};

export function saturationSection(profile: HostProfile, calibration: Calibration): Section {
  const host = resolveHost(profile, profile.defaultTechnology, 'raised');
  const { vnodes } = calibration.domain;
  const there = {
    cpu: 100 * host.cores,
    // Experiments tell by how much memory grew: what the host itself takes is not theirs.
    memory: host.memoryBytes - host.memory.host,
    entries: null,
  };
  const resources: Resource[] = KEPT.flatMap(([metric, name, unit]) => {
    const used = highest(calibration, metric);
    return used === null ? [] : [{ name, unit, used, of: there[metric], lost: null, asked: false }];
  });
  const full = calibration.comparisons.filter(
    ({ metric, measured }) => metric === 'cpu' && measured >= SATURATED * there.cpu,
  );
  const ceilings = kernelCeilings({ vnodes, degree: 1, host, limits: 'raised' });
  const known = resources.some(({ of }) => of !== null);
  return {
    title: 'What saturated, and what did not',
    blocks: [
      ...(known ? [resourcePicture('The fullest of the experiments', resources)] : []),
      {
        kind: 'paragraph',
        text: `${plural(full.length, 'experiment')} filled the cores, which is where costs show best. ${known ? '' : `${saturationWords(resources)} `}Backlog, queues, socket buffers, disk and processes a calibration does not keep: its runs do, as records.`,
      },
      ceilingTable(planCeilings(ceilings), { word: 'vnode', each: 1, stock: false }),
      {
        kind: 'paragraph',
        text: `Ceilings by arithmetic, with the ${plural(vnodes, 'vnode')} that were the most in an experiment, each with one peer.`,
      },
    ],
  };
}
