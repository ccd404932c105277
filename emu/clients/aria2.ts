// aria2: TCP only, progress from its growing file, the final account through its JSON-RPC on loopback.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../shell.js';
import { CONTENT_NAME } from '../torrent.js';
import { type ClientProgress, type ClientReport, type ClientTask, DATA, METAINFO, type SwarmClient } from './client.js';

const LOG = 'aria2.log';
const REQUEST = 'question.json';
const FAREWELL = 'farewell.json';
const BLOCK = 512;

/** The only download's id, chosen so that it can be asked about without asking for it first. */
const DOWNLOAD = '0000000000000001';

/** Two calls in one request: the download's totals, and its peers. */
const QUESTION = [
  { jsonrpc: '2.0', id: 'totals', method: 'aria2.tellStatus', params: [DOWNLOAD, ['completedLength', 'uploadLength']] },
  { jsonrpc: '2.0', id: 'peers', method: 'aria2.getPeers', params: [DOWNLOAD] },
];

function command({ seeder }: ClientTask): Command {
  return {
    program: '/usr/bin/aria2c',
    args: [
      '--no-conf',
      `--gid=${DOWNLOAD}`,
      '--enable-dht=false',
      '--bt-enable-lpd=false',
      '--enable-peer-exchange=false',
      '--seed-ratio=0',
      '--file-allocation=none',
      '--disable-ipv6=true',
      '--check-certificate=false',
      '--listen-port=6881',
      '--enable-rpc=true',
      '--rpc-listen-port=6800',
      '--summary-interval=0',
      '--console-log-level=error',
      `--log=${DATA}/${LOG}`,
      '--log-level=notice',
      `--dir=${DATA}`,
      ...(seeder ? ['--bt-seed-unverified=true'] : []),
      `--torrent-file=${METAINFO}`,
    ],
  };
}

/**
 * aria2 writes verified pieces, and without allocation the file has holes where data is missing: its blocks on disk are
 * what it has, and the last write is its completion (the log does not tell, and asking every second would disturb).
 */
function progress(folder: string, fileBytes: number, before: ClientProgress): ClientProgress {
  if (before.completedAt !== null) return before;
  const file = statSync(join(folder, CONTENT_NAME), { throwIfNoEntry: false });
  const bytes = Math.min(fileBytes, (file?.blocks ?? 0) * BLOCK);
  return { bytes, completedAt: file && bytes >= fileBytes ? file.mtimeMs / 1000 : null };
}

interface Totals {
  readonly completedLength: string;
  readonly uploadLength: string;
}

function report(_folder: string, answer: string): ClientReport | undefined {
  try {
    const replies = JSON.parse(answer) as { id: string; result: unknown }[];
    const result = (id: string) => replies.find((reply) => reply.id === id)?.result;
    const totals = result('totals') as Totals | undefined;
    if (!totals) return undefined;
    const peers = (result('peers') ?? []) as { ip: string }[];
    return {
      uploaded: Number(totals.uploadLength),
      downloaded: Number(totals.completedLength),
      peers: peers.map(({ ip }) => ip),
    };
  } catch {
    return undefined;
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/**
 * aria2 tells over RPC what it has, not what came: blocks that come twice in its endgame are a third of a small file. At
 * its end it prints the mean speed from its start to its completion, everything that came counted
 * (formatDownloadResultCommon in RequestGroupMan.cc).
 */
export function downloaded(printed: string, seconds: number): number | undefined {
  const speed = /^[0-9a-f]{6}\|\s*\w+\s*\|\s*([\d.,]+)([KMG]i)?B\/s\|/m.exec(printed);
  if (!speed) return undefined;
  return Number((speed[1] as string).replaceAll(',', '')) * (UNITS[speed[2] ?? ''] as number) * seconds;
}

const rpc = (request: string): Command => ({
  program: '/usr/bin/busybox',
  args: ['wget', '-q', '-O', '-', '--post-file', `${DATA}/${request}`, 'http://127.0.0.1:6800/jsonrpc'],
  timeout: 10,
});

/** Measured here: 17 MB resident after start, 16 MiB of disk cache at most. */
const memory = (fileBytes: number) => 20e6 + Math.min(fileBytes, 16 * 2 ** 20);

export const aria2: SwarmClient = {
  name: 'aria2',
  title: 'aria2 1.36 (Debian)',
  programs: ['aria2c', 'busybox'],
  libtorrent: false,
  memory,
  files: () => [
    { name: REQUEST, content: JSON.stringify(QUESTION) },
    { name: FAREWELL, content: JSON.stringify({ jsonrpc: '2.0', id: 'end', method: 'aria2.forceShutdown' }) },
  ],
  command,
  progress,
  question: rpc(REQUEST),
  farewell: { command: rpc(FAREWELL), downloaded },
  report,
};
