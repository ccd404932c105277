// A receipt fed back: what a verification measured becomes observations of the same host, and the fit is repeated.

import type { Experiment, Observations } from '../../calibration/index.js';
import { InputError } from '../../models/index.js';
import { check, readDocument } from '../documents/index.js';
import { type Receipt, receiptSchema } from '../verify/index.js';

/** A receipt embeds its scenarios. */
const LARGEST = 16 * 2 ** 20;

/** @throws InputError. */
export function readReceipt(file: string): Receipt {
  return check(readDocument(file, file, LARGEST), receiptSchema, 'receipt');
}

/** The same receipt gives the same names, so that feeding it back twice changes nothing. */
const nameOf = ({ measuredAt }: Receipt, vnodes: number): string =>
  `receipt-${measuredAt.replace(/\D/g, '').slice(0, 14)}-${vnodes}`;

function experimentsOf(receipt: Receipt): Experiment[] {
  return receipt.densities.map(({ vnodes, scenario, rows, discarded }) => ({
    id: nameOf(receipt, vnodes),
    rung: 'receipts',
    scenario,
    heldOut: false,
    observations: rows.map(({ metric, measured, error, repeats }) => ({ metric, value: measured, error, repeats })),
    discarded,
  }));
}

/** @throws InputError for a receipt of another machine. */
export function refined(observations: Observations, receipt: Receipt): Observations {
  if (receipt.machine !== observations.machine.processor)
    throw new InputError('--refine', `a receipt of ${observations.machine.processor}`, `one of ${receipt.machine}`);
  const added = experimentsOf(receipt);
  const names = new Set(added.map(({ id }) => id));
  return {
    ...observations,
    experiments: [...observations.experiments.filter(({ id }) => !names.has(id)), ...added],
  };
}
