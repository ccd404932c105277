// For tests with real containers: run where they can be, skipped with the reason elsewhere, and a failure in CI.

import { afterEach, describe, it } from 'vitest';
import {
  type Capabilities,
  clean,
  type EmulationProgress,
  emulate,
  hostShell,
  knownRuns,
  probeCapabilities,
} from '../../../emu/index.js';
import { type RunRecord, type ScenarioDocument, scenarioSchema } from '../../../models/index.js';
import { scenarioTarget } from '../../../sim/index.js';

export const machine: Capabilities = await probeCapabilities(hostShell());

/** Why containers cannot be had here; undefined: they can. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'not Linux';
  if (!machine.root) return 'not root';
  const missing = (Object.keys(machine.programs) as (keyof typeof machine.programs)[]).filter(
    (name) => !machine.programs[name],
  );
  if (machine.libtorrent === null) missing.push('python3-libtorrent' as never);
  if (missing.length > 0) return `missing: ${missing.join(', ')} (see \`rangefit doctor\`)`;
  return machine.features.veth && machine.features.bridge && machine.features.tbf
    ? undefined
    : 'no veth, bridge or tbf in this kernel';
}

/** Why tests of real containers are not run here. */
export const without = obstacle();

export function withContainers(name: string, tests: () => void): void {
  if (without === undefined)
    describe(name, () => {
      afterEach(endBegun);
      tests();
    });
  else if (process.env.CI)
    describe(name, () => {
      it('runs in CI', () => {
        throw new Error(`CI must run real containers, but: ${without}`);
      });
    });
  else describe.skip(`${name} (skipped: ${without})`, tests);
}

type Asked = Omit<ScenarioDocument, 'name'>;

interface Asking {
  readonly soak?: boolean;
  readonly interval?: number;
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EmulationProgress) => void;
}

/** What a test has begun: it ends with the test, however that ends, or the next one would be kept out by it. */
interface Begun {
  readonly stop: AbortController;
  readonly settled: Promise<unknown>;
  run: string | undefined;
}

const begun = new Set<Begun>();

/** Runs a scenario for real; after the test nothing of it is left. */
export function runForReal(
  document: Asked,
  seed = '1',
  { signal, onProgress, ...options }: Asking = {},
): Promise<RunRecord> {
  const stop = new AbortController();
  const scenario = scenarioSchema.parse({ name: 'test', ...document });
  const record = emulate(scenario, machine, seed, {
    version: 'test',
    ...(scenario.network.topology && { network: scenarioTarget(scenario) }),
    ...options,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    onProgress: (progress) => {
      mine.run = progress.run;
      onProgress?.(progress);
    },
  });
  const mine: Begun = { stop, settled: record.catch(() => {}), run: undefined };
  begun.add(mine);
  return record;
}

async function endBegun(): Promise<void> {
  for (const { stop, settled, run } of begun) {
    stop.abort(new Error('the test is over'));
    await settled;
    const left = knownRuns().find((known) => known.run === run);
    if (left) await clean(hostShell(), left.run);
  }
  begun.clear();
}
