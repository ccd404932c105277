// The explore page in a real browser: a control changes the curve and the sentence to what the command line says.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Explorer, openExplorer } from '../../../experiments/explore/index.js';
import { LocalRuns, openRuns, type Runs, ThreadRuns } from '../../../experiments/pool.js';
import { runJob } from '../../../experiments/simulation-job.js';
import { dyingThread } from '../dying-thread.js';
import { rangefit } from '../session.js';
import { DESK, expectAccessible, PHONE, type Visit, visit, withChromium } from './chromium.js';

const LINK = '?scenario=pairs-100mbit&host=pc3000&set=scenario.workload.duration%3D20ms';

/** On the page: what each picture of the knee showed, in the order they came. */
const WATCH = `
  window.seen = [];
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => {
      const svg = document.querySelector('#knee .wide svg');
      if (!svg) return;
      const texts = [...svg.querySelectorAll('text')].map((one) => one.textContent);
      window.seen.push({
        points: svg.querySelectorAll('.mark-symbol path').length,
        bands: texts.filter((text) => /^(bound by|then) /.test(text)),
        interval: texts.find((text) => /^between /.test(text)) ?? null,
      });
    }).observe(document.getElementById('knee-place'), { childList: true });
  });
`;

withChromium('the explore page in Chromium', () => {
  let explorer: Explorer;
  let runs: Runs;

  beforeAll(async () => {
    runs = openRuns(1);
    explorer = await openExplorer({ runs, atOnce: 1, environment: { HOME: '/nowhere' }, port: 0, files: [] });
  });
  afterAll(async () => {
    await explorer.close();
    await runs.stop();
  });

  const done = (page: Page) => page.waitForSelector('body[data-state=done]', { timeout: 60_000 });
  const sentence = async (page: Page): Promise<string> => (await page.locator('#sentence').textContent()) ?? '';
  const planned = async (page: Page): Promise<string> =>
    (await page.locator('#knee svg:visible text', { hasText: 'planned:' }).textContent()) ?? '';

  /** What the command line on the page gives when it is typed. */
  async function typed(page: Page): Promise<{ sentence: string; planned: string; document: string }> {
    const words = ((await page.locator('#command').textContent()) ?? '').split(' ').slice(1);
    const out = join(tmpdir(), `rangefit-${process.pid}-plan.json`);
    const told = await rangefit([...words, '--quiet', '--workers', '0', '--out', out]);
    const document = readFileSync(out, 'utf8');
    rmSync(out);
    const value = JSON.parse(document).answer.pairsPerHost.value;
    return { sentence: told.out.split('\n')[0] ?? '', planned: `planned: ${value}`, document };
  }

  async function opened(link = LINK, viewport: typeof DESK | typeof PHONE = DESK): Promise<Visit> {
    const seen = await visit(explorer.address + link, viewport, viewport === PHONE ? 'dark' : 'light');
    await done(seen.page);
    return seen;
  }

  it('changes curve, sentence and command line with a control, to what the command line says', async () => {
    const { page, errors, requests } = await opened();
    const first = await typed(page);
    expect([await sentence(page), await planned(page)]).toEqual([first.sentence, first.planned]);

    await page.locator('#controls summary', { hasText: 'The host' }).click();
    const control = page.locator('[name="set.host.cores"]');
    expect(await control.inputValue()).toBe('2');
    await control.fill('1');
    await control.blur();
    await page.waitForURL(/host\.cores/);
    await done(page);
    const second = await typed(page);
    expect(second.sentence).not.toBe(first.sentence);
    expect([await sentence(page), await planned(page)]).toEqual([second.sentence, second.planned]);
    expect(await page.locator('#command').textContent()).toContain('--set host.cores=1');
    expect(await (await page.request.get(`${explorer.address}plan.json${new URL(page.url()).search}`)).text()).toBe(
      second.document,
    );

    await page.goBack();
    await done(page);
    expect(await sentence(page)).toBe(first.sentence);
    expect(requests.every((url) => url.startsWith(explorer.address))).toBe(true);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('draws curve, constraint bands and interval while simulations finish, marked as what is known so far', async () => {
    // So slow that every density is drawn before the next one is known.
    const slow = new LocalRuns(async (job) => {
      await new Promise((done) => setTimeout(done, 80));
      return runJob(job);
    });
    const other = await openExplorer({ runs: slow, atOnce: 1, environment: { HOME: '/nowhere' }, port: 0, files: [] });
    try {
      const { page, errors } = await visit('about:blank');
      await page.addInitScript(WATCH);
      await page.goto(other.address + LINK);
      await done(page);
      const seen = (await page.evaluate('window.seen')) as {
        points: number;
        bands: string[];
        interval: string | null;
      }[];
      const before = seen.slice(0, -1);
      const intervals = before.flatMap(({ interval }) => (interval === null ? [] : [interval]));
      const widths = intervals.map((interval) => {
        const [, low, high] = /^between (\d+) and (\d+) so far$/.exec(interval) ?? [];
        return Number(high) - Number(low);
      });
      // With every density the curve has a point more, and the interval is never wider than before.
      expect(intervals).toHaveLength(before.length);
      expect(new Set(widths).size).toBeGreaterThan(1);
      expect(widths).toEqual([...widths].sort((a, b) => b - a));
      expect(before.at(-1)?.points).toBeGreaterThan(before[0]?.points ?? 0);
      expect(before.some(({ bands }) => bands.some((band) => /^bound by .* so far$/.test(band)))).toBe(true);
      // In the end nothing is preliminary.
      const last = seen.at(-1);
      expect(last?.interval).toBeNull();
      expect(last?.bands.join()).not.toContain('so far');
      expect(await planned(page)).toMatch(/^planned: \d+$/);
      expect(errors).toEqual([]);
      await page.close();
    } finally {
      await other.close();
      await slow.stop();
    }
  });

  it('is the same after a reload and in another tab', async () => {
    const [one, other] = await Promise.all([opened(`${LINK}&seed=5`), opened(`${LINK}&seed=5`)]);
    const said = await sentence(one.page);
    expect(await sentence(other.page)).toBe(said);
    // A reload in the middle of a plan, while another tab goes on with its own.
    await one.page.goto(`${explorer.address}${LINK}&seed=6`);
    await one.page.reload();
    await other.page.reload();
    await Promise.all([done(one.page), done(other.page)]);
    expect(await sentence(other.page)).toBe(said);
    expect(await sentence(one.page)).toBe((await typed(one.page)).sentence);
    expect([one.errors, other.errors]).toEqual([[], []]);
    await one.page.close();
    await other.page.close();
  });

  it('does not notice that a thread dies at its runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rangefit-explore-'));
    const { file, mark } = dyingThread(folder);
    const dying = new ThreadRuns(1, file);
    const other = await openExplorer({ runs: dying, atOnce: 1, environment: { HOME: '/nowhere' }, port: 0, files: [] });
    try {
      const { page, errors } = await visit(other.address + LINK);
      await done(page);
      expect(existsSync(mark)).toBe(true);
      expect(await sentence(page)).toBe((await typed(page)).sentence);
      expect(errors).toEqual([]);
      await page.close();
    } finally {
      await other.close();
      await dying.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says nothing to a page of another origin, nor lets itself be shown there', async () => {
    const foreign = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<title>evil</title><iframe src="${explorer.address}"></iframe>`);
    });
    await new Promise<void>((ready) => foreign.listen(0, '127.0.0.1', ready));
    const { port } = foreign.address() as AddressInfo;
    const before = runs.asked;
    // The same machine by another name, and by the same with another port.
    for (const name of ['localhost', '127.0.0.1']) {
      const { page } = await visit(`http://${name}:${port}/`);
      const plan = `${explorer.address}plan${LINK}&seed=99`;
      for (const mode of ['cors', 'no-cors']) {
        const fetched = `fetch(${JSON.stringify(plan)}, { mode: '${mode}' }).then(() => 'read', () => 'refused')`;
        expect(await page.evaluate(fetched)).toBe('refused');
      }
      expect(await page.frames()[1]?.locator('#controls').count()).toBe(0);
      await page.close();
    }
    expect(runs.asked).toBe(before);
    await new Promise((closed) => foreign.close(closed));
  });

  it('gives the scenario as a file that plans the same', async () => {
    const { page } = await opened(`${LINK}&set=scenario.link.up%3D50Mbit/s`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#scenario-file').click()]);
    const file = join(tmpdir(), `rangefit-${process.pid}-${download.suggestedFilename()}`);
    await download.saveAs(file);
    try {
      const [, words = ''] = /^# rangefit (.*)\n/.exec(readFileSync(file, 'utf8')) ?? [];
      const { out } = await rangefit([
        ...words.replace('pairs-100mbit.yaml', file).split(' '),
        '--quiet',
        '--workers',
        '0',
      ]);
      expect(out.split('\n')[0]).toBe(await sentence(page));
    } finally {
      rmSync(file);
    }
    await page.close();
  });

  it('says what is wrong with a value, and recovers', async () => {
    const { page, errors } = await opened();
    await page.locator('[name=peers]').fill('three');
    await page.locator('[name=peers]').blur();
    await page.waitForSelector('#problem:not(:empty)');
    expect(await page.locator('#problem').textContent()).toMatch(/^error: --peers three: expected/);
    await page.locator('[name=peers]').fill('30');
    await page.locator('[name=peers]').blur();
    await page.locator('#sentence', { hasText: /^A range of 15 pairs/ }).waitFor();
    expect(await page.locator('#problem').textContent()).toBe('');
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each([
    ['a desk', DESK],
    ['a phone', PHONE],
  ] as const)('keeps nobody out on %s', async (_name, viewport) => {
    const { page, errors } = await opened(LINK, viewport);
    for (const summary of await page.locator('#controls summary').all())
      if (!(await summary.evaluate('(one) => one.parentElement.open'))) await summary.click();
    await expectAccessible(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
    expect(errors).toEqual([]);
    await page.close();
  });
});
