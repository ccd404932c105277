// `report`: a document that has an answer as a page, a picture or tables.

import { type Command, Option } from 'commander';
import { InputError } from '../../models/index.js';
import { suggestion } from '../documents/index.js';
import { READS_ONLY, type StandardFlags, verb, writeOut } from '../flags.js';
import type { Session } from '../session.js';

const FORMATS = ['html', 'svg', 'csv', 'json', 'md'] as const;
type Format = (typeof FORMATS)[number];

interface ReportFlags extends StandardFlags {
  readonly format?: Format;
  readonly picture?: string;
  readonly table?: string;
}

/** As the flag says, else as the name of the output ends, else a page. */
function formatOf({ format, json, out }: ReportFlags): Format {
  if (json) return 'json';
  const ending = /\.(\w+)$/.exec(out ?? '')?.[1]?.toLowerCase();
  return format ?? FORMATS.find((one) => one === ending) ?? 'html';
}

/** The first, unless one is named. */
function chosen<T extends { readonly id: string }>(flag: string, id: string | undefined, all: readonly T[]): T {
  const ids = all.map((one) => one.id);
  const found = id === undefined ? all[0] : all.find((one) => one.id === id);
  if (found) return found;
  if (ids.length === 0) throw new InputError(flag, 'a report that has one', 'none');
  throw new InputError(flag, `one of ${ids.join(', ')}`, `"${id}"${suggestion(id ?? '', ids)}`);
}

async function written(file: string, flags: ReportFlags): Promise<{ text: string; answer: string }> {
  // Drawing is a lot of code to load for the verbs that do not draw.
  const { csv, html, markdown, pictureFile, picturesOf, readReport, reportData, tablesOf } = await import(
    '../report/index.js'
  );
  const report = readReport(file);
  const text = async (): Promise<string> => {
    switch (formatOf(flags)) {
      case 'html':
        return html(report);
      case 'svg':
        return pictureFile(chosen('--picture', flags.picture, picturesOf(report)));
      case 'csv':
        return csv(chosen('--table', flags.table, tablesOf(report)));
      case 'json':
        return `${JSON.stringify(reportData(report), null, 2)}\n`;
      case 'md':
        return markdown(report);
    }
  };
  return { text: await text(), answer: report.answer };
}

export function reportVerb(session: Session): Command {
  return verb(
    'report',
    'a page, a picture or tables from a plan, a run record, a receipt, a calibrated profile, a sweep, a case study or a reproduce document',
    [
      'report plan.json --out plan.html',
      'report plan.json --out knee.svg                  the picture of the knee alone',
      'report run.json --format csv --table vnodes',
      'plan --peers 500 --host t7500 --json | rangefit report - --format md',
    ],
    { idle: READS_ONLY },
  )
    .argument('<file>', 'a document that another verb wrote; -: standard input')
    .addOption(new Option('--format <name>', 'default: as --out ends, else html').choices(FORMATS))
    .option('--picture <id>', 'with svg: which (default: the first)')
    .option('--table <id>', 'with csv: which (default: the first; pictures have one each)')
    .action(async (file: string, flags: ReportFlags) => {
      const { text, answer } = await written(file, flags);
      if (flags.out === undefined) session.out(text);
      else {
        writeOut(flags.out, `report.${formatOf(flags)}`, text);
        session.out(`${answer}\n`);
      }
    });
}
