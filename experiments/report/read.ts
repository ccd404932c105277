// From a file to its report, whatever kind of document it holds.

import { InputError } from '../../models/index.js';
import { check, escaped, readDocument } from '../documents/index.js';
import { reportKinds } from './kinds.js';
import type { Report } from './report.js';

/** Records hold time series and a line a vnode: ten thousand vnodes are 15 MB. */
const LARGEST = 512 * 2 ** 20;

/** `-`: standard input. @throws InputError for what cannot be read or is no document that has a report. */
export function readReport(file: string): Report {
  const located =
    file === '-' ? readDocument('/dev/stdin', 'standard input.json', LARGEST) : readDocument(file, file, LARGEST);
  const { value } = located;
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  const kind = reportKinds.find((one) => `rangefit/${one.kind}` === format);
  if (!kind) {
    const known = reportKinds.map((one) => `rangefit/${one.kind}`).join(', ');
    const found = format === undefined ? 'none' : escaped(JSON.stringify(format).slice(0, 80));
    throw new InputError(located.source, `a document of format ${known}`, found);
  }
  check(located, kind.schema, kind.kind);
  return kind.report(value);
}
