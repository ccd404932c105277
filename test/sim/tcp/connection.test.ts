// A connection's life: handshake, transfer, close, and failure.

import { describe, expect, it } from 'vitest';
import { MS, Network, SECOND } from './network.js';

describe('a connection', () => {
  it('opens after one round trip at the client, one and a half at the server', () => {
    const network = new Network({ up: { delay: 10 * MS }, down: { delay: 10 * MS } });
    const client = network.connect();
    network.run(1 * SECOND);
    expect(network.openedAt[client]).toBe(20 * MS);
    expect(network.openedAt[client + 1]).toBe(30 * MS);
  });

  it('delivers what was written and closes both ends', () => {
    const network = new Network({ up: { rate: 10e6, delay: 5 * MS }, down: { rate: 10e6, delay: 5 * MS } });
    const client = network.connect();
    network.tcp.write(client, 1_000_000);
    network.tcp.close(client);
    network.run();
    expect(network.received[client + 1]).toBe(1_000_000);
    expect(network.closedAt[client]).toBeGreaterThan(0);
    expect(network.closedAt[client + 1]).toBeGreaterThan(0);
    expect(network.packets.inFlight).toBe(0);
    expect(network.packets.sent).toBe(network.packets.delivered + network.packets.dropped);
    expect(network.tcp.counters(client).segmentsRetransmitted).toBe(0);
  });
});
