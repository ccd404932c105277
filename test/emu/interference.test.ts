// What stresses a machine: bounded commands in bounded containers, and the victim's result as stress-ng writes it.

import { describe, expect, it } from 'vitest';
import type { CgroupLayout } from '../../emu/cgroup.js';
import { containerConfig } from '../../emu/container.js';
import type { RunId } from '../../emu/names.js';
import { planRange } from '../../emu/range-plan.js';
import { stressCommands, workPerSecond } from '../../emu/workloads/interference.js';
import { STRESSES, scenarioSchema } from '../../models/index.js';

const scenario = scenarioSchema.parse({ name: 'test', workload: { kind: 'interference', stress: 'fork' } });
const addresses = { stressor: '198.18.0.2', partner: '198.18.0.3' };

describe('stress', () => {
  it.each(STRESSES)('ends by itself: %s', (stress) => {
    const { first, second } = stressCommands(stress, 9, addresses);
    const commands = [first, second].flatMap(({ stressor, partner }) => [stressor, partner]).filter((one) => one);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(command?.args.join(' ')).toMatch(/--timeout 9s|--time 9|--one-off/);
  });

  it('has nothing to do beside a victim that is alone', () => {
    expect(stressCommands('none', 9, addresses)).toEqual({ first: {}, second: {} });
  });

  it('sits in containers with few processes, on another core than the victim', () => {
    const { vnodes } = planRange(scenario, 3);
    expect(vnodes.map(({ name, processor, processes }) => [name, processor?.core, processes])).toEqual([
      ['victim', 3, null],
      ['stressor', 2, 64],
      ['partner', 2, 64],
    ]);
    const cgroups: CgroupLayout = {
      kind: 'v2',
      hierarchies: ['/sys/fs/cgroup'],
      controllers: { pids: { folder: '/sys/fs/cgroup', version: 2 }, cpu: { folder: '/sys/fs/cgroup', version: 2 } },
    };
    const places = { folder: '/f', root: '/f/root', config: '/f/config', output: '/f/output' };
    const config = containerConfig('ffffff' as RunId, vnodes[1] as never, scenario, places as never, [], cgroups);
    expect(config).toContain('lxc.cgroup2.pids.max = 64\n');
  });
});

describe("the victim's result", () => {
  it('is read from stress-ng', () => {
    const yaml =
      '---\nmetrics:\n    - stressor: matrix\n      bogo-ops: 2310\n      bogo-ops-per-second-real-time: 577.42\n';
    expect(workPerSecond(yaml)).toBe(577.42);
    expect(workPerSecond('---\n')).toBe(null);
  });
});
