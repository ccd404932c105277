// How much goes through, against what pencil and paper say.

import { describe, expect, it } from 'vitest';
import { ETHERNET_HEADER, IP_TCP_HEADERS } from '../../../models/index.js';
import { MS, Network, SECOND, type Settings } from './network.js';

const MSS = 1448;
const FRAME = MSS + ETHERNET_HEADER + IP_TCP_HEADERS;

/** Bits of payload a second that one flow gets through between `from` and `to` seconds. */
function goodput(settings: Settings, from: number, to: number): number {
  const network = new Network(settings);
  const client = network.connect();
  network.tcp.write(client, 1e12);
  network.run(from * SECOND);
  const before = network.received[client + 1] ?? 0;
  network.run(to * SECOND);
  return (((network.received[client + 1] ?? 0) - before) * 8) / (to - from);
}

describe('throughput', () => {
  it('doubles the window every round trip in slow start', () => {
    // 10 + 20 + 40 + 80 + 160 segments: the last round arrives after 1.5 + 4 round trips.
    const rtt = 100 * MS;
    let done = 0;
    const network: Network = new Network({
      up: { delay: rtt / 2 },
      down: { delay: rtt / 2 },
      tcp: { receiveAutotuning: false },
      events: {
        readableNow: (endpoint) => {
          if (network.received[endpoint] === 310 * MSS) done = network.simulator.now;
        },
      },
    });
    const client = network.connect();
    network.tcp.write(client, 310 * MSS);
    network.run(5 * SECOND);
    expect(done / (5.5 * rtt)).toBeCloseTo(1, 2);
  });

  it('starts with the initial window', () => {
    for (const initialWindow of [3, 10]) {
      const network = new Network({ up: { delay: 50 * MS }, down: { delay: 50 * MS }, tcp: { initialWindow } });
      network.logging = true;
      const client = network.connect();
      network.tcp.write(client, 1e6);
      network.run(150 * MS);
      expect(network.log.filter((entry) => entry.payload > 0).length).toBe(initialWindow);
    }
  });

  it.each(['cubic', 'reno'] as const)('fills a 50 Mbit/s, 1 ms pipe (%s)', (control) => {
    const pipe = { rate: 50e6, delay: 1 * MS, queue: 125_000 };
    const most = (MSS / FRAME) * 50e6;
    const got = goodput({ up: pipe, down: pipe, tcp: { control } }, 1, 11);
    expect(got).toBeGreaterThan(0.95 * most);
    expect(got).toBeLessThanOrEqual(most * 1.001);
  });

  it('is limited by a 128 KiB window to a window per round trip', () => {
    const window = 131_072;
    const pipe = { rate: 1e9, delay: 10 * MS };
    const got = goodput({ up: pipe, down: pipe, tcp: { receiveWindow: window, receiveAutotuning: false } }, 2, 12);
    expect(got / ((window * 8) / 0.02)).toBeGreaterThan(0.98);
    expect(got / ((window * 8) / 0.02)).toBeLessThan(1.02);
  });

  it('lets the receive window grow with the flow, up to its maximum', () => {
    const pipe = { rate: 100e6, delay: 25 * MS, queue: 1_000_000 };
    const most = (MSS / FRAME) * 100e6;
    // 64 KB in 50 ms would be 10 Mbit/s.
    expect(goodput({ up: pipe, down: pipe }, 3, 8)).toBeGreaterThan(0.9 * most);
    expect(goodput({ up: pipe, down: pipe, tcp: { receiveWindow: 65_536 } }, 3, 8)).toBeLessThan(0.12 * most);
  });

  it('gets the same goodput with and without super-packets', () => {
    const pipe = { rate: 20e6, delay: 5 * MS, queue: 100_000 };
    const single = goodput({ up: pipe, down: pipe }, 1, 11);
    const bulk = goodput({ up: pipe, down: pipe, tcp: { gso: true, smallQueues: true } }, 1, 11);
    expect(bulk / single).toBeGreaterThan(0.98);
    expect(bulk / single).toBeLessThan(1.02);
  });

  it('sends super-packets of about a millisecond, and accounts for every frame', () => {
    const pipe = { rate: 1e9, delay: 20 * MS };
    const network = new Network({ up: pipe, down: pipe, tcp: { gso: true, receiveAutotuning: false } });
    let packets = 0;
    let segments = 0;
    const send = network.send.bind(network);
    network.send = (packet) => {
      const { payload, segments: frames, wire } = network.packets;
      if (payload[packet] > 0) {
        packets++;
        segments += frames[packet];
        expect(frames[packet]).toBe(Math.ceil(payload[packet] / MSS));
        expect(wire[packet]).toBe(payload[packet] + frames[packet] * (ETHERNET_HEADER + IP_TCP_HEADERS));
        expect(payload[packet] + ETHERNET_HEADER + IP_TCP_HEADERS).toBeLessThanOrEqual(65_536);
      }
      return send(packet);
    };
    const client = network.connect();
    network.tcp.write(client, 100e6);
    network.run(3 * SECOND);
    expect(segments / packets).toBeGreaterThan(20);
  });

  it('acknowledges every second segment', () => {
    const pipe = { rate: 10e6, delay: 5 * MS };
    const network = new Network({ up: pipe, down: pipe });
    network.logging = true;
    const client = network.connect();
    network.tcp.write(client, 3000 * MSS);
    network.run();
    const data = network.log.filter((entry) => entry.payload > 0).length;
    const acks = network.log.filter((entry) => entry.endpoint === client + 1).length;
    expect(data).toBe(3000);
    // Sixteen quick ones at the start, and the handshake, come on top.
    expect(data / acks).toBeGreaterThan(1.95);
    expect(data / acks).toBeLessThanOrEqual(2);
  });

  it('acknowledges a lone segment after the delay, and at once while quick', () => {
    const delays: number[] = [];
    const network: Network = new Network({ up: { delay: 1 * MS }, down: { delay: 1 * MS } });
    network.logging = true;
    const client = network.connect();
    network.run(10 * MS);
    for (let k = 0; k < 30; k++) {
      const from = network.simulator.now;
      network.log.length = 0;
      network.tcp.write(client, 100);
      network.run(from + 100 * MS);
      const ack = network.log.find((entry) => entry.endpoint === client + 1);
      delays.push((ack?.at ?? 0) - from);
    }
    expect(delays[0]).toBe(1 * MS);
    expect(delays[29]).toBe(41 * MS);
  });

  it('samples the round trip per vnode of the sender', () => {
    const network = new Network({ up: { delay: 7 * MS }, down: { delay: 7 * MS } });
    const client = network.connect();
    network.tcp.write(client, 5_000_000);
    network.run();
    const median = network.tcp.rtt.quantile(client, 0.5) ?? 0;
    expect(median / (14 * MS)).toBeGreaterThan(0.97);
    expect(median / (14 * MS)).toBeLessThan(1.03);
    expect(network.tcp.rtt.count(client)).toBeGreaterThan(100);
  });
});
