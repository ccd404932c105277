// Measuring a machine: the ladder climbed with real runs, and what came of it as observations.

import { readFileSync } from 'node:fs';
import {
  type ClimbProgress,
  climb,
  ladder,
  type Machine,
  type Observations,
  observed,
  type RunEntry,
  sharedCores,
} from '../../calibration/index.js';
import { type Capabilities, coreTimes, emulate, hostShell } from '../../emu/index.js';
import { parseSize } from '../../models/index.js';
import { measureInterference } from '../measured-interference.js';
import type { RunFolder } from '../run-folder.js';
import { untilQuiet } from './quiet.js';
import type { CalibrationRun } from './run.js';

export interface MeasureOptions {
  readonly version: string;
  /** Seconds to wait for a quiet machine before each run. */
  readonly patience: number;
  readonly signal: AbortSignal;
  readonly onMessage: (line: string) => void;
  readonly onProgress: (text: string, progress: ClimbProgress) => void;
}

/** Seconds between looks of the emulation's monitor. */
const INTERVAL = 0.5;
const QUICK = { repeats: 1, budget: 120 };
const FULL = { repeats: 2, budget: 760 };

/** Seconds that a machine must be quiet for after a noisy stretch, and how much longer it is waited for. */
const RESPITE = { quiet: 60, patience: 300 };

/** Seconds for which cores are timed, before the ladder and after it; and of each time. */
const CORES = { quick: 5, full: 10, each: 0.01 };

/** A round of all stresses takes half a minute. */
const INTERFERENCE = { seconds: 3, repeats: 2 };

/** Bytes of a core's second-level cache as the kernel tells it; 0: it does not. */
function cacheSize(): number {
  try {
    const text = readFileSync('/sys/devices/system/cpu/cpu0/cache/index2/size', 'utf8').trim();
    return parseSize(`${text}iB`) ?? 0;
  } catch {
    return 0;
  }
}

/** KVM's guests have its clock. */
function underKvm(): boolean {
  try {
    return readFileSync('/sys/devices/system/clocksource/clocksource0/available_clocksource', 'utf8').includes(
      'kvm-clock',
    );
  } catch {
    return false;
  }
}

export const machineOf = ({ machine, cores, kernel, memoryTotal, diskAvailable }: Capabilities): Machine => ({
  ...{ processor: machine, cores, kernel, memory: memoryTotal, disk: diskAvailable, cache: cacheSize() },
  ...(underKvm() ? { kvm: true } : {}),
});

/**
 * Runs what the folder does not hold yet.
 * @throws TooNoisy, CannotRun, or the signal's reason; what was finished is in the folder.
 */
export async function measure(
  capabilities: Capabilities,
  folder: RunFolder<CalibrationRun, RunEntry>,
  { version, patience, signal, onMessage, onProgress }: MeasureOptions,
): Promise<Observations> {
  const { cores, features, programs, libtorrent } = capabilities;
  const { name, quick } = folder.input;
  const lacking = {
    direct: features.ingress !== true || features.mirred !== true,
    clients: [
      ...(programs.aria2c && programs.opentracker ? [] : ['aria2']),
      ...(libtorrent !== null && programs.opentracker ? [] : ['libtorrent']),
    ],
  };
  const experiments = ladder({ quick, lacking });
  if (lacking.direct) onMessage('this kernel cannot join veths without a bridge: direct paths are left out');
  for (const client of lacking.clients) onMessage(`${client} is not there: its swarms are left out`);
  const timeCores = async () => {
    await untilQuiet(cores, patience, signal);
    return coreTimes(hostShell(), cores, quick ? CORES.quick : CORES.full);
  };
  const before = await timeCores();
  const entries = await climb(experiments, {
    ...(quick ? QUICK : FULL),
    before: [...folder.entries()],
    clock: () => performance.now() / 1000,
    quiet: (seconds) => untilQuiet(cores, patience, signal, { seconds, insists: false }),
    respite: () => {
      onMessage(`most runs are disturbed: going on once the machine has been quiet for ${RESPITE.quiet} s`);
      return untilQuiet(cores, RESPITE.patience, signal, { seconds: RESPITE.quiet, insists: true });
    },
    emulate: (scenario, seed) => {
      signal.throwIfAborted();
      return emulate(scenario, capabilities, seed, { version, interval: INTERVAL, signal, onMessage });
    },
    onEntry: (entry, progress) => {
      folder.add(entry);
      if (entry.disturbed.length > 0) onMessage(`${entry.id} thrown away: ${entry.disturbed.join('; ')}`);
      onProgress(entry.id, progress);
    },
  });
  const sharing = sharedCores([...before, ...(await timeCores())], CORES.each);
  const interference =
    quick || cores < 2 || !programs['stress-ng']
      ? undefined
      : await measureInterference(
          (scenario) => {
            signal.throwIfAborted();
            return emulate(scenario, capabilities, 'interference', { version, signal, onMessage });
          },
          INTERFERENCE,
          (text) => onProgress(`interference, ${text}`, { done: entries.length, all: entries.length, left: 60 }),
        );
  return {
    ...observationsOf(name, capabilities, folder.input, experiments, entries),
    ...(interference ? { interference } : {}),
    ...(sharing ? { sharedCores: sharing } : {}),
  };
}

function observationsOf(
  name: string,
  capabilities: Capabilities,
  { startedAt, versions }: CalibrationRun,
  experiments: ReturnType<typeof ladder>,
  entries: readonly RunEntry[],
): Observations {
  return {
    format: 'rangefit/observations',
    formatVersion: 1,
    name,
    machine: machineOf(capabilities),
    measuredAt: startedAt,
    versions,
    origin: 'calibrate',
    experiments: observed(experiments, entries),
  };
}
