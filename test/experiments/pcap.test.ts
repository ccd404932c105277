// The packet trace as a reader of pcap files finds it.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PcapTrace } from '../../experiments/pcap.js';
import { addressRange, hostCatalogue, resolveHost, scenarioSchema } from '../../models/index.js';
import { PacketFlag, type PacketSummary, simulate } from '../../sim/index.js';

interface Frame {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly captured: number;
  readonly original: number;
  readonly bytes: Buffer;
}

const range = addressRange('198.18.0.0/15');
if (!range) throw new Error('no range');
const plain: PacketSummary = {
  sourcePort: 40_000,
  targetPort: 6881,
  sequence: 0,
  acknowledged: 0,
  flags: PacketFlag.ack,
  payload: 0,
  window: 65_536,
  udp: false,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-pcap-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The header's fields and all frames of a file; fails when a length does not add up. */
function read(path: string): { header: Buffer; frames: Frame[] } {
  const file = readFileSync(path);
  const frames: Frame[] = [];
  for (let at = 24; at < file.length; ) {
    const [seconds, nanoseconds, captured, original] = [0, 4, 8, 12].map((i) => file.readUInt32LE(at + i)) as [
      number,
      number,
      number,
      number,
    ];
    expect(at + 16 + captured).toBeLessThanOrEqual(file.length);
    frames.push({ seconds, nanoseconds, captured, original, bytes: file.subarray(at + 16, at + 16 + captured) });
    at += 16 + captured;
  }
  return { header: file.subarray(0, 24), frames };
}

function trace(...packets: readonly [number, number, number, Partial<PacketSummary>][]): Frame[] {
  const path = join(folder, 'some.pcap');
  const pcap = new PcapTrace(path, range as NonNullable<typeof range>, 1500);
  for (const [time, source, target, summary] of packets) pcap.packet(time, source, target, { ...plain, ...summary });
  pcap.close();
  return read(path).frames;
}
const one = (summary: Partial<PacketSummary>, time = 0): Frame => trace([time, 0, 1, summary])[0] as Frame;

/** Over a valid header the Internet checksum gives zero. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum ^ 0xffff;
}

describe('a trace', () => {
  it('begins with the header of a nanosecond pcap of Ethernet', () => {
    trace();
    const { header, frames } = read(join(folder, 'some.pcap'));
    expect(header.readUInt32LE(0)).toBe(0xa1b23c4d);
    expect([header.readUInt16LE(4), header.readUInt16LE(6)]).toEqual([2, 4]);
    expect(header.readUInt32LE(20)).toBe(1);
    expect(frames).toEqual([]);
  });

  it('keeps times to the nanosecond, and lengths without the payload', () => {
    const frame = one({ payload: 1448 }, 3_000_000_007);
    expect(frame).toMatchObject({ seconds: 3, nanoseconds: 7, captured: 66, original: 1514 });
  });

  it('has valid IPv4 headers between the addresses of the range', () => {
    const { bytes } = one({ payload: 100 });
    expect(bytes.readUInt16BE(12)).toBe(0x0800);
    const ip = bytes.subarray(14, 34);
    expect(ip[0]).toBe(0x45);
    expect(ip.readUInt16BE(2)).toBe(20 + 32 + 100);
    expect(ip[9]).toBe(6);
    expect(checksum(ip)).toBe(0);
    expect([...ip.subarray(12, 16)]).toEqual([198, 18, 0, 1]);
    expect([...ip.subarray(16, 20)]).toEqual([198, 18, 0, 2]);
  });

  it('numbers a stream from its SYN', () => {
    const syn = one({ flags: PacketFlag.syn }).bytes.subarray(34);
    expect([syn.readUInt32BE(4), (syn[12] as number) >> 4, syn[13]]).toEqual([0, 10, 0x02]);
    expect([...syn.subarray(20, 24)]).toEqual([2, 4, 5, 180]);
    const data = one({ sequence: 0, acknowledged: 10, payload: 5 }).bytes.subarray(34);
    expect([data.readUInt32BE(4), data.readUInt32BE(8), (data[12] as number) >> 4, data[13]]).toEqual([1, 11, 8, 0x18]);
    expect(data.readUInt16BE(14)).toBe(512);
    const last = one({ flags: PacketFlag.fin | PacketFlag.ack, sequence: 2 ** 32 + 4 }).bytes.subarray(34);
    expect([last.readUInt32BE(4), last[13]]).toEqual([5, 0x11]);
  });

  it('holds super-packets, datagrams and address resolution', () => {
    expect(one({ payload: 65_536 })).toMatchObject({ captured: 66, original: 65_602 });
    expect(one({ payload: 65_536 }).bytes.readUInt16BE(16)).toBe(0);
    const datagram = one({ udp: true, payload: 1470 });
    expect(datagram).toMatchObject({ captured: 42, original: 1512 });
    expect([datagram.bytes[23], datagram.bytes.readUInt16BE(38)]).toEqual([17, 1478]);
    const request = one({ flags: PacketFlag.arp });
    expect(request).toMatchObject({ captured: 42, original: 42 });
    expect([request.bytes.readUInt16BE(12), request.bytes.readUInt16BE(20)]).toEqual([0x0806, 1]);
    expect(request.bytes.subarray(0, 6).every((octet) => octet === 0xff)).toBe(true);
  });

  it('of more packets than a buffer holds is whole', () => {
    const frames = trace(
      ...Array.from({ length: 20_000 }, (_, i) => [i * 1000, i % 7, 8, { sequence: i }] as const).map(
        (p) => [...p] as [number, number, number, Partial<PacketSummary>],
      ),
    );
    expect(frames).toHaveLength(20_000);
    expect(frames.map(({ bytes }) => bytes.readUInt32BE(38))).toEqual(frames.map((_, i) => i + 1));
  });

  it('of a run is in order of time, and holds every packet that was sent', () => {
    const scenario = scenarioSchema.parse({
      name: 'pair',
      workload: { kind: 'pairs', pairs: 1, duration: '200ms' },
      link: { up: '20Mbit/s', delay: '1ms' },
      network: { attach: 'two-port-bridge' },
    });
    const path = join(folder, 'run.pcap');
    const pcap = new PcapTrace(path, range as NonNullable<typeof range>, 1500);
    const profile = hostCatalogue.pc3000;
    if (!profile) throw new Error('no host');
    const record = simulate(scenario, resolveHost(profile, 'openvz', 'raised'), '1', { trace: pcap });
    pcap.close();
    const { frames } = read(path);
    const times = frames.map(({ seconds, nanoseconds }) => seconds * 1e9 + nanoseconds);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(frames.length).toBeGreaterThan(300);
    expect(frames.length).toBeLessThanOrEqual(record.totals.packetsSent);
    expect((frames[0] as Frame).bytes[47]).toBe(0x02);
    expect((frames[1] as Frame).bytes[47]).toBe(0x12);
  });
});
