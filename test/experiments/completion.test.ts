// Completion: what may come next, and real shells that ask for it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../built.js';
import { rangefit } from './session.js';

async function offered(...words: string[]): Promise<string[]> {
  const { code, out, err } = await rangefit(['completion', 'candidates', '--', ...words]);
  expect([code, err]).toEqual([0, '']);
  return out.split('\n').slice(0, -1);
}

describe('what may come next', () => {
  it('is a verb, then its flags, then what a flag takes', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['plan', 'simulate', 'report', 'completion']));
    expect(await offered('pl')).toEqual(['plan']);
    expect(await offered('plan', '--p')).toEqual(['--peers', '--pairs']);
    expect(await offered('plan', '--host', 't')).toEqual(['t7500']);
    expect(await offered('plan', '--host', 'pc3000,t')).toEqual(['pc3000,t7500']);
    expect(await offered('plan', '--peers', '100', '--limits', '')).toEqual(['raised', 'stock']);
    expect(await offered('plan', '--fleet', 'pc')).toEqual(['pc3000:']);
    expect(await offered('simulate', 'swarm')).toEqual(['swarm-100']);
    expect(await offered('schema', 'pl')).toEqual(['plan']);
    expect(await offered('host', 's')).toEqual(['show']);
    expect(await offered('report', 'x')).toEqual([]);
  });

  it('is never an error, whatever was typed', async () => {
    for (const words of [
      [],
      ['nonsense', '-'],
      ['plan', '--nope', ''],
      ['plan', '--', ''],
      ['--version', ''],
      ['plan', '--help', ''],
    ])
      await offered(...words);
  });

  it('is asked for by the script of a shell that is known', async () => {
    expect((await rangefit(['completion', 'csh'])).code).toBe(2);
    expect((await rangefit(['--help'])).out).not.toContain('candidates');
  });
});

describe('a real shell', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rangefit-completion-'));
    writeFileSync(
      join(folder, 'rangefit'),
      `#!/bin/sh\nexec ${process.execPath} ${built('experiments/cli.js')} "$@"\n`,
      { mode: 0o755 },
    );
    environment = { ...process.env, HOME: folder, PATH: `${folder}${delimiter}${process.env.PATH}` };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const CALLS = {
    bash: `eval "$(rangefit completion bash)"; COMP_WORDS=(rangefit plan --host p); COMP_CWORD=3; _rangefit; echo "\${COMPREPLY[*]}"`,
    zsh: `autoload -Uz compinit; compinit -u; eval "$(rangefit completion zsh)"; compadd() { echo "\${(P)@[-1]}"; }; words=(rangefit plan --host p); CURRENT=4; _rangefit`,
    fish: `rangefit completion fish | source; complete -C 'rangefit plan --host p'`,
  } as const;

  for (const [shell, script] of Object.entries(CALLS)) {
    const present = spawnSync(shell, ['-c', 'true']).status === 0;
    if (!present && process.env.CI) it(`${shell} is there in CI`, () => expect.fail(`CI must complete in ${shell}`));
    it.skipIf(!present)(`completes in ${shell}${present ? '' : ' (skipped: it is not installed)'}`, () => {
      const { stdout, stderr } = spawnSync(shell, ['-c', script], { env: environment, encoding: 'utf8' });
      expect([stdout.trim(), stderr]).toEqual(['pc3000', '']);
    });
  }
});
