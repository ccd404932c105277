// `host import`: measurements of a machine that one cannot log in to, as observations that `host fit` takes.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { encode } from 'zod';
import { observationsSchema } from '../../calibration/index.js';
import { InputError, parseSize } from '../../models/index.js';
import {
  CSV_COLUMNS,
  checkOwnName,
  importedObservations,
  runFromIperf,
  runsFromCsv,
  saveObservations,
} from '../calibrate/index.js';
import { countFrom, deliver, READS_ONLY, type StandardFlags, setOption, verb } from '../flags.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';

interface ImportFlags extends StandardFlags {
  readonly name: string;
  readonly processor: string;
  readonly cores: string;
  readonly memory: string;
  readonly disk: string;
  readonly kernel: string;
  readonly set: readonly string[];
}

function sizeFrom(flag: string, text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes === 0) throw new InputError(flag, 'a size such as 16GiB', JSON.stringify(text));
  return bytes;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(file, 'a file to read', error instanceof Error && 'code' in error ? String(error.code) : '');
  }
}

export function hostImport(session: Session): Command {
  return verb(
    'import',
    'measurements made elsewhere (iperf3 JSON, or a CSV table) as observations for `host fit`',
    [
      'host import runs.csv --name lab --processor "Xeon Gold" --cores 16 --memory 64GiB --kernel 5.10.0',
      'host import flow.json --name lab --processor Xeon --cores 8 --memory 16GiB --kernel 6.1.0 --set scenario.link.up=1Gbit/s',
      'host fit lab',
    ],
    { idle: READS_ONLY },
  )
    .argument('<files...>', `iperf3 results (.json), or tables (.csv) with the columns ${CSV_COLUMNS.join(', ')}`)
    .requiredOption('--name <name>', 'what the host will be called')
    .requiredOption('--processor <text>', "the processor's name")
    .requiredOption('--cores <count>', 'its cores')
    .requiredOption('--memory <size>', 'its memory')
    .requiredOption('--kernel <release>', 'its kernel, as `uname -r` tells it')
    .option('--disk <size>', 'disk for containers', '100GB')
    .addOption(setOption())
    .action((files: readonly string[], flags: ImportFlags) => {
      const name = checkOwnName(flags.name);
      const machine = {
        processor: flags.processor,
        cores: countFrom('--cores', flags.cores, 4096),
        kernel: flags.kernel,
        memory: sizeFrom('--memory', flags.memory),
        disk: sizeFrom('--disk', flags.disk),
        cache: 0,
      };
      const settings = settingsOf(flags.set.map(parseSetting), 'scenario', []);
      const runs = files.flatMap((file) =>
        file.endsWith('.csv') ? runsFromCsv(file, readText(file)) : [runFromIperf(file, readText(file))],
      );
      const observations = importedObservations(name, machine, runs, settings);
      const file = saveObservations(session.environment, observations);
      const count = observations.experiments.length;
      const text = `${file}: ${runs.length} runs of ${count} experiments; \`rangefit host fit ${name}\` fits a profile to them\n`;
      deliver(session, flags, encode(observationsSchema, observations), text, 'observations.json');
    });
}
