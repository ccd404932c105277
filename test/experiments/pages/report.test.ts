// Reports in a real browser: no error, no request, readable for everybody, on a phone, in the dark and on paper.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportKinds } from '../../../experiments/report/kinds.js';
import { rangefit } from '../session.js';
import { DESK, expectAccessible, PHONE, visit, withChromium } from './chromium.js';
import { writtenDocuments } from './documents.js';

/** One of each kind, from a lab, of a fleet, with prices, and of 1, 100 and 10,000 vnodes. */
const NAMES = [
  ...['plan', 'plan-of-one', 'plan-of-many', 'fleet', 'lab'],
  ...['swarm', 'one', 'hundred', 'ten-thousand'],
  ...['sweep', 'prices', 'case', 'reproduce', 'profile', 'receipt'],
];

/** Numbers that are none, in what a picture draws as in what is read. */
const NO_NUMBER = /.{0,60}(?:\bNaN\b|undefined|Infinity).{0,60}/g;

withChromium('a report in Chromium', () => {
  let folder: string;

  /** Makes the document and its page, the first time that they are asked for. @returns its address. */
  async function paged(name: string): Promise<string> {
    const [file, page] = ['json', 'html'].map((ending) => join(folder, `${name}.${ending}`)) as [string, string];
    if (!existsSync(page)) {
      await writtenDocuments([name], folder);
      const { code, err } = await rangefit(['report', file, '--out', page]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
    }
    return pathToFileURL(page).href;
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rangefit-pages-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(NAMES)('opens without an error or a request, and keeps nobody out in any view: %s', async (name) => {
    const address = await paged(name);
    const { page, errors, requests } = await visit(address);
    for (const viewport of [DESK, PHONE])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
        // Nothing sticks out of a phone; wide tables scroll by themselves.
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      }
    // Every picture at both widths, every table, folded ones too.
    const markup = (await page.content()).replace(/<script>[\s\S]*?<\/script>/g, '');
    expect(markup).toContain('</main>');
    expect(markup.match(NO_NUMBER)).toBeNull();
    expect(requests).toEqual([address]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('is opened of every kind of document that there is', async () => {
    for (const name of NAMES) await paged(name);
    const kinds = NAMES.map((name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')).format);
    expect(new Set(kinds)).toEqual(new Set(reportKinds.map(({ kind }) => `rangefit/${kind}`)));
  });

  it('has a text and a table for every picture, and shows one drawing of it', async () => {
    const { page } = await visit(await paged('swarm'), PHONE);
    const figures = page.locator('figure');
    expect(await figures.count()).toBeGreaterThan(4);
    for (const figure of await figures.all()) {
      expect((await figure.locator('[role=img]').getAttribute('aria-label'))?.length).toBeGreaterThan(20);
      expect(await figure.locator('details table tbody tr').count()).toBeGreaterThan(0);
      expect(await figure.locator('svg:visible').count()).toBe(1);
    }
    await page.close();
  });

  it('looks closer at a time that is dragged over, and back', async () => {
    const { page, errors } = await visit(await paged('swarm'));
    const figure = page.locator('figure#cpu');
    const status = figure.locator('[role=status]');
    const whole = await status.textContent();
    expect(whole).toMatch(/^0 to (\d+) s of \1 s$/);
    await figure.scrollIntoViewIfNeeded();
    const box = await figure.locator('svg:visible .background').first().boundingBox();
    if (!box) throw new Error('no plot');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 50);
    await page.mouse.up();
    const [, from, to, all] = /^([\d.]+) to ([\d.]+) s of ([\d.]+) s$/.exec((await status.textContent()) ?? '') ?? [];
    expect(Number(from) / Number(all)).toBeCloseTo(0.25, 1);
    expect(Number(to) / Number(all)).toBeCloseTo(0.75, 1);
    // The axis says the same as the status does.
    const labels = await figure.locator('svg:visible .role-axis-label').first().locator('text').allTextContents();
    expect(Number(labels[0])).toBeGreaterThanOrEqual(Number(from) - 0.01);
    expect(Number(labels.at(-1))).toBeLessThanOrEqual(Number(to) + 0.01);
    await figure.getByRole('button', { name: /^All of the time/ }).click();
    expect(await status.textContent()).toBe(whole);
    await figure.getByRole('button', { name: /^Closer/ }).press('Enter');
    expect(await status.textContent()).not.toBe(whole);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('is printed in dark ink, whatever the screen is like', async () => {
    const { page } = await visit(await paged('plan'), DESK, 'dark');
    const ink = () => page.evaluate('getComputedStyle(document.body).color');
    const onScreen = await ink();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await ink()).not.toBe(onScreen);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await page.close();
  });
});
