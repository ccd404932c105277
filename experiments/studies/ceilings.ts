// Kernel ceilings: where containers hit each, by the neighbour table's mechanism and by the planner's arithmetic.

import { type CeilingQuery, type CeilingRow, kernelCeilings, kernels, NeighbourTable } from '../../models/index.js';
import { randomStream } from '../../sim/index.js';
import { exactly, inBand, shape, within } from './finding.js';
import type { CoveredRow, Finding, StudyContext } from './row.js';

/** The reference table says "about": a tenth, the same for all of it. */
const ABOUT = 0.1;
/** More than any of these ceilings; a ceiling's `hitsAt` does not depend on it. */
const VNODES = 5000;

/** The ceiling on t7500 with an untouched kernel. `containers`: one of today, with keyrings and inotify. */
function ceiling(context: StudyContext, id: string, differs: Partial<CeilingQuery> = {}, today = false): CeilingRow {
  const early = context.host('t7500', 'lxc', 'stock');
  const host = differs.host ?? (today ? { ...early, kernel: kernels['linux-6.1'] } : early);
  const query: CeilingQuery = { vnodes: VNODES, degree: 1, limits: 'stock', ...differs, host };
  const found = kernelCeilings(query).find((one) => one.id === id);
  if (!found) throw new Error(`no ceiling ${id}`);
  return found;
}

const hits = ({ hitsAt }: CeilingRow): number => hitsAt ?? Number.POSITIVE_INFINITY;

/** New entries that a burst of 1,500 gets into an empty stock table. */
function burst(context: StudyContext): number {
  const { neighbours } = context.host('t7500', 'lxc', 'stock').limits;
  const table = new NeighbourTable(neighbours, { routeHoldsNeighbour: true }, randomStream(context.seed, 'K1'));
  for (let peer = 1; peer <= 1500; peer++) table.create(0, peer, 0);
  return table.entries;
}

/** The smallest full mesh that does not fit. */
function mesh(context: StudyContext): number {
  for (let peers = 2; ; peers++)
    if (!ceiling(context, 'neighbour-table', { vnodes: peers, degree: peers - 1 }).ok) return peers;
}

function neighbourTable(context: StudyContext): Finding {
  const [entries, peers] = [burst(context), mesh(context)];
  const single = hits(ceiling(context, 'neighbour-table'));
  const ok = entries >= 1017 && entries <= 1024 && peers === 33 && Math.abs(single / 1000 - 1) <= ABOUT;
  return shape(`${entries} entries, a full mesh of ${peers}, ${single} containers with one entry each`, ok);
}

interface Arithmetic {
  readonly id: string;
  readonly use: CoveredRow['use'];
  readonly claim: string;
  readonly expected: string;
  readonly tolerance: string;
  find(context: StudyContext): Finding;
}

const row = ({ find, ...figure }: Arithmetic): CoveredRow => ({ ...figure, run: find });

export const ceilingRows: readonly CoveredRow[] = [
  {
    id: 'K1',
    use: 'C',
    claim: 'neighbour table, 128 / 512 / 1024 for all namespaces together',
    expected: 'refuses at 1,017-1,024 entries; a full mesh of 33; about 1,000 containers with one entry each',
    tolerance: 'band',
    method: 'a burst of 1,500 new entries into the table; the rest by arithmetic',
    run: neighbourTable,
  },
  row({
    id: 'K2',
    use: 'I',
    claim: 'bridge ports, 1,023, the uplink counted',
    expected: 'the 1,024th port',
    tolerance: 'exact',
    find(context) {
      // The uplink is the port that no vnode has.
      const port = hits(ceiling(context, 'bridge-ports')) + 1;
      return exactly(`the ${port}th port`, [port], [1024]);
    },
  }),
  row({
    id: 'K3',
    use: 'C',
    claim: 'netdev_max_backlog, 1,000 per core',
    expected: 'a broadcast on about 1,000 ports',
    tolerance: 'about (10 %)',
    find(context) {
      const ports = hits(ceiling(context, 'backlog'));
      return within(`a broadcast on ${ports} ports`, ABOUT, [[ports, 1000]]);
    },
  }),
  row({
    id: 'K4',
    use: 'C',
    claim: 'pid_max, 32,768',
    expected: '1,850 containers of 17 tasks',
    tolerance: 'about (10 %)',
    find(context) {
      const host = { ...context.host('t7500', 'lxc', 'stock'), processesPerContainer: 17 };
      const containers = hits(ceiling(context, 'processes', { host }));
      return within(`${containers} containers of 17 tasks`, ABOUT, [[containers, 1850]]);
    },
  }),
  row({
    id: 'K5',
    use: 'C',
    claim: 'inotify instances, 128 per user',
    expected: 'about 100 containers with an init that uses it',
    tolerance: 'about (10 %)',
    find(context) {
      const containers = hits(ceiling(context, 'inotify', {}, true));
      return within(`${containers} containers`, ABOUT, [[containers, 100]]);
    },
  }),
  row({
    id: 'K6',
    use: 'C',
    claim: 'open files, 1,024 soft per process',
    expected: 'the manager at thousands of vnodes',
    tolerance: 'order',
    find(context) {
      const vnodes = hits(ceiling(context, 'open-files'));
      return inBand(`the manager at ${vnodes} vnodes`, vnodes, 1000, 9999);
    },
  }),
  row({
    id: 'K7',
    use: 'I',
    claim: "kernel keys, 200 per non-root user (our containers are root's), 1,000,000 for root",
    expected: '1,000,000 in force',
    tolerance: 'exact',
    find(context) {
      const { inForce } = ceiling(context, 'keys', {}, true);
      return exactly(`${inForce} in force`, [inForce ?? 0], [1_000_000]);
    },
  }),
  row({
    id: 'K8',
    use: 'I',
    claim: 'pseudo-terminals, 4,096, 1,024 of them for the host',
    expected: '3,072 for consoles',
    tolerance: 'exact',
    find(context) {
      const { inForce } = ceiling(context, 'ptys', {}, true);
      return exactly(`${inForce} for consoles`, [inForce ?? 0], [3072]);
    },
  }),
  row({
    id: 'K9',
    use: 'I',
    claim: 'tcp_mem, by memory, shared by all namespaces',
    expected: 'many sockets with full buffers; twice the memory, twice the sockets',
    tolerance: 'shape',
    find(context) {
      const host = context.host('t7500', 'lxc', 'stock');
      const [once, twice] = [1, 2].map((factor) =>
        hits(ceiling(context, 'tcp-memory', { host: { ...host, memoryBytes: factor * host.memoryBytes } })),
      ) as [number, number];
      const ok = once > 1 && Number.isFinite(once) && Math.abs(twice / once - 2) < 0.01;
      return shape(`${once} vnodes with a full socket each, ${twice} with twice the memory`, ok);
    },
  }),
  row({
    id: 'K10',
    use: 'I',
    claim: 'conntrack, by memory',
    expected: 'only with NAT, which a range does not have',
    tolerance: 'exact',
    find(context) {
      const { hitsAt } = ceiling(context, 'conntrack');
      return shape(hitsAt === null ? 'never' : `at ${hitsAt} vnodes`, hitsAt === null);
    },
  }),
  row({
    id: 'K11',
    use: 'I',
    claim: 'subnet, a /24 has 254 addresses',
    expected: 'the 255th',
    tolerance: 'exact',
    find(context) {
      const vnode = hits(ceiling(context, 'subnet', { addresses: '10.0.0.0/24' }));
      return exactly(`the ${vnode}th`, [vnode], [255]);
    },
  }),
];
