// What was lost is found and sent again, as fast as the evidence allows, and nothing else is.

import { describe, expect, it } from 'vitest';
import { RETRANSMISSION } from '../../../sim/packets.js';
import { MS, Network, type PipeSettings, SECOND, type Settings } from './network.js';

const RATE = 20e6;
const RTT = 20 * MS;
const MSS = 1448;

/** A transfer of `segments` full segments over 20 Mbit/s and 20 ms; the data packets numbered in `lost` get lost. */
function transfer(segments: number, lost: (data: number, again: boolean) => boolean, settings: Settings = {}) {
  let data = 0;
  let done = 0;
  const network: Network = new Network({
    ...settings,
    up: {
      rate: RATE,
      delay: RTT / 2,
      lose: (packet) => {
        if (network.packets.payload[packet] === 0) return false;
        const again = (network.packets.flags[packet] & RETRANSMISSION) !== 0;
        return lost(again ? -1 : data++, again);
      },
      ...settings.up,
    },
    down: { rate: RATE, delay: RTT / 2, ...settings.down },
    events: {
      readableNow: (endpoint) => {
        if (network.received[endpoint] === segments * MSS) done = network.simulator.now;
      },
    },
  });
  const client = network.connect();
  network.tcp.write(client, segments * MSS);
  network.run(600 * SECOND);
  expect(network.received[client + 1]).toBe(segments * MSS);
  return { done, ...network.tcp.counters(client), view: network.tcp.view(client), network, client };
}

const never = () => false;

describe('loss recovery', () => {
  const clean = transfer(400, never).done;

  it.each([true, false])('repairs a single loss by fast retransmit, without a timeout (rack: %s)', (rack) => {
    const { done, segmentsRetransmitted, lossesDetected } = transfer(400, (data) => data === 150, { tcp: { rack } });
    expect(segmentsRetransmitted).toBe(1);
    expect(lossesDetected).toBe(1);
    expect(done - clean).toBeLessThan(150 * MS);
  });

  it('repairs a lost tail with a probe, far sooner than a timeout', () => {
    const { done, segmentsRetransmitted } = transfer(400, (data) => data >= 397);
    expect(segmentsRetransmitted).toBe(3);
    // Two round trips and a margin until the probe, one for its answer, one for the repair.
    expect(done - clean).toBeLessThan(195 * MS);
    const timeout = transfer(400, (data) => data >= 397, { tcp: { rack: false } });
    expect(timeout.done - clean).toBeGreaterThan(200 * MS);
  });

  it.each([true, false])('repairs a burst of losses within a few round trips (rack: %s)', (rack) => {
    const { done, segmentsRetransmitted } = transfer(400, (data) => data >= 150 && data < 180, { tcp: { rack } });
    expect(segmentsRetransmitted).toBe(30);
    expect(done - clean).toBeLessThan(200 * MS);
  });

  it('repairs every second segment lost over a window', () => {
    const { segmentsRetransmitted, done } = transfer(400, (data) => data >= 150 && data < 200 && data % 2 === 0);
    expect(segmentsRetransmitted).toBe(25);
    expect(done - clean).toBeLessThan(250 * MS);
  });

  it('notices a retransmission that was lost too (RACK)', () => {
    let retransmissions = 0;
    const { done, segmentsRetransmitted } = transfer(400, (data, again) =>
      again ? retransmissions++ === 0 : data === 150,
    );
    expect(segmentsRetransmitted).toBe(2);
    expect(done - clean).toBeLessThan(195 * MS);
  });

  it('backs off through an outage and recovers after it', () => {
    let dark = false;
    const lose = () => dark;
    const network = new Network({
      up: { rate: RATE, delay: RTT / 2, lose },
      down: { rate: RATE, delay: RTT / 2, lose },
    });
    network.logging = true;
    const client = network.connect();
    network.tcp.write(client, 3000 * MSS);
    network.run(500 * MS);
    dark = true;
    network.run(10 * SECOND);
    const again = network.log.filter((entry) => (entry.flags & RETRANSMISSION) !== 0).map((entry) => entry.at);
    // A probe first, then timeouts at doubling distances.
    for (let k = 2; k + 1 < again.length; k++) {
      const ratio = ((again[k + 1] ?? 0) - (again[k] ?? 0)) / ((again[k] ?? 0) - (again[k - 1] ?? 0));
      expect(ratio).toBeGreaterThan(1.8);
      expect(ratio).toBeLessThan(2.2);
    }
    expect(again.length).toBeGreaterThan(4);
    dark = false;
    network.run(60 * SECOND);
    expect(network.received[client + 1]).toBe(3000 * MSS);
  });

  it.each([true, false])('goes on although half of all acknowledgements are lost (rack: %s)', (rack) => {
    let acks = 0;
    const { done, segmentsRetransmitted } = transfer(400, never, {
      tcp: { rack },
      down: { lose: () => acks++ % 2 === 1 },
    });
    // A lost last acknowledgement looks like a lost tail.
    expect(segmentsRetransmitted).toBeLessThanOrEqual(1);
    expect(done - clean).toBeLessThan(100 * MS);
  });

  it('does not mistake reordering for loss (RACK)', () => {
    // Every tenth packet is two places late: less than a quarter of the round trip.
    const late: PipeSettings['late'] = (_, index) => (index % 10 === 9 ? 1.5 * MS : 0);
    const { segmentsRetransmitted, lossesDetected } = transfer(400, never, { up: { late } });
    expect(lossesDetected).toBe(0);
    expect(segmentsRetransmitted).toBe(0);
  });

  it('learns how far the path reorders, and takes back what it got wrong', () => {
    // Six places late: three segments above the hole look like a loss, once.
    const late: PipeSettings['late'] = (_, index) => (index % 50 === 49 ? 4 * MS : 0);
    const { segmentsRetransmitted } = transfer(2000, never, { up: { late } });
    expect(segmentsRetransmitted).toBeGreaterThan(0);
    expect(segmentsRetransmitted).toBeLessThanOrEqual(3);
  });

  it('undoes a timeout that only a sudden delay had caused (Eifel)', () => {
    const network = new Network({ up: { rate: RATE, delay: RTT / 2 }, down: { rate: RATE, delay: RTT / 2 } });
    const client = network.connect();
    network.tcp.write(client, 4000 * MSS);
    network.run(500 * MS);
    const before = network.tcp.view(client).congestionWindow;
    network.block(client, network.simulator.now + 600 * MS);
    network.run(1000 * MS);
    expect(network.tcp.view(client).congestionWindow).toBeLessThan(5);
    network.run(1200 * MS);
    expect(network.tcp.view(client).congestionWindow).toBeGreaterThanOrEqual(0.9 * before);
  });

  it('counts segments, not super-packets, when part of one is lost', () => {
    // The network cuts super-packets and loses the second frame of three of them.
    const cut: { lost: number } = { lost: 0 };
    const network: Network = new Network({
      up: { rate: RATE, delay: RTT / 2 },
      down: { rate: RATE, delay: RTT / 2 },
      tcp: { gso: true },
    });
    const whole = network.send.bind(network);
    network.send = (packet) => {
      const { packets } = network;
      const frames = packets.segments[packet];
      if (frames === 1) return whole(packet);
      for (let frame = 0; frame < frames; frame++) {
        const piece = packets.allocate(packets.endpoint[packet], packets.flags[packet]);
        const from = packets.sequence[packet] + frame * MSS;
        packets.sequence[piece] = from;
        packets.payload[piece] = Math.min(MSS, packets.sequence[packet] + packets.payload[packet] - from);
        packets.wire[piece] = packets.payload[piece] + 66;
        packets.acknowledged[piece] = packets.acknowledged[packet];
        packets.window[piece] = packets.window[packet];
        packets.sentAt[piece] = packets.sentAt[packet];
        packets.echo[piece] = packets.echo[packet];
        if (frame === 1 && cut.lost < 3 && from > 100_000) {
          cut.lost++;
          packets.drop(piece);
        } else whole(piece);
      }
      packets.deliver(packet);
      return true;
    };
    const client = network.connect();
    network.tcp.write(client, 1000 * MSS);
    network.run(20 * SECOND);
    expect(network.received[client + 1]).toBe(1000 * MSS);
    expect(cut.lost).toBe(3);
    expect(network.tcp.counters(client).segmentsRetransmitted).toBe(3);
    expect(network.tcp.counters(client).bytesAcknowledged).toBe(1000 * MSS);
  });
});
