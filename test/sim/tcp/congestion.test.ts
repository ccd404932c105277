// The congestion window: what a loss, an idle time and a slow application do to it.

import { describe, expect, it } from 'vitest';
import { MS, Network, SECOND, type Settings } from './network.js';

/** A flow on a fast path of 100 ms that loses one packet once its window has reached `size`; just after recovery. */
function afterOneLoss(control: 'cubic' | 'reno', size: number) {
  let lose = false;
  const settings: Settings = {
    up: {
      rate: 10e9,
      delay: 50 * MS,
      lose: () => {
        const lost = lose;
        lose = false;
        return lost;
      },
    },
    down: { rate: 10e9, delay: 50 * MS },
    tcp: { control, hystart: false, receiveWindow: 1e9, receiveAutotuning: false },
  };
  const network = new Network(settings);
  const client = network.connect();
  network.tcp.write(client, 1e12);
  const window = () => network.tcp.view(client).congestionWindow;
  while (window() < size) network.run(network.simulator.now + 10 * MS);
  lose = true;
  network.run(network.simulator.now + 100 * MS);
  const before = window();
  while (network.tcp.counters(client).segmentsRetransmitted === 0) network.run(network.simulator.now + 1 * MS);
  network.run(network.simulator.now + 150 * MS);
  return { network, client, window, before };
}

describe('the congestion window', () => {
  it('follows the curve of RFC 9438 after a loss (cubic)', () => {
    const { network, client, window } = afterOneLoss('cubic', 500);
    const threshold = network.tcp.view(client).slowStartThreshold;
    const most = threshold / 0.7;
    expect(window() / threshold).toBeGreaterThan(0.99);
    expect(window() / threshold).toBeLessThan(1.02);
    const started = network.simulator.now;
    // W(t) = C (t - K)^3 + Wmax, K = cube root of 0.3 Wmax / C, C = 0.4.
    const k = Math.cbrt((most * 0.3) / 0.4);
    for (const seconds of [2, 5, 8, 10, 12, 14]) {
      network.run(started + seconds * SECOND);
      const expected = 0.4 * (seconds - k) ** 3 + most;
      expect(window() / expected, `after ${seconds} s`).toBeGreaterThan(0.95);
      expect(window() / expected, `after ${seconds} s`).toBeLessThan(1.05);
    }
  });

  it('is back near its former size when the curve says so (cubic)', () => {
    const { network, client, window } = afterOneLoss('cubic', 500);
    const most = network.tcp.view(client).slowStartThreshold / 0.7;
    const started = network.simulator.now;
    const k = Math.cbrt((most * 0.3) / 0.4);
    // At 99 % before the plateau, and 1 % above it after.
    for (const [share, expected] of [
      [0.99, k - Math.cbrt((0.01 * most) / 0.4)],
      [1.01, k + Math.cbrt((0.01 * most) / 0.4)],
    ] as const) {
      while (window() < share * most) network.run(network.simulator.now + 10 * MS);
      const took = (network.simulator.now - started) / SECOND;
      expect(took / expected, `${share} of the window`).toBeGreaterThan(0.95);
      expect(took / expected, `${share} of the window`).toBeLessThan(1.05);
    }
  });

  it('is halved by a loss and grows by a segment a round trip (reno)', () => {
    const { network, client, window, before } = afterOneLoss('reno', 400);
    const threshold = network.tcp.view(client).slowStartThreshold;
    expect(threshold / before).toBeGreaterThan(0.45);
    expect(threshold / before).toBeLessThan(1.01);
    expect(network.tcp.counters(client).lossesDetected).toBe(1);
    const first = window();
    expect(Math.abs(first - threshold)).toBeLessThan(5);
    network.run(network.simulator.now + 5 * SECOND);
    expect(window() - first).toBeGreaterThanOrEqual(47);
    expect(window() - first).toBeLessThanOrEqual(53);
  });

  it('does not grow while the application is what limits', () => {
    const network = new Network({ up: { delay: 20 * MS }, down: { delay: 20 * MS } });
    const client = network.connect();
    for (let k = 0; k < 200; k++) {
      network.tcp.write(client, 4 * 1448);
      network.run(network.simulator.now + 50 * MS);
    }
    expect(network.tcp.view(client).congestionWindow).toBeLessThanOrEqual(10);
  });

  it('falls back to the initial one after an idle time', () => {
    const network = new Network({ up: { rate: 100e6, delay: 20 * MS }, down: { delay: 20 * MS } });
    network.logging = true;
    const client = network.connect();
    network.tcp.write(client, 5_000_000);
    network.run(5 * SECOND);
    expect(network.received[client + 1]).toBe(5_000_000);
    expect(network.tcp.view(client).congestionWindow).toBeGreaterThan(50);
    network.run(20 * SECOND);
    network.log.length = 0;
    network.tcp.write(client, 5_000_000);
    network.run(20 * SECOND + 30 * MS);
    expect(network.log.filter((entry) => entry.payload > 0).length).toBe(10);
  });

  it('leaves slow start before the queue overflows (HyStart)', () => {
    const pipe = { rate: 50e6, delay: 25 * MS, queue: 400_000 };
    const losses = (hystart: boolean) => {
      const network = new Network({ up: pipe, down: pipe, tcp: { hystart, receiveAutotuning: false } });
      const client = network.connect();
      network.tcp.write(client, 1e9);
      network.run(1 * SECOND);
      return network.tcp.counters(client).lossesDetected;
    };
    expect(losses(true)).toBe(0);
    expect(losses(false)).toBeGreaterThan(100);
  });
});
