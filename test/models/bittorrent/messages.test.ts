// Sizes on the stream, geometry of a torrent, and the clients' own rules.

import { describe, expect, it } from 'vitest';
import {
  blockBytes,
  blockCount,
  cached,
  clientMemory,
  clientProfile,
  clientProfiles,
  countBits,
  countMissing,
  depthAfterReading,
  depthForRate,
  fillBits,
  fullestCache,
  InputError,
  MessageType,
  messageBytes,
  pieceBytes,
  setBit,
  torrentOf,
} from '../../../models/index.js';

describe('a torrent', () => {
  it('has pieces and blocks that add up to the file', () => {
    for (const [length, pieceLength] of [
      [20_000_000, 262_144],
      [1, 16_384],
      [262_144, 262_144],
      [1_000_003, 100_000],
    ] as const) {
      const torrent = torrentOf(length, pieceLength);
      let total = 0;
      for (let piece = 0; piece < torrent.pieces; piece++) {
        let inPiece = 0;
        for (let index = 0; index < blockCount(torrent, piece); index++)
          inPiece += blockBytes(torrent, piece * torrent.blocksPerPiece + index);
        expect(inPiece).toBe(pieceBytes(torrent, piece));
        total += inPiece;
      }
      expect(total).toBe(length);
    }
  });
});

describe('messages', () => {
  it('have the sizes of BEP 3 and BEP 23', () => {
    const torrent = torrentOf(20_000_000, 262_144);
    const size = (type: number, argument = 0) => messageBytes(torrent, type, argument);
    expect(size(MessageType.handshake)).toBe(68);
    expect(size(MessageType.keepAlive)).toBe(4);
    for (const type of [MessageType.choke, MessageType.unchoke, MessageType.interested, MessageType.notInterested])
      expect(size(type)).toBe(5);
    expect(size(MessageType.have)).toBe(9);
    expect(size(MessageType.bitfield)).toBe(5 + 10);
    expect(size(MessageType.request)).toBe(17);
    expect(size(MessageType.cancel)).toBe(17);
    expect(size(MessageType.piece)).toBe(13 + 16_384);
    expect(size(MessageType.answer, 50) - size(MessageType.answer, 0)).toBe(300);
  });
});

describe('bitfields', () => {
  it('count what is set, and what another lacks', () => {
    const full = new Int32Array(3);
    fillBits(full, 0, 77);
    expect(countBits(full, 0, 3)).toBe(77);
    const some = new Int32Array(4);
    for (const piece of [0, 31, 32, 63, 76]) setBit(some, 1, piece);
    expect(countBits(some, 1, 3)).toBe(5);
    expect(countMissing(full, 0, some, 1, 3)).toBe(72);
  });
});

describe('clients', () => {
  it('are found by name, or refused in one line', () => {
    for (const client of clientProfiles) expect(clientProfile(client.name)).toBe(client);
    expect(() => clientProfile('azureus')).toThrow(InputError);
  });

  it('grow a container of the RoEduNet paper from 4 to 13 MB', () => {
    const client = clientProfile('hrktorrent');
    expect(4_000_000 + clientMemory(client, 99, cached(client, 20e6, 0))).toBe(13_000_000);
    expect(cached(client, 1e6, 0)).toBe(1e6);
    expect(fullestCache(client, 1e6, 1e5)).toBe(1e6);
  });

  it('cache what their rule says, and never more than there is', () => {
    const client = clientProfile('aria2');
    expect(cached(client, 700e6, 3e5)).toBe(3e5);
    expect(cached(client, 700e6, 40e6)).toBe(16 * 2 ** 20);
    expect(fullestCache(client, 700e6, 2 ** 20)).toBe(4 * 2 ** 20);
    expect(fullestCache(client, 1e6, 2 ** 20)).toBe(1e6);
  });

  it('keep as many requests outstanding as the rate needs, within their bounds', () => {
    const client = clientProfile('hrktorrent');
    expect(depthForRate(client, 0)).toBe(2);
    expect(depthForRate(client, 128_000)).toBe(23);
    expect(depthForRate(client, 1e9)).toBe(200);
  });

  it('of the kind of aria2 double their requests when a reading brought a quarter of them', () => {
    const client = clientProfile('aria2');
    expect(depthAfterReading(client, 6, 1)).toBe(6);
    expect(depthAfterReading(client, 6, 2)).toBe(12);
    expect(depthAfterReading(client, 200, 60)).toBe(256);
  });
});
