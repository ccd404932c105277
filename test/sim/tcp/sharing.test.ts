// Flows that compete for one pipe share it.

import { describe, expect, it } from 'vitest';
import { MS, Network, SECOND } from './network.js';

/** (sum x)^2 / (n sum x^2): 1 when all are equal, 1/n when one has it all. */
function jain(shares: number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return (sum * sum) / (shares.length * squares);
}

describe('competing flows', () => {
  it.each([
    ['cubic', 2],
    ['cubic', 8],
    ['reno', 2],
    ['reno', 8],
  ] as const)('share fairly: %s, %i flows', (control, flows) => {
    const pipe = { rate: 10e6, delay: 10 * MS, queue: 40_000 };
    const network = new Network({ shared: true, up: pipe, down: pipe, tcp: { control } });
    const clients: number[] = [];
    for (let flow = 0; flow < flows; flow++) {
      network.run(flow * 500 * MS);
      const client = network.connect();
      network.tcp.write(client, 1e12);
      clients.push(client);
    }
    network.run(20 * SECOND);
    const before = clients.map((client) => network.received[client + 1] ?? 0);
    network.run(140 * SECOND);
    const shares = clients.map((client, flow) => (network.received[client + 1] ?? 0) - (before[flow] ?? 0));
    expect(jain(shares)).toBeGreaterThan(0.95);
    const total = shares.reduce((sum, share) => sum + share, 0);
    expect((total * 8) / 120).toBeGreaterThan(0.9 * 10e6 * (1448 / 1514));
  });
});
