// Interference: a victim computes while another vnode stresses one resource; the technology says what that costs it.

import { type Host, InputError, type InterferenceWorkload, type Stress } from '../../models/index.js';
import type { Simulator } from '../simulator.js';
import type { Tasks } from '../transport.js';
import { nothingSent, WithoutTraffic } from './without-traffic.js';
import type { VnodeOutcome } from './workload.js';

/** One unit of the victim's work, undisturbed, ns. */
const UNIT = 1_000_000;
const VICTIM = 0;
const STRESSOR = 1;

/** The share of the victim's speed that the stress takes. @throws InputError where the technology's is not known. */
function lost({ technology, interference }: Host, stress: Stress | 'none'): number {
  if (stress === 'none') return 0;
  if (!interference) throw new InputError('--tech', 'a technology whose interference is known', technology);
  return interference[stress];
}

export class Interference extends WithoutTraffic {
  private units = 0;
  /** ns that a unit takes beside the stress; Infinity: the victim does not run. */
  private readonly unit: number;

  constructor(
    simulator: Simulator,
    private readonly tasks: Tasks,
    private readonly workload: InterferenceWorkload,
    private readonly host: Host,
  ) {
    super(simulator);
    const share = host.ideal ? 0 : lost(host, workload.stress);
    this.unit = share < 1 ? Math.round(UNIT / (1 - share)) : Number.POSITIVE_INFINITY;
  }

  start(): void {
    if (Number.isFinite(this.unit)) this.tasks.wake(VICTIM);
    if (this.workload.stress !== 'none') this.tasks.wake(STRESSOR);
  }

  begin(vnode: number): number {
    return vnode === VICTIM ? this.unit : UNIT;
  }

  finish(vnode: number): boolean {
    if (vnode === VICTIM) this.units++;
    // On a host without costs work takes no time, and would never end.
    return !this.host.ideal;
  }

  outcome(vnode: number): VnodeOutcome {
    const seconds = this.simulator.now / 1e9;
    if (vnode !== VICTIM) return { role: vnode === STRESSOR ? 'client' : 'server', ...nothingSent };
    return { role: 'busy', ...nothingSent, workPerSecond: seconds > 0 ? this.units / seconds : 0 };
  }
}
