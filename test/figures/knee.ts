// The picture of the README: goodput of the slowest pairs and CPU over the number of pairs, from simulated runs.
// `node dist/test/figures/knee.js > docs/knee.svg`

import { type HostProfile, hostCatalogue, resolveHost, type Scenario, scenarioSchema } from '../../models/index.js';
import { simulate } from '../../sim/index.js';

const SEEDS = ['1', '2', '3'];
const MOST = 18;
const WIDTH = 720;
const HEIGHT = 380;
const LEFT = 56;
const RIGHT = 16;
const TOP = 60;
const BOTTOM = 48;

interface Point {
  readonly pairs: number;
  /** Slowest 5 % against what the link allows, and CPU taken of what there is; per cent. */
  readonly goodput: number;
  readonly cpu: number;
}

function scenario(pairs: number): Scenario {
  return scenarioSchema.parse({
    name: 'knee',
    workload: { kind: 'pairs', pairs, duration: '2s' },
    link: { up: '100Mbit/s' },
    network: { attach: 'two-port-bridge' },
  });
}

function measure(pairs: number): Point {
  const host = resolveHost(hostCatalogue.pc3000 as HostProfile, 'openvz', 'raised');
  const runs = SEEDS.map((seed) => simulate(scenario(pairs), host, seed));
  const goodputs = runs.flatMap(({ vnodes }) => vnodes.flatMap(({ goodput }) => (goodput === null ? [] : [goodput])));
  goodputs.sort((a, b) => a - b);
  const slowest = goodputs.slice(0, Math.max(1, Math.floor(goodputs.length / 20)));
  const mean = slowest.reduce((sum, goodput) => sum + goodput, 0) / slowest.length;
  const cpu = runs.reduce((sum, { hosts }) => sum + hosts[0].cpu.takenPercent, 0) / runs.length;
  return { pairs, goodput: (mean / (100e6 * (1448 / 1514))) * 100, cpu: cpu / host.cores };
}

const x = (pairs: number) => LEFT + ((pairs - 1) / (MOST - 1)) * (WIDTH - LEFT - RIGHT);
const y = (percent: number) => TOP + (1 - Math.min(100, percent) / 105) * (HEIGHT - TOP - BOTTOM);
const line = (points: readonly Point[], of: (point: Point) => number) =>
  points.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.pairs).toFixed(1)} ${y(of(point)).toFixed(1)}`).join('');

function picture(points: readonly Point[]): string {
  const text = (at: number, from: number, words: string, more = '') =>
    `<text x="${at}" y="${from}" ${more}>${words}</text>`;
  const levels = [0, 25, 50, 75, 100].map(
    (level) =>
      `<path d="M${LEFT} ${y(level)}H${WIDTH - RIGHT}" class="grid"/>${text(LEFT - 8, y(level) + 4, `${level}%`, 'text-anchor="end"')}`,
  );
  const ticks = points
    .filter(({ pairs }) => pairs % 2 === 0)
    .map(({ pairs }) => text(x(pairs), HEIGHT - BOTTOM + 20, String(pairs), 'text-anchor="middle"'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Goodput of the slowest pairs stays at 100 % of what the link allows until the host's CPU is full, and then falls">
<style>text{font:13px system-ui,sans-serif;fill:#444}.grid{stroke:#ddd;fill:none}.goodput{stroke:#0b6e4f;stroke-width:2.5;fill:none}.cpu{stroke:#b5541c;stroke-width:2.5;fill:none;stroke-dasharray:6 4}.limit{stroke:#888;stroke-dasharray:2 3;fill:none}rect{fill:#fff}.goodput-label{fill:#0b6e4f;font-weight:600}.cpu-label{fill:#b5541c;font-weight:600}</style>
<rect width="${WIDTH}" height="${HEIGHT}"/>
${text(LEFT, 24, 'Pairs of 100 Mbit/s on one pc3000 (OpenVZ), simulated, three seeds')}
${levels.join('')}${ticks.join('')}
<path d="M${LEFT} ${y(95)}H${WIDTH - RIGHT}" class="limit"/>
<path d="${line(points, ({ goodput }) => goodput)}" class="goodput"/>
<path d="${line(points, ({ cpu }) => cpu)}" class="cpu"/>
${text(x(3), y(100) - 9, 'goodput of the slowest 5 %, of what the link allows', 'class="goodput-label"')}
${text(x(3), y(95) + 15, 'tolerance: 95 %')}
${text(x(8), y(44), 'CPU taken', 'class="cpu-label"')}
${text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, 'pairs on the host', 'text-anchor="middle"')}
</svg>
`;
}

process.stdout.write(picture(Array.from({ length: MOST }, (_, i) => measure(i + 1))));
