// For tests in a real browser: Debian's Chromium where it is, skipped with the reason elsewhere, and a failure in CI.

import { existsSync } from 'node:fs';
import { source as axe } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const program = PLACES.find((place) => existsSync(place));

export interface Visit {
  readonly page: Page;
  /** What went wrong on the page, and what it asked the network for; both must stay empty. */
  readonly errors: readonly string[];
  readonly requests: readonly string[];
}

export const PHONE = { width: 390, height: 844 } as const;
export const DESK = { width: 1200, height: 900 } as const;

let browser: Browser | undefined;

/** A page at its address, in a browser profile of its own. */
export async function visit(
  address: string,
  viewport: { readonly width: number; readonly height: number } = DESK,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Visit> {
  if (!browser) throw new Error('a page is visited inside withChromium');
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(address);
  return { page, errors, requests };
}

interface AxeResults {
  readonly passes: readonly unknown[];
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: { html: string }[] }[];
}

/** Nothing that keeps people out; the rules that found nothing must have looked at something. */
export async function expectAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
  const { passes, violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
  expect(passes.length).toBeGreaterThan(10);
  const found = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html.slice(0, 200)}`);
  expect(found).toEqual([]);
}

export function withChromium(name: string, tests: () => void): void {
  if (program === undefined) {
    const why = `no Chromium in ${PLACES.join(', ')} (Debian: apt install chromium)`;
    if (process.env.CI)
      describe(name, () => {
        it('runs in CI', () => {
          throw new Error(`CI must open pages in a browser, but there is ${why}`);
        });
      });
    else describe.skip(`${name} (skipped: ${why})`, tests);
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      // As root Chromium has no sandbox of its own; what it opens here is ours.
      const args = ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
      browser = await chromium.launch({ executablePath: program, args });
    });
    afterAll(async () => {
      await browser?.close();
      browser = undefined;
    });
    tests();
  });
}
