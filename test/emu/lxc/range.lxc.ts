// A range comes up whole, is sealed, is alone on its machine, and leaves no trace, killed or not.

import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { CannotRun, clean, hostShell, knownRuns } from '../../../emu/index.js';
import { built } from '../../built.js';
import { machineState, stateDifference } from '../../soak/machine-state.js';
import { runForReal, withContainers } from './support.js';

withContainers('a range', () => {
  it('of 40 idle containers comes up and goes, and the machine is as before', async () => {
    const before = machineState();
    const record = await runForReal({ workload: { kind: 'idle', vnodes: 40, duration: '2s' } });
    expect(stateDifference(before, machineState())).toEqual([]);
    const [host] = record.hosts;
    expect(host?.vnodes).toBe(40);
    expect(record.vnodes.every(({ alive }) => alive)).toBe(true);
    // LXC's monitor and the init of each.
    expect(host?.processes).toBe(80);
    expect(host?.measured?.setup.perContainer.mean).toBeGreaterThan(0);
    const each = ((host?.memory.containers ?? 0) + (host?.memory.kernel ?? 0)) / 40;
    expect(each).toBeGreaterThan(100e3);
    expect(each).toBeLessThan(20e6);
  });

  it('is taken down when it is interrupted, and the reason is thrown', async () => {
    const before = machineState();
    const stop = new AbortController();
    const running = runForReal({ workload: { kind: 'idle', vnodes: 5, duration: '60s' } }, '1', {
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(new Error('enough')), 1500);
    await expect(running).rejects.toThrow();
    expect(stateDifference(before, machineState())).toEqual([]);
  });

  it('has no way out: no route, no packet of it in the first namespace, and commands run inside it', async () => {
    const sniffer = spawn('tcpdump', ['-i', 'any', '-n', '-l', 'net', '198.18.0.0/15'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => {
      sniffer.kill();
    });
    let heard = '';
    sniffer.stdout.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    await pause(500);
    await runForReal({ workload: { kind: 'pairs', pairs: 2, duration: '3s' } }, '1', { keep: true });
    const [kept] = knownRuns();
    expect(kept?.state).toBe('kept');
    const inside = (...words: string[]) =>
      spawnSync(process.execPath, [built('experiments/cli.js'), 'exec', kept?.run as string, 'client-1', ...words], {
        encoding: 'utf8',
      });
    expect(inside('ip', '-br', 'addr').stdout).toContain('198.18.0.1/15');
    expect(inside('ip', 'route').stdout.trim().split('\n')).toHaveLength(1);
    // 192.0.2.0/24 is documentation space (RFC 5737): somewhere else, whatever this machine's own address is.
    expect(inside('ping', '-c', '1', '-W', '1', '192.0.2.1').status).not.toBe(0);
    expect(inside('ping', '-c', '1', '-W', '1', '198.18.0.2').status).toBe(0);
    expect(inside('sh', '-c', 'exit 7').status).toBe(7);
    await expect(runForReal({ workload: { kind: 'idle', vnodes: 1, duration: '1s' } })).rejects.toThrow(CannotRun);
    expect(await clean(hostShell(), 'dead')).toEqual([]);
    expect((await clean(hostShell(), 'all'))[0]?.failures).toEqual([]);
    expect(heard).toBe('');
  });

  it('keeps a second emulation out while it runs, with exit code 4', async () => {
    const first = runForReal({ workload: { kind: 'idle', vnodes: 2, duration: '4s' } });
    await pause(1500);
    const second = spawnSync(process.execPath, [built('experiments/cli.js'), 'emulate', 'idle', '--peers', '2'], {
      encoding: 'utf8',
    });
    expect(second.status).toBe(4);
    expect(second.stderr).toMatch(/another emulation holds this machine/);
    await first;
  });

  it('killed with its whole process tree at random moments, three times, leaves nothing once cleaned', () => {
    const soak = spawnSync(process.execPath, [built('test/soak/main.js'), '3'], { encoding: 'utf8' });
    expect(soak.stdout).toContain('soak: 3 passed, 0 failed');
  });
});
