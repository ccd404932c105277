// libtorrent-rasterbar through Debian's python3-libtorrent, in two presets: as hrktorrent had it in 2010, and as it is.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../shell.js';
import { type ClientProgress, type ClientReport, type ClientTask, DATA, METAINFO, type SwarmClient } from './client.js';

const PROGRAM = 'peer.py';
const STATUS = 'status.jsonl';

/** Alerts on errors and on a torrent's state, completion among them (libtorrent's alert.hpp). */
const ALERTS = 0x1 | 0x40;
/** Nothing outside the range: no DHT, no multicast discovery, no port mapping. */
const SEALED = { enable_dht: false, enable_lsd: false, enable_upnp: false, enable_natpmp: false };
/** The engine of 2010 knew only TCP (libtorrent 0.14 and 0.15). */
const TCP_ONLY = { enable_outgoing_utp: false, enable_incoming_utp: false };

/**
 * The peer: one line of JSON a second and one at completion. `held`: file data it has; `sent`, `received`: payload of
 * the session, repeated blocks included. Settings arrive as JSON in the first argument, `seed` or `leech` in the second.
 */
const PEER = `import json, sys, time
import libtorrent as lt

settings = json.loads(sys.argv[1])
session = lt.session(settings)
parameters = lt.add_torrent_params()
parameters.ti = lt.torrent_info('${METAINFO}')
parameters.save_path = '${DATA}'
parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
if sys.argv[2] == 'seed':
    parameters.flags |= lt.torrent_flags.seed_mode
torrent = session.add_torrent(parameters)
output = open('${DATA}/${STATUS}', 'w', buffering=1)

met = set()

def tell(finished):
    status = torrent.status()
    met.update(peer.ip[0] for peer in torrent.get_peer_info())
    output.write(json.dumps({
        'at': time.time(), 'held': status.total_wanted_done, 'finished': finished,
        'sent': status.total_payload_upload, 'received': status.total_payload_download,
        'met': sorted(met),
    }) + '\\n')

finished = None
following = time.time()
while True:
    session.wait_for_alert(max(1, int((following - time.time()) * 1000)))
    for alert in session.pop_alerts():
        if isinstance(alert, lt.torrent_finished_alert) and finished is None:
            finished = time.time()
            tell(finished)
    if time.time() >= following:
        tell(finished)
        following += 1
`;

interface Status {
  readonly at: number;
  readonly held: number;
  readonly finished: number | null;
  readonly sent: number;
  readonly received: number;
  /** Addresses of all peers that it was ever connected to. */
  readonly met: readonly string[];
}

/** The last whole line; undefined: none yet. */
function lastStatus(folder: string): Status | undefined {
  try {
    const lines = readFileSync(join(folder, STATUS), 'utf8').split('\n');
    return JSON.parse(lines[lines.length - 2] as string) as Status;
  } catch {
    return undefined;
  }
}

function preset(name: string, title: string, settings: Readonly<Record<string, unknown>>): SwarmClient {
  const all = JSON.stringify({ ...SEALED, ...settings, alert_mask: ALERTS, listen_interfaces: '0.0.0.0:6881' });
  return {
    name,
    title,
    programs: [],
    libtorrent: true,
    // Measured here: 30 MB after start; received blocks wait in memory until they are written.
    memory: (fileBytes) => 32e6 + Math.min(fileBytes, 32e6),
    files: () => [{ name: PROGRAM, content: PEER }],
    command: ({ seeder }: ClientTask): Command => ({
      program: '/usr/bin/python3',
      args: [`${DATA}/${PROGRAM}`, all, seeder ? 'seed' : 'leech'],
    }),
    progress(folder, fileBytes, before): ClientProgress {
      if (before.completedAt !== null) return before;
      const status = lastStatus(folder);
      if (!status) return before;
      return { bytes: status.finished === null ? status.held : fileBytes, completedAt: status.finished };
    },
    report(folder): ClientReport | undefined {
      const last = lastStatus(folder);
      if (!last) return undefined;
      return { uploaded: last.sent, downloaded: last.received, peers: last.met };
    },
  };
}

export const hrktorrent = preset('hrktorrent', 'libtorrent-rasterbar 2.0 as hrktorrent used it: TCP only', TCP_ONLY);
export const libtorrent = preset('libtorrent', 'libtorrent-rasterbar 2.0 with its defaults: uTP', {});
