// Case studies: listed, run by name, and drawn; rows that measure are skipped where nothing can be measured.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../calibration/index.js';
import { openRuns } from '../../experiments/pool.js';
import { pictureFile, picturesOf, readReport } from '../../experiments/report/index.js';
import { reproduce, studyContext } from '../../experiments/reproduce.js';
import { caseDocument, caseSchema, cases, NotHere } from '../../experiments/studies/index.js';
import { type HostProfile, hostCatalogue, type RunRecord, withTechnology } from '../../models/index.js';
import { rangefit } from './session.js';

const request = {
  seed: '1',
  tolerances: defaultTolerances,
  profile: (name: string, technology: 'lxc' = 'lxc') => withTechnology(hostCatalogue[name] as HostProfile, technology),
};

describe('a case study', () => {
  it('is listed by name', async () => {
    const { out, code } = await rangefit(['study']);
    expect(code).toBe(0);
    for (const { id } of cases) expect(out).toContain(id);
  });

  it('is refused by another name, with the nearest', async () => {
    const { err, code } = await rangefit(['study', 'gnutela']);
    expect(code).toBe(2);
    expect(err).toMatch(/study: expected one of replicated-web, .*found "gnutela" \(did you mean "gnutella"\?\)/);
  });

  it('shows what its source says, and is drawn: key-lookup', async () => {
    const study = cases.find(({ id }) => id === 'key-lookup');
    if (!study) throw new Error('no study');
    const document = caseDocument(study, await study.run(studyContext(request, openRuns(0))), '1');
    expect(caseSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    expect(document.ok).toBe(true);
    const folder = mkdtempSync(join(tmpdir(), 'rangefit-study-'));
    try {
      const file = join(folder, 'case.json');
      writeFileSync(file, JSON.stringify(document));
      const [picture] = picturesOf(readReport(file));
      if (!picture) throw new Error('no picture');
      expect(await pictureFile(picture)).toMatch(/^<svg [\s\S]*hops of a lookup[\s\S]*<\/svg>\s*$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a row that measures', () => {
  it('is skipped with the reason where nothing can be measured', async () => {
    const refusing = {
      ...request,
      only: ['L7'],
      emulate: async () => {
        throw new NotHere('cannot be measured here: not root');
      },
    };
    const { rows, summary } = await reproduce(refusing, openRuns(0));
    expect(rows[0]).toMatchObject({ status: 'skipped', got: null, reason: 'cannot be measured here: not root' });
    expect(summary).toMatchObject({ skipped: 1, checks: { pass: 0, fail: 0 } });
    const [unasked] = (await reproduce({ ...request, only: ['L7'] }, openRuns(0))).rows;
    expect(unasked).toMatchObject({ status: 'skipped', reason: 'not asked to emulate' });
  });

  it('is held against what was measured', async () => {
    const measured = (first: number) => ({
      ...request,
      only: ['L7'],
      emulate: async () => ({ vnodes: [{ cpuSeconds: first }, { cpuSeconds: 1 - first }] }) as unknown as RunRecord,
    });
    expect((await reproduce(measured(0.26), openRuns(0))).rows[0]).toMatchObject({ status: 'pass' });
    expect((await reproduce(measured(0.4), openRuns(0))).rows[0]).toMatchObject({ status: 'fail', error: 15 });
  });
});

describe('interference', () => {
  it('is shown as published where nothing is measured', async () => {
    const { out, code } = await rangefit(['host', 'interference']);
    expect(code).toBe(0);
    expect(out).toMatch(/memory\s+88\.2 %\s+89\.3 %\s+20\.6 %\s+0\.9 %/);
    expect(out).toMatch(/fork bomb\s+did not run/);
  });

  it('is kept only in a profile of one’s own', async () => {
    const { err, code } = await rangefit(['host', 'interference', '--measure', '--name', 'nobody']);
    expect(code).toBe(2);
    expect(err).toMatch(/--name: expected a profile of your own, such as calibrate makes, found "nobody"/);
  });
});
