// A vigil over made-up looks: what is about to break is said before it breaks, and nothing else is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outlook } from '../../../emu/index.js';
import { type Alarm, usualCpuBounds, Vigil } from '../../../experiments/watch/index.js';

const CORES = 4;
const STEP = 0.5;

interface State {
  readonly cpu?: number;
  readonly memory?: number;
  readonly entries?: number;
  readonly overflows?: number;
  readonly drops?: number;
  readonly containers?: number;
}

/** Looks every half second at a machine of 4 cores, 100 bytes of memory and a table of 1,024 entries. */
function alarmsOf(states: readonly State[], bounds = usualCpuBounds): Alarm[] {
  const vigil = new Vigil(bounds);
  let spare = 0;
  return states.flatMap(({ cpu = 0.1, memory = 0.3, entries = 10, overflows = 0, drops = 0, containers = 60 }, i) => {
    spare += (1 - cpu) * CORES * STEP;
    const look: Outlook = {
      at: 100 + i * STEP,
      cores: CORES,
      spareSeconds: spare,
      memoryTotal: 100,
      memoryAvailable: 100 * (1 - memory),
      neighbours: { entries, holds: 1024, overflows },
      backlogDrops: drops,
      containers,
    };
    return vigil.look(look);
  });
}

const told = (alarms: readonly Alarm[]) => alarms.map(({ level, id }) => `${level} ${id}`);
const ramp = (looks: number, state: (share: number) => State): State[] =>
  Array.from({ length: looks }, (_, i) => state(i / (looks - 1)));
/** Long enough for containers to count as up. */
const calm: readonly State[] = Array.from({ length: 10 }, () => ({}));

describe('what is about to break', () => {
  it('is silent while nothing comes near a limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ cpu: fc.double({ min: 0, max: 0.4, noNaN: true }), entries: fc.nat(250) }), {
          maxLength: 40,
        }),
        (states) => {
          expect(alarmsOf([...calm, ...states])).toEqual([]);
        },
      ),
    );
  });

  it('is said before it breaks, however fast it comes within some looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 60 }), fc.constantFrom('cpu', 'memory', 'entries'), (looks, what) => {
        const most = what === 'entries' ? 1030 : 1;
        const full = { [what]: most, overflows: what === 'entries' ? 3 : 0 };
        const held = [full, full];
        const states = [...calm, ...ramp(looks, (share) => ({ [what]: share * most })), ...held];
        const alarms = alarmsOf(states, { risk: 0.8, lost: 0.95 });
        const at = (level: Alarm['level']) => alarms.find((alarm) => alarm.level === level)?.at ?? Number.NaN;
        expect(at('risk')).toBeLessThan(at('lost'));
        expect(alarms.find(({ level }) => level === 'risk')?.remedy).not.toBe('');
      }),
    );
  });

  it('is said once, with how long there is, and a command that holds a full mesh', () => {
    const alarms = alarmsOf([...calm, ...ramp(20, (share) => ({ entries: share * 900 }))]);
    expect(told(alarms)).toEqual(['risk neighbour-table']);
    expect(alarms[0]?.words).toMatch(/^neighbour table \d+ of 1,024, full in about \d+ s$/);
    const [, size] = /gc_thresh3=(\d+)/.exec(alarms[0]?.remedy ?? '') ?? [];
    expect(Number(size)).toBeGreaterThan(60 * 59);
  });

  it('takes what counters say over what gauges say', () => {
    // Some entries are not held against the threshold, so that there may be more of them.
    expect(told(alarmsOf([...calm, { entries: 1030 }, { entries: 1030 }]))).toEqual(['risk neighbour-table']);
    expect(told(alarmsOf([...calm, { overflows: 3 }, { overflows: 3 }]))).toEqual(['lost neighbour-table']);
    expect(told(alarmsOf([...calm, { drops: 7 }]))).toEqual(['lost backlog']);
  });

  it('does not take the CPU of containers that come up, nor one busy look, for the experiment', () => {
    const deploying = Array.from({ length: 20 }, (_, i) => ({ cpu: 1, containers: i * 3 }));
    expect(alarmsOf([...deploying, ...calm])).toEqual([]);
    expect(alarmsOf([...calm, { cpu: 0.9 }, ...calm]).filter(({ level }) => level === 'lost')).toEqual([]);
  });

  it('goes by a plan where there is one', () => {
    const busy = Array.from({ length: 10 }, () => ({ cpu: 0.7 }));
    expect(alarmsOf([...calm, ...busy])).toEqual([]);
    const full = Array.from({ length: 10 }, () => ({ cpu: 1 }));
    expect(told(alarmsOf([...calm, ...full]))).toEqual(['risk cpu']);
    expect(told(alarmsOf([...calm, ...busy], { risk: 0.6, lost: 0.65 }))).toEqual(['risk cpu', 'lost cpu']);
  });
});
