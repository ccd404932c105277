// A receipt for people: predicted beside measured with marks, and our errors beside the baselines'.

import { createColors } from 'picocolors';
import { metricRules } from '../../calibration/index.js';
import { metricName } from '../planner/index.js';
import { table } from '../table.js';
import { percent, scaled, signedPercent, time } from '../wording.js';
import type { Receipt, ReceiptDensity, ReceiptKnee, ReceiptRow } from './receipt-document.js';

const mark = (ok: boolean): string => (ok ? '✓' : '✗');

/** A value of a metric as people read it. */
export function shown(value: number, unit: string): string {
  if (unit === '%') return `${value.toFixed(1)} %`;
  if (unit === 's') return time(value);
  return unit === 'count' ? value.toFixed(0) : scaled(value, unit);
}

const offOf = ({ off, relative, unit }: ReceiptRow): string =>
  relative ? signedPercent(off) : `${off < 0 ? '-' : '+'}${shown(Math.abs(off), unit)}`;

function rowCells(row: ReceiptRow): string[] {
  const { metric, unit, predicted, measured, allowed, relative, inside, ok } = row;
  const most = allowed === null ? '-' : relative ? percent(allowed) : shown(allowed, unit);
  return [
    allowed === null ? ' ' : mark(ok),
    metricRules[metric].title,
    shown(predicted.value, unit),
    `${shown(predicted.low, unit)}..${shown(predicted.high, unit)}`,
    shown(measured, unit),
    offOf(row),
    most,
    inside ? 'inside' : 'outside',
  ];
}

function densityText({ vnodes, step, rows, predicted, measured }: ReceiptDensity, color: boolean): string {
  const { bold, dim } = createColors(color);
  const head = ['', 'metric', 'predicted', '90 % interval', 'measured', 'off', 'allowed', ''].map((cell) => dim(cell));
  const verdict = (ok: boolean) => (ok ? 'within tolerance' : 'beyond tolerance');
  const both = `predicted ${verdict(predicted.ok)} (${metricName(predicted.metric)}), measured ${verdict(measured.ok)} (${metricName(measured.metric)})`;
  return `${bold(`${vnodes} vnodes`)} (${step}): ${both}\n${table([head, ...rows.map(rowCells)], '  ')}`;
}

const kneeText = ({ predicted, measured, ladders, off, inside, ok }: ReceiptKnee): string =>
  `${mark(ok)} knee: predicted ${predicted.value} vnodes (${predicted.low}..${predicted.high}), measured ${measured} (ladders ${ladders.join(', ')}), off by ${signedPercent(off)}, ${inside ? 'inside' : 'outside'} the interval\n`;

export function receiptText(receipt: Receipt, color: boolean): string {
  const { bold, dim } = createColors(color);
  const head = ['', 'error of', 'ours', 'repeat', 'baselines'].map((cell) => dim(cell));
  const comparisons = receipt.comparisons.map(({ what, unit, ours, repeat, baselines, better }) => [
    better === null ? ' ' : mark(better),
    what,
    shown(ours, unit === 'vnodes' ? 'count' : unit),
    shown(repeat, unit === 'vnodes' ? 'count' : unit),
    baselines.map(({ name, error }) => `${name} ${shown(error, unit === 'vnodes' ? 'count' : unit)}`).join(', ') ||
      'none',
  ]);
  return [
    `${bold(receipt.question)}\n`,
    ...receipt.warnings.map((warning) => `warning: ${warning}\n`),
    ...receipt.densities.map((density) => `\n${densityText(density, color)}`),
    receipt.knee ? `\n${kneeText(receipt.knee)}` : '',
    comparisons.length > 0 ? `\n${table([head, ...comparisons], '  ')}` : '',
    `\n${mark(receipt.ok)} ${receipt.ok ? 'as predicted' : 'not as predicted'}, in ${time(receipt.seconds)}\n`,
  ].join('');
}
