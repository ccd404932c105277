// Regular networks: ring, star, dumbbell.

import { type PipeQuality, type TargetNetwork, TargetNetworkBuilder } from '../target.js';

/**
 * Corners of a regular polygon on the unit circle, by repeated rotation. Sine and cosine of the angle come from their
 * Taylor series, so that they are the same in every engine; six digits are enough for a picture.
 */
function corners(count: number): { x: number; y: number }[] {
  const angle = (2 * Math.PI) / count;
  let sine = 0;
  let cosine = 0;
  for (let n = 0, term = 1; n < 24; n++, term = (term * angle) / n) {
    const sign = n % 4 < 2 ? 1 : -1;
    if (n % 2 === 0) cosine += sign * term;
    else sine += sign * term;
  }
  const points: { x: number; y: number }[] = [];
  for (let i = 0, x = 1, y = 0; i < count; i++, [x, y] = [x * cosine - y * sine, x * sine + y * cosine])
    points.push({ x: Number(x.toFixed(6)), y: Number(y.toFixed(6)) });
  return points;
}

/** `closed` false: the last router is not joined to the first. */
export function ring(routers: number, pipe: PipeQuality, closed: boolean): TargetNetwork {
  const network = new TargetNetworkBuilder();
  for (const [i, { x, y }] of corners(routers).entries()) network.place(`router-${i + 1}`, 'router', x, y);
  for (let i = 0; i < (closed ? routers : routers - 1); i++) network.link(i, (i + 1) % routers, pipe);
  return network;
}

/** A router in the middle, stubs around it. */
export function star(stubs: number, pipe: PipeQuality): TargetNetwork {
  const network = new TargetNetworkBuilder();
  network.place('hub', 'router', 0, 0);
  for (const [i, { x, y }] of corners(stubs).entries())
    network.link(network.place(`stub-${i + 1}`, 'stub', x, y), 0, pipe);
  return network;
}

/** Two routers with a bottleneck between them, and stubs on either side. */
export function dumbbell(left: number, right: number, pipe: PipeQuality, bottleneck: PipeQuality): TargetNetwork {
  const network = new TargetNetworkBuilder();
  network.place('left', 'router', -1, 0);
  network.place('right', 'router', 1, 0);
  network.link(0, 1, bottleneck);
  for (const [side, count, name] of [
    [0, left, 'left'],
    [1, right, 'right'],
  ] as const)
    for (let i = 0; i < count; i++) {
      const y = count === 1 ? 0 : (2 * i) / (count - 1) - 1;
      network.link(network.place(`${name}-${i + 1}`, 'stub', side === 0 ? -2 : 2, y), side, pipe);
    }
  return network;
}
