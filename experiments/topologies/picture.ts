// A target network drawn: routers at their places (or where springs put them), vnodes as a number beside their router.

import { forceCenter, forceLink, forceManyBody, forceSimulation, type SimulationNodeDatum } from 'd3-force';
import { formatRate, type TargetNetwork } from '../../models/index.js';

const WIDTH = 960;
const HEIGHT = 640;
const MARGIN = 40;
/** Steps after which d3's springs are at rest (its own default, alpha 1 to 0.001). */
const STEPS = 300;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where routers are: as the network says, or by springs along the links; with the same result each time. */
function layout({ places, pipes }: TargetNetwork, routers: readonly number[]): Point[] {
  const given = routers.flatMap((place) => {
    const { x, y } = places[place];
    // Pictures count downwards, maps upwards.
    return x === undefined || y === undefined ? [] : [{ x, y: -y }];
  });
  if (given.length === routers.length) return given;
  const index = new Map(routers.map((place, i) => [place, i]));
  const springs = pipes.flatMap(({ from, to }) => {
    const [source, target] = [index.get(from), index.get(to)];
    return source === undefined || target === undefined || source > target ? [] : [{ source, target }];
  });
  const bodies: SimulationNodeDatum[] = routers.map((_, i) => ({ index: i }));
  const simulation = forceSimulation(bodies)
    .force('link', forceLink(springs).distance(30))
    .force('charge', forceManyBody().strength(-60))
    .force('center', forceCenter())
    .stop();
  simulation.tick(STEPS);
  return bodies.map(({ x = 0, y = 0 }) => ({ x, y }));
}

/** Into the picture, the shape kept. */
function fitted(points: readonly Point[]): Point[] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
  const [top, bottom] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
  const scale = Math.min((WIDTH - 2 * MARGIN) / (right - left || 1), (HEIGHT - 2 * MARGIN) / (bottom - top || 1));
  return points.map(({ x, y }) => ({
    x: WIDTH / 2 + (x - (left + right) / 2) * scale,
    y: HEIGHT / 2 + (y - (top + bottom) / 2) * scale,
  }));
}

const text = (value: string): string => value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const px = (value: number): string => value.toFixed(1);

/** An SVG of 960 x 640; lines are wider for higher rates. */
export function networkPicture(network: TargetNetwork, title: string): string {
  const { places, pipes } = network;
  const routers = places.flatMap(({ kind }, place) => (kind === 'vnode' ? [] : [place]));
  const at = new Map(fitted(layout(network, routers)).map((point, i) => [routers[i] as number, point]));
  const vnodes = new Map<number, number>();
  for (const { from, to } of pipes) if (places[from].kind === 'vnode') vnodes.set(to, (vnodes.get(to) ?? 0) + 1);
  const fastest = pipes.reduce((most, { rate }) => Math.max(most, rate), 1);
  const drawn = new Set<number>();
  const lines = pipes.flatMap(({ from, to, link, rate }) => {
    const [a, b] = [at.get(from), at.get(to)];
    if (!a || !b || drawn.has(link)) return [];
    drawn.add(link);
    const width = Math.max(0.6, 4 + Math.log10(rate / fastest));
    const name = `${places[from].name} - ${places[to].name}: ${formatRate(rate)}`;
    return [
      `<line x1="${px(a.x)}" y1="${px(a.y)}" x2="${px(b.x)}" y2="${px(b.y)}" stroke-width="${px(width)}"><title>${text(name)}</title></line>`,
    ];
  });
  const named = routers.length <= 40;
  const circles = routers.flatMap((place) => {
    const { x, y } = at.get(place) as Point;
    const { name, kind } = places[place];
    const here = vnodes.get(place) ?? 0;
    const label = `${named ? name : ''}${here > 0 && routers.length <= 200 ? ` (${here})` : ''}`.trim();
    return [
      `<circle cx="${px(x)}" cy="${px(y)}" r="${px(3 + Math.min(6, Math.sqrt(here) / 2))}" fill="${kind === 'stub' ? '#8fbf8f' : '#4a78b5'}"><title>${text(name)}, ${here} vnodes</title></circle>`,
      ...(label === '' ? [] : [`<text x="${px(x + 8)}" y="${px(y - 6)}">${text(label)}</text>`]),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>${text(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<g stroke="#999999">${lines.join('\n')}</g>`,
    `<g fill="#222222">${circles.join('\n')}</g>`,
    '</svg>',
    '',
  ].join('\n');
}
