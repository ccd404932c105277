// What an emulated swarm needs of a BitTorrent client: how to start it, how far it is, what it says in the end.

import type { Program } from '../capabilities.js';
import type { Command } from '../shell.js';

/** Paths as a vnode sees them: its own folder for data, and what the experimenter gives it. */
export const DATA = '/data';
export const METAINFO = '/srv/content.torrent';

export interface ClientTask {
  readonly seeder: boolean;
  readonly address: string;
}

/** How far a client is, read from its files without disturbing it. */
export interface ClientProgress {
  /** Bytes of file data that it has. */
  readonly bytes: number;
  /** Seconds of the wall clock (Unix time) at which it had all; null: not yet. */
  readonly completedAt: number | null;
}

/** What a client says of itself in the end. Bytes of file data, repeated blocks included. */
export interface ClientReport {
  readonly uploaded: number;
  readonly downloaded: number;
  /** Addresses of peers that it is, or was, connected to. */
  readonly peers: readonly string[];
}

export interface Farewell {
  /** Ends the client. Runs in the vnode. */
  readonly command: Command;
  /**
   * File data downloaded, repeated blocks included, bytes; undefined: it has not said so (yet).
   * @param seconds from its start to its completion, or to its end without one
   */
  downloaded(printed: string, seconds: number): number | undefined;
}

export interface SwarmClient {
  readonly name: string;
  readonly title: string;
  /** What must be installed. */
  readonly programs: readonly Program[];
  readonly libtorrent: boolean;
  /** Bytes of memory that one takes while it transfers, with the file's length: for refusing what cannot fit. */
  memory(fileBytes: number): number;
  /** Files that it needs in its vnode's `data` folder before it starts: name and content. */
  files(task: ClientTask): readonly { readonly name: string; readonly content: string }[];
  /** Runs until it is killed, seeding when it is done. Pure. */
  command(task: ClientTask): Command;
  /** `folder` is the vnode's `data` folder on the host. */
  progress(folder: string, fileBytes: number, before: ClientProgress): ClientProgress;
  /** Asks it; undefined: it reports through its files only. Runs in the vnode. */
  question?: Command;
  /** Of a client that tells what it downloaded only when it ends. */
  farewell?: Farewell;
  /** Reads the answer to `question` (or the client's files); undefined: it does not answer. */
  report(folder: string, answer: string): ClientReport | undefined;
}
