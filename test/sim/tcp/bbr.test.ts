// BBR against what its paper says of it: full rate without a standing queue, whatever is lost by chance; few in flight for a
// moment every ten seconds; and the rate of a policer found out.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ETHERNET_HEADER, IP_TCP_HEADERS, kernels, scenarioSchema } from '../../../models/index.js';
import { noteBandwidth } from '../../../sim/tcp/congestion/greatest.js';
import { streamOptions } from '../../../sim/tcp/options.js';
import { PACED } from '../../../sim/tcp/paced.js';
import { MS, Network, SECOND, type Settings } from './network.js';

const MSS = 1448;
const FRAME = MSS + ETHERNET_HEADER + IP_TCP_HEADERS;
const RATE = 50e6;
const RTT = 20 * MS;
/** Payload of the pipe at its rate, bit/s; segments in flight that fill it. */
const MOST = (MSS / FRAME) * RATE;
const PRODUCT = (RATE * (RTT / SECOND)) / (8 * FRAME);

const path = (queue: number, lose?: (packet: number, index: number) => boolean): Settings => ({
  up: { rate: RATE, delay: RTT / 2, queue, ...(lose ? { lose } : {}) },
  down: { rate: RATE, delay: RTT / 2, queue },
  tcp: { control: 'bbr' },
});

function flow(settings: Settings) {
  const network = new Network(settings);
  const client = network.connect();
  network.tcp.write(client, 1e12);
  const goodput = (from: number, to: number): number => {
    network.run(from * SECOND);
    const before = network.received[client + 1] ?? 0;
    network.run(to * SECOND);
    return (((network.received[client + 1] ?? 0) - before) * 8) / (to - from);
  };
  return { network, client, goodput };
}

/** Loses this share of the packets, by a fixed pattern without period. */
const byChance = (share: number) => (_: number, index: number) =>
  ((index * 2654435761) % 4294967296) / 4294967296 < share;

describe('bbr', () => {
  it('fills the pipe with a queue of half a round trip at the most, once it cycles', () => {
    const { network, client, goodput } = flow(path(10 * PRODUCT * FRAME));
    expect(goodput(2, 9)).toBeGreaterThan(0.95 * MOST);
    const queues: number[] = [];
    for (let at = 9000; at < 9900; at += 5) {
      network.run(at * MS);
      queues.push(network.queued(client));
    }
    const mean = queues.reduce((sum, bytes) => sum + bytes, 0) / queues.length;
    // Probing puts a quarter of a round trip into the queue one round in eight, and super-packets some more.
    expect(Math.max(...queues)).toBeLessThan(0.5 * PRODUCT * FRAME);
    expect(mean).toBeLessThan(0.2 * PRODUCT * FRAME);
  });

  it('keeps its rate when one packet in a hundred is lost, where cubic cannot', () => {
    const settings = path(10 * PRODUCT * FRAME, byChance(0.01));
    expect(flow(settings).goodput(2, 9)).toBeGreaterThan(0.9 * MOST);
    expect(flow({ ...settings, tcp: { control: 'cubic' } }).goodput(2, 9)).toBeLessThan(0.5 * MOST);
  });

  it('has four segments in flight for a fifth of a second every ten seconds, and its window again after it', () => {
    const { network, client } = flow(path(10 * PRODUCT * FRAME));
    const low: number[] = [];
    for (let at = 5000; at < 26_000; at += 10) {
      network.run(at * MS);
      if (network.tcp.view(client).congestionWindow <= 4) low.push(at);
    }
    const times = low.filter((at, i) => i === 0 || at - (low[i - 1] as number) > 1000);
    expect(times).toHaveLength(2);
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(10_000);
    expect((times[1] as number) - (times[0] as number)).toBeLessThan(10_500);
    // 200 ms and a round trip or two, each time.
    expect(low.length * 10).toBeGreaterThan(2 * 200);
    expect(low.length * 10).toBeLessThan(2 * 300);
    expect(network.tcp.view(client).congestionWindow).toBeGreaterThan(PRODUCT);
  });

  it('finds out the rate of a policer, and loses little once it has', () => {
    // A bucket of 30 frames filled at a fifth of the path's rate, and nothing waits.
    const rate = RATE / 5;
    let tokens = 30 * FRAME;
    let filledAt = 0;
    let here: Network | undefined;
    const { network, client, goodput } = flow({
      ...path(10 * PRODUCT * FRAME),
      up: {
        rate: RATE,
        delay: RTT / 2,
        lose: (packet) => {
          const now = here?.simulator.now ?? 0;
          tokens = Math.min(30 * FRAME, tokens + ((now - filledAt) * rate) / 8e9);
          filledAt = now;
          const wire = here?.packets.wire[packet] ?? 0;
          if (wire > tokens) return true;
          tokens -= wire;
          return false;
        },
      },
    });
    here = network;
    const got = goodput(4, 9);
    const { segmentsRetransmitted, packetsSent } = network.tcp.counters(client);
    expect(got).toBeGreaterThan((0.8 * MOST) / 5);
    const early = segmentsRetransmitted;
    network.run(10 * SECOND);
    const lost = network.tcp.counters(client).segmentsRetransmitted - early;
    const sent = network.tcp.counters(client).packetsSent - packetsSent;
    expect(lost / sent).toBeLessThan(0.1);
  });

  it('paces: packets leave no closer together than the rate at which it probes', () => {
    const { network } = flow(path(10 * PRODUCT * FRAME));
    network.run(5 * SECOND);
    network.logging = true;
    network.run(5.2 * SECOND);
    const sent = network.log.filter(({ payload, endpoint }) => payload > 0 && endpoint % 2 === 0);
    const gaps = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
    const serialised = (FRAME * 8e9) / RATE;
    // A quarter above the rate, and up to half of a packet's time to catch up.
    expect(Math.min(...gaps)).toBeGreaterThan(serialised / 1.25 / 2);
  });

  it('is refused where the kernel is older than it', () => {
    const scenario = scenarioSchema.parse({ name: 'x', workload: { kind: 'pairs' }, tcp: 'bbr' });
    expect(() => streamOptions(kernels['linux-2.6.32'], scenario)).toThrow(/scenario.tcp: expected .*cubic or reno/);
    expect(streamOptions(kernels['linux-6.1'], scenario).control).toBe('bbr');
  });
});

describe('the greatest bandwidth of ten rounds', () => {
  it('is one of them, no less than the newest, and the greatest while it rises', () => {
    const bandwidths = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(bandwidths, (all) => {
        const reals = new Float64Array(Object.keys(PACED).length);
        for (const [round, bandwidth] of all.entries()) {
          noteBandwidth(reals, 0, round, bandwidth, 10);
          const window = all.slice(Math.max(0, round - 10), round + 1);
          const found = reals[PACED.MAX_0] as number;
          if (!window.includes(found) || found < bandwidth) return false;
          if (bandwidth === Math.max(...window) && found !== bandwidth) return false;
        }
        return true;
      }),
    );
  });
});
