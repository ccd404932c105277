// NCR report, sections 8.1.3, 8.1.4 and 8.2.1: what technologies differ by. Rows E10, E12 and E14.

import { type Host, type HostRecord, memoryUse, scenarioSchema, withoutEncapsulation } from '../../models/index.js';
import { byCount, figure, inBand, shape } from './finding.js';
import { runPairs, WARM_UP } from './pairs.js';
import type { CoveredRow, StudyContext } from './row.js';
import { steady } from './steady.js';

const MB = 1e6;
/** Unshaped pairs of jails, as in the report's figures 8.1 and 8.5. */
const PAIRS = [2, 6, 10];
const GUESTS = 20;
const CONTAINERS = [10, 20, 40];
/**
 * Gupta et al. (OSDI 2008) keep parts of pages once and compress others: of the memory of unlike guests 65 % was saved,
 * where sharing whole pages, as ESX does, saves about the 33 % that Waldspurger (OSDI 2002) saw at most.
 */
const WHOLE_PAGES = 0.33;
const PARTS_OF_PAGES = 0.65;

async function aggregates(context: StudyContext, host: Host): Promise<number[]> {
  const records = await Promise.all(PAIRS.map((pairs) => runPairs(context, host, { pairs })));
  return records.map((record) => steady(record, WARM_UP).payload * 8);
}

async function encapsulation(context: StudyContext) {
  const jail = context.host('pc3000', 'jail');
  const [encapsulated, plain] = await Promise.all([
    aggregates(context, jail),
    aggregates(context, withoutEncapsulation(jail)),
  ]);
  const ratios = plain.map((rate, i) => rate / (encapsulated[i] as number));
  const most = Math.max(...ratios);
  const got = `${figure(most)} x (${ratios.map(figure).join(', ')} with ${PAIRS.join(', ')} pairs)`;
  return shape(got, most > 1.2, byCount('ratio', PAIRS, ratios));
}

/** Bytes that sharing this much saves of some guests' memory. */
function saved(host: Host, pageSharing: number): number {
  if (!host.guest) throw new Error('a host without virtual machines');
  const use = (share: number) =>
    memoryUse({ ...host, guest: { memory: host.guest?.memory ?? 0, pageSharing: share } }, GUESTS, 0).total;
  return use(0) - use(pageSharing);
}

async function bufferCache(context: StudyContext) {
  const openvz = context.host('pc3000', 'openvz');
  const copying = { ...openvz, disk: { ...openvz.disk, sharedBase: true } };
  const used = (host: Host) =>
    Promise.all(
      CONTAINERS.map(async (vnodes) => {
        const scenario = scenarioSchema.parse({
          name: 'study-at-rest',
          workload: { kind: 'idle', vnodes, duration: '1s' },
        });
        const [seen] = (await context.run(scenario, host)).hosts as [HostRecord];
        return seen.memory.used;
      }),
    );
  const [duplicated, shared] = await Promise.all([used(openvz), used(copying)]);
  const more = duplicated.map((bytes, i) => bytes - (shared[i] as number));
  const each = more.map((bytes, i) => bytes / (CONTAINERS[i] as number) / MB);
  const own = shared.map((bytes, i) => (bytes - openvz.memory.host) / (CONTAINERS[i] as number));
  const grows = more.every((bytes, i) => bytes > 0 && (i === 0 || bytes > (more[i - 1] as number)));
  const flat = own.every((bytes) => Math.abs(bytes / (own[0] as number) - 1) < 0.01);
  const got = `${each.map(figure).join(', ')} MB a container more with ${CONTAINERS.join(', ')} of them; with copy-on-write ${own.map((bytes) => figure(bytes / MB)).join(', ')} MB all told`;
  return shape(got, grows && flat, byCount('more', CONTAINERS, each));
}

export const technologyRows: readonly CoveredRow[] = [
  {
    id: 'E10',
    use: 'C',
    claim: 'FreeBSD without encapsulation',
    expected: 'much higher aggregate',
    tolerance: '> 1.2 x',
    method: `${PAIRS.join(', ')} unshaped pairs of jails: the largest gain`,
    cause:
      'row E8 leaves a packet 1.5 us for its whole way from veth to veth, encapsulation included; saving all of that is less than a fifth of what a packet costs with its copies and its ACKs',
    run: encapsulation,
  },
  {
    id: 'E12',
    use: 'F',
    claim: 'page sharing between VMs',
    expected: "1.5 to 2.5 times the savings of ESX's sharing",
    tolerance: 'band',
    method: `${GUESTS} guests of the kvm platform: parts of pages shared and compressed, beside whole pages`,
    run(context) {
      const host = context.host('pc3000', 'kvm');
      const factor = saved(host, PARTS_OF_PAGES) / saved(host, WHOLE_PAGES);
      return inBand(`${figure(factor)} times`, factor, 1.5, 2.5, { factor });
    },
  },
  {
    id: 'E14',
    use: 'C',
    claim: 'no copy-on-write: the buffer cache holds duplicate blocks per container',
    expected: 'memory per container grows; with copy-on-write it does not',
    tolerance: 'shape',
    method: 'OpenVZ at rest, with a copy of the base for each container and with one for all',
    run: bufferCache,
  },
];
