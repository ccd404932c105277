// The verb `calibrate` at its edges, and what its documents look like from outside.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rangefit } from '../session.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('calibrate refuses in one line', () => {
  const asRoot = process.getuid?.() === 0;
  it.each([
    ['a time without a unit', ['--name', 'here', '--patience', '60'], 2, /--patience/],
    ['no name', [], asRoot ? 2 : 4, asRoot ? /--name/ : /root/],
    ['a name of the catalogue', ['--name', 'pc3000'], asRoot ? 2 : 4, asRoot ? /catalogue/ : /root/],
    ['a name beside a receipt', ['--refine', 'r.json', '--name', 'x'], 2, /--refine: expected no --name beside it/],
    ['a ladder beside a folder', ['--resume', 'r', '--quick'], 2, /--resume: expected no --quick beside it/],
    ['a new folder beside an old one', ['--resume', 'r', '--out', 'q'], 2, /--resume: expected no --out beside it/],
    ['a folder without a run', ['--resume', '/nowhere/at/all'], asRoot ? 2 : 4, asRoot ? /manifest/ : /root/],
  ])('%s', async (_what, words, code, says) => {
    const told = await rangefit(['calibrate', ...words], { RANGEFIT_HOME: folder });
    expect(told.code).toBe(code);
    expect(told.err.trim().split('\n')).toHaveLength(1);
    expect(told.err).toMatch(says);
  });
});

describe('host fit refuses in one line', () => {
  it('a name that nothing was measured under', async () => {
    const { code, err } = await rangefit(['host', 'fit', 'nobody'], { RANGEFIT_HOME: folder });
    expect(code).toBe(2);
    expect(err).toMatch(/observations: expected the name of a calibration, or a file, found "nobody"/);
  });
});
