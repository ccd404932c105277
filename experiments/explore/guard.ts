// The guard: which requests the page's server answers. Only those that our own page makes, and whoever types its address.

import type { IncomingMessage } from 'node:http';

/** The only address that is listened on. */
export const LOOPBACK = '127.0.0.1';

/**
 * Why a request is refused; undefined: it is ours. A foreign page reaches a loopback port in two ways: by its own
 * requests, which carry its Origin or are marked as from another site (W3C Fetch Metadata), and by a name of its own that
 * resolves to 127.0.0.1 (DNS rebinding), which shows in the Host.
 */
export function refusal(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  port: number,
): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return 'only GET';
  const hosts = [LOOPBACK, 'localhost'].map((name) => `${name}:${port}`);
  if (!hosts.includes(headers.host ?? '')) return 'a foreign Host';
  if (headers.origin !== undefined && !hosts.map((host) => `http://${host}`).includes(headers.origin))
    return 'a foreign Origin';
  const site = headers['sec-fetch-site'] ?? 'none';
  // A link on another page may lead here; it shows nothing to the page that it is on.
  const followed = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return ['same-origin', 'none'].includes(String(site)) || followed ? undefined : 'a request of another site';
}
