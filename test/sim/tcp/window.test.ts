// Flow control towards the reader, and towards the vnode's own queueing discipline.

import { describe, expect, it } from 'vitest';
import { MS, Network, SECOND } from './network.js';

const MSS = 1448;
const path = { up: { rate: 20e6, delay: 5 * MS }, down: { rate: 20e6, delay: 5 * MS } };

describe('the receive window', () => {
  it('closes on a reader that does not read, and opens again when it does', () => {
    const network = new Network({ ...path, reads: false, tcp: { receiveWindow: 50_000 } });
    const client = network.connect();
    network.tcp.write(client, 500_000);
    network.run(5 * SECOND);
    expect(network.tcp.readable(client + 1)).toBeLessThanOrEqual(50_000);
    expect(network.tcp.readable(client + 1)).toBeGreaterThan(50_000 - MSS);
    let got = 0;
    for (let k = 0; k < 2000 && got < 500_000; k++) {
      got += network.tcp.read(client + 1);
      network.run(network.simulator.now + 10 * MS);
    }
    expect(got).toBe(500_000);
    expect(network.tcp.counters(client).segmentsRetransmitted).toBe(0);
  });

  it('is told of by whoever reads, where data still waits when the next comes', () => {
    const network = new Network({ ...path, reads: false, tcp: { rack: false, readerAcknowledges: true } });
    const client = network.connect();
    network.tcp.write(client, 1e9);
    // Quick acknowledgements are over.
    while (network.simulator.now < SECOND) {
      network.run(network.simulator.now + MS);
      network.tcp.read(client + 1);
    }
    network.logging = true;
    network.tcp.read(client + 1);
    const acknowledgements = () => network.log.filter(({ endpoint }) => endpoint === client + 1).length;
    // 20 ms of a full pipe: about 33 segments, and a delayed acknowledgement is not due before 40 ms.
    network.run(network.simulator.now + 20 * MS);
    const before = acknowledgements();
    expect(network.tcp.readable(client + 1)).toBeGreaterThan(20 * MSS);
    expect(before).toBeLessThanOrEqual(1);
    network.tcp.read(client + 1);
    expect(acknowledgements()).toBe(before + 1);
  });

  it('is probed while it is closed, so that a lost update stops nothing', () => {
    let deaf = false;
    const network = new Network({
      ...path,
      down: { ...path.down, lose: () => deaf },
      reads: false,
      tcp: { receiveWindow: 20_000 },
    });
    network.logging = true;
    const client = network.connect();
    network.tcp.write(client, 100_000);
    network.run(2 * SECOND);
    const probes = network.log.filter((entry) => entry.endpoint === client && entry.at > 200 * MS).length;
    expect(probes).toBeGreaterThan(1);
    expect(probes).toBeLessThan(6);
    deaf = true;
    network.take(client + 1);
    network.run(2050 * MS);
    deaf = false;
    network.run(10 * SECOND);
    expect(network.tcp.readable(client + 1)).toBeGreaterThan(15_000);
  });

  it('does not tell of small openings (silly windows)', () => {
    const network: Network = new Network({ ...path, reads: false, tcp: { receiveWindow: 8 * MSS } });
    network.logging = true;
    const client = network.connect();
    network.tcp.write(client, 200_000);
    network.run(1 * SECOND);
    for (let k = 0; k < 100; k++) {
      network.take(client + 1);
      network.run(network.simulator.now + 50 * MS);
    }
    const small = network.log.filter((entry) => entry.payload > 0 && entry.payload < MSS);
    expect(network.received[client + 1]).toBe(200_000);
    // The last segment is what is left over.
    expect(small.length).toBeLessThanOrEqual(1);
  });

  it('holds what arrives out of order within what was advertised', () => {
    const network: Network = new Network({
      ...path,
      up: { ...path.up, lose: (_, index) => index === 12 },
      tcp: { receiveWindow: 30_000 },
    });
    let most = 0;
    network.logging = true;
    const client = network.connect();
    network.tcp.write(client, 300_000);
    while (network.received[client + 1] !== 300_000) {
      network.run(network.simulator.now + 1 * MS);
      const last = network.log.filter((entry) => entry.endpoint === client).at(-1);
      const acked = network.log.filter((entry) => entry.endpoint === client + 1).at(-1);
      most = Math.max(most, (last?.sequence ?? 0) + (last?.payload ?? 0) - (acked?.ack ?? 0));
    }
    expect(most).toBeLessThanOrEqual(30_000);
  });
});

describe('the send buffer', () => {
  it('tells a writer when a third of it is free again', () => {
    let told = 0;
    let free = 0;
    const network: Network = new Network({
      ...path,
      tcp: { sendBuffer: 90_000 },
      events: {
        writableNow: (endpoint) => {
          told++;
          free = network.tcp.space(endpoint);
        },
      },
    });
    const client = network.connect();
    expect(network.tcp.space(client)).toBe(90_000);
    network.tcp.write(client, 80_000);
    expect(network.tcp.space(client)).toBe(10_000);
    network.run(1 * SECOND);
    expect(told).toBe(0);
    network.tcp.write(client, 100_000);
    expect(network.tcp.space(client)).toBe(0);
    network.run(2 * SECOND);
    expect(told).toBe(1);
    expect(free).toBeGreaterThanOrEqual(30_000);
    expect(free).toBeLessThan(30_000 + 4 * MSS);
  });

  it('is at least 64 KB, twice the window, and at most 4 MB when autotuned', () => {
    const network = new Network({
      up: { delay: 50 * MS },
      down: { delay: 50 * MS },
      tcp: { receiveWindow: 1e9, receiveAutotuning: false },
    });
    const client = network.connect();
    expect(network.tcp.space(client)).toBe(65_536);
    network.tcp.write(client, 30e6);
    network.run(450 * MS);
    const { congestionWindow } = network.tcp.view(client);
    expect(congestionWindow).toBeGreaterThan(50);
    network.run(60 * SECOND);
    expect(network.tcp.space(client)).toBe(4_194_304);
  });
});

describe('the own queueing discipline', () => {
  const own = { rate: 5e6, delay: 5 * MS, queue: 30_000, own: true };

  it('slows the sender without a loss when it is full', () => {
    const network = new Network({ up: own, down: path.down });
    const client = network.connect();
    network.tcp.write(client, 4_000_000);
    network.run(60 * SECOND);
    expect(network.received[client + 1]).toBe(4_000_000);
    expect(network.packets.dropped).toBeGreaterThan(0);
    expect(network.tcp.counters(client)).toMatchObject({ lossesDetected: 0, segmentsRetransmitted: 0 });
  });

  it('is offered the segment again by a timer when nothing is in flight', () => {
    let full = false;
    const network = new Network({ up: own, down: path.down });
    const send = network.send.bind(network);
    network.send = (packet) => {
      if (!full || (network.packets.endpoint[packet] & 1) === 0) return send(packet);
      network.packets.drop(packet);
      return false;
    };
    const client = network.connect();
    network.run(1 * SECOND);
    full = true;
    network.tcp.write(client, 5000);
    network.run(1100 * MS);
    full = false;
    network.run(3 * SECOND);
    expect(network.received[client + 1]).toBe(5000);
    expect(network.tcp.counters(client).segmentsRetransmitted).toBe(0);
  });

  it('holds little of a connection with small queues, at the same goodput', () => {
    const settle = (smallQueues: boolean) => {
      const pipe = { rate: 20e6, delay: 2 * MS, queue: 400_000, own: true };
      const network = new Network({ up: pipe, down: path.down, tcp: { smallQueues } });
      const client = network.connect();
      network.tcp.write(client, 1e9);
      let most = 0;
      network.run(1 * SECOND);
      for (let k = 0; k < 2000; k++) {
        network.run(network.simulator.now + 1 * MS);
        most = Math.max(most, network.queued(client));
      }
      return { most, received: network.received[client + 1] ?? 0 };
    };
    const small = settle(true);
    const large = settle(false);
    // Two packets or a millisecond at 1.2 times the rate, and the packet that passes the limit.
    expect(small.most).toBeLessThanOrEqual(4 * 1514);
    expect(large.most).toBeGreaterThan(100_000);
    expect(small.received / large.received).toBeGreaterThan(0.98);
  });
});
