// Connections to the Redis that `--executor` names: refused clearly at the start, patient ever after.

import type { Redis } from 'ioredis';
import { CannotRun } from '../../emu/index.js';
import { InputError } from '../../models/index.js';
import { escaped } from '../documents/index.js';

/** ms. Longer than a server takes that is there. */
const FIRST_ANSWER = 5000;
/** ms between attempts to reach a server that went away. */
const LONGEST_WAIT = 1000;

/** The address without its password. @throws InputError unless it is that of a Redis. */
export function shownAddress(address: string): string {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    url = undefined;
  }
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '')
    throw new InputError('--executor', 'redis://HOST:PORT or rediss://HOST:PORT', `"${escaped(address.slice(0, 80))}"`);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

export interface Connection {
  readonly redis: Redis;
  /** At once, whatever the server does. */
  end(): void;
}

/**
 * @param tell hears of a server that goes away and comes back.
 * @throws InputError, or CannotRun when nothing answers there.
 */
export async function connect(address: string, tell: (message: string) => void): Promise<Connection> {
  const shown = shownAddress(address);
  const { Redis: Client } = await import('ioredis');
  const client = new Client(address, {
    lazyConnect: true,
    // BullMQ's own condition; commands wait for a server that was restarted.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(LONGEST_WAIT, 50 * attempt),
  });
  // A connection that is lost is made again.
  client.on('error', () => undefined);
  try {
    const answered = await within(
      FIRST_ANSWER,
      client.connect().then(() => client.ping()),
    );
    if (!answered) throw new Error('no answer');
    let here = true;
    client.on('close', () => {
      if (here) tell(`the connection to ${shown} is lost, waiting for it`);
      here = false;
    });
    client.on('ready', () => {
      if (!here) tell(`connected to ${shown} again`);
      here = true;
    });
    return {
      redis: client,
      end() {
        here = false;
        client.disconnect();
      },
    };
  } catch (error) {
    client.disconnect();
    throw new CannotRun(`no Redis answers at ${shown} (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Waits for `work`, but no longer than `ms`. @returns whether it was done by then. @throws what it throws by then. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
