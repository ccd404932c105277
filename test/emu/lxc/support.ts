// For tests with real containers: run where they can be, skipped with the reason elsewhere, and a failure in CI.

import { describe, it } from 'vitest';
import { type Capabilities, emulate, hostShell, probeCapabilities } from '../../../emu/index.js';
import { type RunRecord, type ScenarioDocument, scenarioSchema } from '../../../models/index.js';

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
  if (without === undefined) describe(name, tests);
  else if (process.env.CI)
    describe(name, () => {
      it('runs in CI', () => {
        throw new Error(`CI must run real containers, but: ${without}`);
      });
    });
  else describe.skip(`${name} (skipped: ${without})`, tests);
}

type Asked = Omit<ScenarioDocument, 'name'>;

/** Runs a scenario for real. */
export const runForReal = (
  document: Asked,
  seed = '1',
  options: { soak?: boolean; interval?: number } = {},
): Promise<RunRecord> =>
  emulate(scenarioSchema.parse({ name: 'test', ...document }), machine, seed, { version: 'test', ...options });
