// The kinds of documents that `report` knows: one line each.

import { caseKind } from './case.js';
import type { ReportKind } from './kind.js';
import { planKind } from './plan.js';
import { profileKind } from './profile.js';
import { receiptKind } from './receipt.js';
import { recordKind } from './record.js';
import { reproduceKind } from './reproduce.js';
import { sweepKind } from './sweep.js';

export const reportKinds: readonly ReportKind[] = [
  planKind,
  profileKind,
  receiptKind,
  recordKind,
  sweepKind,
  reproduceKind,
  caseKind,
];
