// opentracker: Debian builds it to serve whitelisted torrents only.

import type { Command } from '../shell.js';

export const TRACKER_PORT = 6969;

export const announceUrl = (address: string): string => `http://${address}:${TRACKER_PORT}/announce`;

/** It changes its root to `/srv` before it opens the whitelist, which is named as seen from there. */
export const opentracker = (address: string): Command => ({
  program: '/usr/bin/opentracker',
  args: [
    '-i',
    address,
    '-p',
    String(TRACKER_PORT),
    '-P',
    String(TRACKER_PORT),
    '-d',
    '/srv',
    '-u',
    'nobody',
    '-w',
    'whitelist',
  ],
});
