// Our errors beside those of the baselines, for CPU over the densities and for the knee.

import { mean } from '../../calibration/index.js';
import type { Baseline } from '../baselines/index.js';
import type { ReceiptComparison, ReceiptDensity, ReceiptKnee } from './receipt-document.js';

/** Ours counts as better at this share of the best baseline's error. */
const HALF = 0.5;

function comparison(
  what: ReceiptComparison['what'],
  unit: string,
  { ours, repeat }: { readonly ours: number; readonly repeat: number },
  baselines: ReceiptComparison['baselines'],
): ReceiptComparison {
  const best = Math.min(...baselines.map(({ error }) => error));
  const better = baselines.length === 0 ? null : ours <= HALF * best || ours <= repeat;
  return { what, unit, ours, repeat, baselines, better };
}

function ofCpu(densities: readonly ReceiptDensity[], baselines: readonly Baseline[]): ReceiptComparison[] {
  const seen = densities.flatMap(({ rows, vnodes }) => {
    const row = rows.find(({ metric }) => metric === 'cpu');
    return row ? [{ row, vnodes }] : [];
  });
  if (seen.length === 0) return [];
  const theirs = baselines.flatMap(({ name, how, cpuAt }) => {
    const errors = seen.flatMap(({ row, vnodes }) => {
      const cpu = cpuAt(vnodes);
      return cpu === null ? [] : [Math.abs(cpu - row.measured)];
    });
    return errors.length === seen.length ? [{ name, how, error: mean(errors) }] : [];
  });
  const ours = mean(seen.map(({ row }) => Math.abs(row.off)));
  return [comparison('cpu', '%', { ours, repeat: mean(seen.map(({ row }) => row.error)) }, theirs)];
}

function ofKnee({ ladders, measured, predicted }: ReceiptKnee, baselines: readonly Baseline[]): ReceiptComparison {
  const theirs = baselines.map(({ name, how, knee }) => ({ name, how, error: Math.abs(knee - measured) }));
  const repeat = (Math.max(...ladders) - Math.min(...ladders)) / 2;
  return comparison('knee', 'vnodes', { ours: Math.abs(predicted.value - measured), repeat }, theirs);
}

export const comparedWithBaselines = (
  densities: readonly ReceiptDensity[],
  knee: ReceiptKnee | null,
  baselines: readonly Baseline[],
): ReceiptComparison[] => [...ofCpu(densities, baselines), ...(knee ? [ofKnee(knee, baselines)] : [])];
