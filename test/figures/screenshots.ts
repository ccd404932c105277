// The pictures of reports in docs/: pages opened in Debian's Chromium, on a desk and on a phone, light and dark.
// `node dist/test/figures/screenshots.js docs/screenshots plan.html run.html ...`

import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const SCREENS = [
  ['desk', { width: 1000, height: 1100 }],
  ['phone', { width: 390, height: 844 }],
] as const;

const [folder = '.', ...pages] = process.argv.slice(2);
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
for (const page of pages)
  for (const [screen, viewport] of SCREENS)
    for (const colorScheme of ['light', 'dark'] as const) {
      const shown = await browser.newPage({ viewport, colorScheme });
      await shown.goto(pathToFileURL(resolve(page)).href);
      await shown.screenshot({ path: join(folder, `${basename(page, '.html')}-${screen}-${colorScheme}.png`) });
      await shown.close();
    }
await browser.close();
