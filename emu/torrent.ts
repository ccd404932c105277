// The torrent of a swarm: file data drawn from the seed, its metainfo made by create-torrent, its info-hash.

import { createCipheriv, createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import bencode from 'bencode';
import createTorrent from 'create-torrent';

export interface Torrent {
  /** Files on the host. */
  readonly content: string;
  readonly metainfo: string;
  readonly whitelist: string;
  /** 40 hexadecimal digits. */
  readonly infoHash: string;
}

export const CONTENT_NAME = 'content';

/** `length` bytes that no one can compress, the same for the same seed. */
export function contentBytes(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(`rangefit content ${seed}`).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

export function makeMetainfo(content: Buffer, pieceLength: number, announce: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    createTorrent(
      content,
      {
        name: CONTENT_NAME,
        pieceLength,
        announceList: [[announce]],
        private: true,
        createdBy: 'rangefit',
        creationDate: new Date(0),
      },
      (error, metainfo) => (error ? reject(error) : resolve(Buffer.from(metainfo))),
    );
  });
}

/** SHA-1 of the bencoded `info` dictionary (BEP 3). */
export function infoHash(metainfo: Buffer): string {
  const { info } = bencode.decode(metainfo) as { info: unknown };
  return createHash('sha1').update(bencode.encode(info)).digest('hex');
}

/** Writes content, metainfo and the tracker's whitelist (Debian's opentracker serves nothing else) into `folder`. */
export async function writeTorrent(
  folder: string,
  seed: string,
  length: number,
  pieceLength: number,
  announce: string,
): Promise<Torrent> {
  mkdirSync(folder, { recursive: true });
  const bytes = contentBytes(seed, length);
  const made = await makeMetainfo(bytes, pieceLength, announce);
  const torrent: Torrent = {
    content: join(folder, CONTENT_NAME),
    metainfo: join(folder, 'content.torrent'),
    whitelist: join(folder, 'whitelist'),
    infoHash: infoHash(made),
  };
  writeFileSync(torrent.content, bytes);
  writeFileSync(torrent.metainfo, made);
  writeFileSync(torrent.whitelist, `${torrent.infoHash}\n`);
  return torrent;
}
