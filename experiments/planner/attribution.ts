// Attribution: which constraint broke a run, read from its records.

import type { FidelityMetric } from '../../calibration/index.js';
import type { Host, RunRecord } from '../../models/index.js';
import { type ConstraintId, utilisation } from './constraint.js';

/** Memory this full when vnodes were lost is why they were. */
const MEMORY_FULL = 0.9;
/** Of the unexpected losses, the share that one reason must have to be the cause. */
const MOSTLY = 0.5;
/** Cores this busy drop packets because they are, not because a queue is short. */
const BUSY = 0.9;

/** @param metrics of the broken density. @param records its runs, one a seed. */
export function brokenBy(metrics: readonly FidelityMetric[], records: readonly RunRecord[], host: Host): ConstraintId {
  const broken = new Set(metrics.filter((metric) => !metric.ok).map((metric) => metric.metric));
  const most = (id: ConstraintId) => Math.max(...records.map((record) => utilisation(record, host, id)));
  // A lost vnode or a refused entry drags the other metrics down with it, so these come first.
  if (broken.has('lost-vnodes')) {
    if (most('memory') >= MEMORY_FULL) return 'memory';
    return most('disk') >= 1 ? 'disk' : 'bridge-ports';
  }
  if (broken.has('refused-neighbours')) return 'neighbour-table';
  const dropped = (reason: string) =>
    records.reduce((sum, record) => sum + record.hosts.reduce((all, seen) => all + (seen.drops[reason] ?? 0), 0), 0);
  const unexpected = records.reduce(
    (sum, record) => sum + record.vnodes.reduce((all, vnode) => all + vnode.unexpectedLosses, 0),
    0,
  );
  if (unexpected > 0) {
    if (dropped('nic-queue') >= MOSTLY * unexpected) return 'nic';
    if (dropped('backlog') >= MOSTLY * unexpected && most('cpu') < BUSY) return 'backlog';
  }
  return most('nic') > most('cpu') ? 'nic' : 'cpu';
}
