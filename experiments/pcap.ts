// A packet trace as a pcap file: Ethernet, IPv4 and TCP or UDP headers of every packet, without payload.
// Format: pcap of libpcap 2.4 with nanoseconds (draft-ietf-opsawg-pcap). Headers: RFC 791, 9293, 768, 826, 7323.

import { closeSync, openSync, writeSync } from 'node:fs';
import { type AddressRange, InputError, vnodeAddress } from '../models/index.js';
import { PacketFlag, type PacketSummary, type PacketTrace } from '../sim/index.js';

const MAGIC_NANOSECONDS = 0xa1b23c4d;
const LINKTYPE_ETHERNET = 1;
const ETHERNET = 14;
const IP = 20;
const UDP = 8;
/** TCP with its timestamps; a SYN also carries MSS, SACK-permitted and the window's scale. */
const TCP = 32;
const TCP_SYN = 40;
const SNAP = ETHERNET + IP + TCP_SYN;
const ARP_BODY = 28;
const ETHERTYPE_IP = 0x0800;
const ETHERTYPE_ARP = 0x0806;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
/** Window scale of a SYN: windows are told in units of 128 bytes. */
const SCALE = 7;
const BUFFER = 1 << 20;

/** The fields of a TCP header that are flags. */
const FIN = 1;
const SYN = 2;
const PUSH = 8;
const ACK = 16;

export class PcapTrace implements PacketTrace {
  private readonly file: number;
  private readonly buffer = Buffer.alloc(BUFFER);
  private used = 0;

  /** @throws InputError when the file cannot be written. */
  constructor(
    path: string,
    private readonly range: AddressRange,
    mtu: number,
  ) {
    this.mss = mtu - IP - 20;
    try {
      this.file = openSync(path, 'w');
    } catch (error) {
      throw new InputError(
        '--trace',
        'a file that can be written',
        error instanceof Error ? error.message : String(error),
      );
    }
    const { buffer } = this;
    buffer.writeUInt32LE(MAGIC_NANOSECONDS, 0);
    buffer.writeUInt16LE(2, 4);
    buffer.writeUInt16LE(4, 6);
    buffer.writeUInt32LE(SNAP, 16);
    buffer.writeUInt32LE(LINKTYPE_ETHERNET, 20);
    this.used = 24;
  }

  private readonly mss: number;

  packet(time: number, source: number, target: number, summary: PacketSummary): void {
    if (this.used + 16 + SNAP > BUFFER) this.flush();
    const record = this.used;
    const start = record + 16;
    const arp = (summary.flags & PacketFlag.arp) !== 0;
    const length = arp
      ? this.arp(start, source, target, (summary.flags & PacketFlag.ack) !== 0)
      : this.ip(start, time, source, target, summary);
    const { buffer } = this;
    buffer.writeUInt32LE(Math.floor(time / 1e9), record);
    buffer.writeUInt32LE(time % 1e9, record + 4);
    buffer.writeUInt32LE(length, record + 8);
    buffer.writeUInt32LE(length + (arp ? 0 : summary.payload), record + 12);
    this.used = start + length;
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    for (let written = 0; written < this.used; )
      written += writeSync(this.file, this.buffer, written, this.used - written);
    this.used = 0;
  }

  private address(vnode: number): number {
    return vnodeAddress(this.range, vnode % this.range.count);
  }

  private ethernet(at: number, source: number, target: number, type: number): void {
    const { buffer } = this;
    // Locally administered addresses that hold the IPv4 address; -1: broadcast.
    buffer.writeUInt16BE(target < 0 ? 0xffff : 0x0200, at);
    buffer.writeUInt32BE(target < 0 ? 0xffffffff : this.address(target), at + 2);
    buffer.writeUInt16BE(0x0200, at + 6);
    buffer.writeUInt32BE(this.address(source), at + 8);
    buffer.writeUInt16BE(type, at + 12);
  }

  private arp(at: number, source: number, target: number, reply: boolean): number {
    const { buffer } = this;
    this.ethernet(at, source, reply ? target : -1, ETHERTYPE_ARP);
    const body = at + ETHERNET;
    buffer.writeUInt32BE(0x00010800, body);
    buffer.writeUInt16BE(0x0604, body + 4);
    buffer.writeUInt16BE(reply ? 2 : 1, body + 6);
    buffer.writeUInt16BE(0x0200, body + 8);
    buffer.writeUInt32BE(this.address(source), body + 10);
    buffer.writeUInt32BE(this.address(source), body + 14);
    buffer.writeUInt16BE(reply ? 0x0200 : 0, body + 18);
    buffer.writeUInt32BE(reply ? this.address(target) : 0, body + 20);
    buffer.writeUInt32BE(this.address(target), body + 24);
    return ETHERNET + ARP_BODY;
  }

  private ip(at: number, time: number, source: number, target: number, summary: PacketSummary): number {
    const { buffer } = this;
    this.ethernet(at, source, target, ETHERTYPE_IP);
    const header = at + ETHERNET;
    const transport = summary.udp ? this.udp(header + IP, summary) : this.tcp(header + IP, time, summary);
    const total = IP + transport + summary.payload;
    buffer.writeUInt16BE(0x4500, header);
    // A super-packet is longer than the field: 0, as captures of segmentation offload have it.
    buffer.writeUInt16BE(total > 0xffff ? 0 : total, header + 2);
    buffer.writeUInt32BE(0x00004000, header + 4);
    buffer.writeUInt16BE((64 << 8) | (summary.udp ? PROTOCOL_UDP : PROTOCOL_TCP), header + 8);
    buffer.writeUInt16BE(0, header + 10);
    buffer.writeUInt32BE(this.address(source), header + 12);
    buffer.writeUInt32BE(this.address(target), header + 16);
    buffer.writeUInt16BE(checksum(buffer, header, IP), header + 10);
    return ETHERNET + IP + transport;
  }

  private udp(at: number, { sourcePort, targetPort, payload }: PacketSummary): number {
    const { buffer } = this;
    buffer.writeUInt16BE(sourcePort, at);
    buffer.writeUInt16BE(targetPort, at + 2);
    buffer.writeUInt16BE(Math.min(0xffff, UDP + payload), at + 4);
    // Zero: the sender computed none (RFC 768).
    buffer.writeUInt16BE(0, at + 6);
    return UDP;
  }

  /** The payload is not in the file, so no checksum over it can be checked: it is left zero. */
  private tcp(at: number, time: number, summary: PacketSummary): number {
    const { buffer } = this;
    const syn = (summary.flags & PacketFlag.syn) !== 0;
    const acknowledges = (summary.flags & PacketFlag.ack) !== 0;
    const length = syn ? TCP_SYN : TCP;
    const flags =
      (syn ? SYN : 0) |
      (acknowledges ? ACK : 0) |
      ((summary.flags & PacketFlag.fin) !== 0 ? FIN : 0) |
      (summary.payload > 0 ? PUSH : 0);
    const window = syn ? summary.window : summary.window / 2 ** SCALE;
    buffer.writeUInt16BE(summary.sourcePort, at);
    buffer.writeUInt16BE(summary.targetPort, at + 2);
    // Streams count from 0, and the SYN takes one number before the first byte.
    buffer.writeUInt32BE(syn ? 0 : (summary.sequence + 1) % 2 ** 32, at + 4);
    buffer.writeUInt32BE(acknowledges ? (summary.acknowledged + 1) % 2 ** 32 : 0, at + 8);
    buffer.writeUInt16BE(((length / 4) << 12) | flags, at + 12);
    buffer.writeUInt16BE(Math.min(0xffff, Math.floor(window)), at + 14);
    buffer.writeUInt32BE(0, at + 16);
    const options = at + 20;
    if (syn) {
      buffer.writeUInt32BE(0x02040000 | this.mss, options);
      buffer.writeUInt16BE(0x0402, options + 4);
      buffer.writeUInt16BE(0x080a, options + 6);
      this.timestamps(options + 8, time);
      buffer.writeUInt32BE(0x01030300 | SCALE, options + 16);
    } else {
      buffer.writeUInt32BE(0x0101080a, options);
      this.timestamps(options + 4, time);
    }
    return length;
  }

  /** In milliseconds, as Linux has them; what they echo is not part of a trace. */
  private timestamps(at: number, time: number): void {
    this.buffer.writeUInt32BE(Math.floor(time / 1e6) % 2 ** 32, at);
    this.buffer.writeUInt32BE(0, at + 4);
  }
}

/** The Internet checksum (RFC 1071) over an even number of bytes. */
function checksum(buffer: Buffer, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i += 2) sum += buffer.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum ^ 0xffff;
}
