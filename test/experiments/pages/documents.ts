// Documents of every kind, small and large, as the command line writes them.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'zod';
import { receiptDocument } from '../../../experiments/verify/index.js';
import { hostProfileSchema } from '../../../models/index.js';
import { rangefit } from '../session.js';
import { profile, receiptOf } from '../verify/simulated-reality.js';

export const COMMANDS: Readonly<Record<string, string>> = {
  plan: 'plan --scenario idle --peers 60 --host t7500',
  fleet: 'plan --scenario idle --peers 600 --fleet t7500:2,pc3000:1',
  swarm:
    'simulate swarm-100 --host pc3000 --peers 8 --set scenario.workload.file=256KiB --set scenario.workload.start=1s',
  one: 'simulate idle --host t7500 --peers 1 --until 2s',
  hundred: 'simulate pairs-100mbit --host t7500 --pairs 50 --until 20ms',
  'ten-thousand': 'simulate idle --host t7500 --peers 10000 --until 1s',
  sweep:
    'whatif --scenario idle --host t7500 --peers 600 --scan host.memory=1GiB,2GiB,4GiB --scan range.peers=100,600 --target-hosts 1',
  reproduce: 'reproduce --only Q1,Q2,P1',
};

/** Those that only a browser looks at. */
const FURTHER: Readonly<Record<string, string>> = {
  case: 'study key-lookup',
  lab: 'plan --scenario docs/examples/clos.clab.yml --host pc3000',
  prices: 'whatif --scenario idle --peers 600 --fleet t7500:2,pc3000:9 --price t7500=9 --price pc3000=4',
  'plan-of-one': 'plan --scenario idle --peers 1 --host t7500',
  'plan-of-many': 'plan --scenario idle --peers 10000 --host t7500',
};

/** Documents that come of real experiments only, here of simulated ones. */
const OTHERS: Readonly<Record<string, () => Promise<unknown>>> = {
  profile: async () => encode(hostProfileSchema, profile),
  receipt: async () => receiptDocument(await receiptOf((host) => host, new Set(), 1)),
};

/** Writes each document once. @returns the folder, a new one unless it is given, with NAME.json for each. */
export async function writtenDocuments(
  names: readonly string[] = Object.keys(COMMANDS),
  folder = mkdtempSync(join(tmpdir(), 'rangefit-report-')),
): Promise<string> {
  for (const name of names) {
    const other = OTHERS[name];
    if (other) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(await other()));
      continue;
    }
    const command = COMMANDS[name] ?? FURTHER[name] ?? '';
    const words = command.split(' ');
    // A study keeps a folder of its own.
    if (words[0] === 'whatif') words.push('--out', join(folder, name));
    const { code, out, err } = await rangefit([...words, '--json', '--quiet', '--workers', '0']);
    if (code > 1) throw new Error(`${command}: ${err}`);
    writeFileSync(join(folder, `${name}.json`), out);
  }
  return folder;
}
