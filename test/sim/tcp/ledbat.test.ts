// uTP's congestion control: it keeps its target of queueing, gives way to TCP, and lives with short queues.

import { describe, expect, it } from 'vitest';
import { kernels, scenarioSchema } from '../../../models/index.js';
import { streamOptions } from '../../../sim/tcp/index.js';
import { MS, Network, type PipeSettings, SECOND } from './network.js';

const scenario = scenarioSchema.parse({ name: 'utp', workload: { kind: 'idle', vnodes: 1, duration: '1s' } });
const utp = streamOptions(kernels['linux-6.6'], scenario, 'utp');
const RATE = 10e6;
/** Bytes a second of payload that the rate carries. */
const CARRIED = (RATE / 8) * (1448 / 1514);

/** A sender of endless data over uTP; its receiver is the endpoint beside it. */
function sending(queue: number, down: Partial<PipeSettings> = {}): { network: Network; client: number } {
  const up = { rate: RATE, delay: 10 * MS, queue };
  const network = new Network({ up, down: { delay: 10 * MS, ...down }, tcp: utp });
  const client = network.connect();
  network.tcp.write(client, 1e12);
  return { network, client };
}

describe('LEDBAT', () => {
  it('fills a link and keeps 100 ms of queueing, within 15 %, where TCP would fill the queue', () => {
    const { network, client } = sending(600_000);
    network.run(20 * SECOND);
    const before = network.received[client + 1] ?? 0;
    network.run(60 * SECOND);
    expect(((network.received[client + 1] ?? 0) - before) / 40).toBeGreaterThan(0.97 * CARRIED);
    const queueing = (network.tcp.rtt.quantile(client, 0.5) ?? 0) - 20 * MS;
    expect(queueing).toBeGreaterThan(85 * MS);
    expect(queueing).toBeLessThan(115 * MS);
    expect(network.tcp.counters(client).segmentsRetransmitted).toBe(0);
  });

  it('lives with a queue shorter than its target: over 85 % of the link, halved by its losses', () => {
    const { network, client } = sending(30_000);
    network.run(60 * SECOND);
    expect((network.received[client + 1] ?? 0) / 60).toBeGreaterThan(0.85 * CARRIED);
    expect(network.tcp.counters(client).segmentsRetransmitted).toBeGreaterThan(0);
  });

  it('goes by the way of the data alone: queueing on the way back does not slow it', () => {
    const { network, client } = sending(600_000, { late: (_, index) => (index > 200 ? 150 * MS : 0) });
    network.run(60 * SECOND);
    expect((network.received[client + 1] ?? 0) / 60).toBeGreaterThan(0.9 * CARRIED);
  });
});
