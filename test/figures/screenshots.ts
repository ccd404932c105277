// The pictures of reports in docs/: whole pages in Debian's Chromium, on a desk and on a phone, light and dark.
// `node dist/test/figures/screenshots.js docs/screenshots [NAME.json ...]`: documents that are not given are made.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium } from 'playwright-core';
import { writtenDocuments } from '../experiments/pages/documents.js';
import { rangefit } from '../experiments/session.js';

const SCREENS = [
  ['desk', { width: 1000, height: 900 }],
  ['phone', { width: 390, height: 844 }],
] as const;

/** What is made where no document of that name is given; profiles and receipts come of simulated runs in place of real ones. */
const MADE: Readonly<Record<string, string>> = {
  plan: 'plan --scenario pairs-100mbit --pairs 200 --host pc3000',
  lab: 'plan --scenario docs/examples/clos.clab.yml --host pc3000',
  run: 'simulate swarm-100 --host pc3000 --peers 90 --until 600s',
  sweep:
    'whatif --scenario pairs-100mbit --host pc3000 --set scenario.workload.duration=100ms --scan scenario.link.up=50Mbit/s,100Mbit/s,200Mbit/s --scan host.memory=256MiB,512MiB,1GiB',
  fleet: 'whatif --scenario idle --peers 600 --fleet t7500:2,pc3000:9 --price t7500=9 --price pc3000=4',
  case: 'study key-lookup',
  reproduce: 'reproduce --no-emulate --only P1,P5,E3,E6,E8,Q1,Q2,Q3,M1,M2',
};

/** Of a page of flat colours: half the bytes of a PNG, and no letter is blurred. */
const QUALITY = 25;

async function shot(context: BrowserContext, address: string, file: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(address);
  const height = (await page.evaluate('document.documentElement.scrollHeight')) as number;
  const { width } = page.viewportSize() as { width: number };
  const devtools = await context.newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', {
    ...{ format: 'webp', quality: QUALITY, captureBeyondViewport: true },
    clip: { x: 0, y: 0, width, height, scale: 1 },
  });
  writeFileSync(file, Buffer.from(data, 'base64'));
  await page.close();
}

const [folder = '.', ...given] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), 'rangefit-screenshots-'));
const documents = new Map(given.map((file) => [basename(file, '.json'), file]));
for (const [name, command] of Object.entries(MADE)) {
  if (documents.has(name)) continue;
  const file = join(place, `${name}.json`);
  const study = command.startsWith('whatif') ? ['--out', join(place, name)] : [];
  const { code, out, err } = await rangefit([...command.split(' '), '--json', '--quiet', ...study]);
  if (code > 1) throw new Error(`${command}: ${err}`);
  writeFileSync(file, out);
  documents.set(name, file);
}
const others = ['profile', 'receipt'].filter((name) => !documents.has(name));
const simulated = await writtenDocuments(others);
for (const name of others) documents.set(name, join(simulated, `${name}.json`));

const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
for (const [name, document] of documents) {
  const page = join(place, `${name}.html`);
  const { code, err } = await rangefit(['report', document, '--out', page]);
  if (code !== 0) throw new Error(err);
  for (const [screen, viewport] of SCREENS)
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport, colorScheme });
      await shot(context, pathToFileURL(page).href, join(folder, `${name}-${screen}-${colorScheme}.webp`));
      await context.close();
    }
}
await browser.close();
rmSync(place, { recursive: true });
rmSync(simulated, { recursive: true });
