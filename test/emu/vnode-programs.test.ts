// Starting programs in vnodes: a start that was killed is made again, once, and nothing else is.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostShell, launchIn } from '../../emu/index.js';

type Range = Parameters<typeof launchIn>[0];
type Vnode = Parameters<typeof launchIn>[1];
type Outcome = Awaited<ReturnType<Range['shell']['attempt']>>;

const vnode = { name: 'peer-1', init: 0, places: { output: '/dev/null' } } as unknown as Vnode;
const client = { program: '/usr/bin/client', args: [] };
const done: Outcome = { stdout: '', stderr: '', code: 0 };
const killed: Outcome = { stdout: '', stderr: 'killed by SIGSEGV', code: 128, killed: true };

function rangeWhose(outcomes: Outcome[], signal = new AbortController().signal) {
  const remarks: string[] = [];
  let starts = 0;
  const shell = { attempt: async () => outcomes[starts++] as Outcome };
  return { range: { run: 'abcdef', shell, signal, remarks } as unknown as Range, remarks, starts: () => starts };
}

describe('a program that is started in a vnode', () => {
  it('is started again where a signal ended the start, and the record says so', async () => {
    const { range, remarks, starts } = rangeWhose([killed, done]);
    await launchIn(range, vnode, client);
    expect(starts()).toBe(2);
    expect(remarks).toEqual(['/usr/bin/client was started twice in peer-1, the first start killed by SIGSEGV']);
  });

  it('is given up when that happens twice, with the signal in the message', async () => {
    await expect(launchIn(rangeWhose([killed, killed]).range, vnode, client)).rejects.toThrow(
      /ended with 128:\nkilled by SIGSEGV/,
    );
  });

  it('is not started again when it says itself that it cannot start', async () => {
    const { range, starts } = rangeWhose([{ ...done, stderr: 'no such file', code: 127 }]);
    await expect(launchIn(range, vnode, client)).rejects.toThrow(/no such file/);
    expect(starts()).toBe(1);
  });

  it('is not started again once the run is given up', async () => {
    const { range, starts } = rangeWhose([killed], AbortSignal.abort(new Error('interrupted')));
    await expect(launchIn(range, vnode, client)).rejects.toThrow('interrupted');
    expect(starts()).toBe(1);
  });
});

describe('a command of the host', () => {
  it('says what ended it', async () => {
    const shell = hostShell();
    expect(await shell.attempt({ program: 'sleep', args: ['9'], timeout: 0.1 })).toMatchObject({
      killed: true,
      stderr: 'killed after 0 s without an end',
    });
    expect(await shell.attempt({ program: 'sh', args: ['-c', 'kill -SEGV $$'] })).toMatchObject({
      killed: true,
      stderr: 'killed by SIGSEGV',
    });
    expect(await shell.attempt({ program: 'sh', args: ['-c', 'echo no >&2; exit 3'] })).toEqual({
      stdout: '',
      stderr: 'no',
      code: 3,
      killed: false,
    });
  });

  it('says what it wrote into its file when it fails, and nothing of those before it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rangefit-'));
    try {
      const output = join(folder, 'output');
      writeFileSync(output, 'an earlier one failed\n');
      const command = { program: 'sh', args: ['-c', 'echo started; echo no such peer >&2; exit 3'], output };
      await expect(hostShell().run(command)).rejects.toThrow(/ended with 3:\nstarted\nno such peer$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
