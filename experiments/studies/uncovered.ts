// Published figures that cannot be simulated yet, and why.

import type { UncoveredRow, Use } from './row.js';

const rows = (use: Use, uncovered: string, figures: readonly (readonly [string, string, string, string])[]) =>
  figures.map(([id, claim, expected, tolerance]): UncoveredRow => ({ id, use, claim, expected, tolerance, uncovered }));

const INTERFERENCE = 'needs workloads that stress one resource beside a victim';
const PROBES = 'needs echo probes as a workload';
const TRACING = 'needs echo probes and a tracer as a workload';

/** L1 to L6: slow-down of a victim running LU beside a stressed container or VM. */
const interference: readonly (readonly [string, string, string, string])[] = [
  ['L1', 'slow-down of LU beside a CPU stress: LXC, OpenVZ, VServer, Xen', '0, 0, 0, 0', ''],
  ['L2', 'slow-down of LU beside a memory stress', '88.2 %, 89.3 %, 20.6 %, 0.9 %', ''],
  ['L3', 'slow-down of LU beside a disk stress', '9 %, 39 %, 48.8 %, 0', ''],
  ['L4', 'slow-down of LU beside a fork bomb', 'did not run, 0, 0, 0', ''],
  ['L5', 'slow-down of LU beside a network receiver', '2.2 %, 4.5 %, 13.6 %, 0.9 %', ''],
  ['L6', 'slow-down of LU beside a network sender', '10.3 %, 35.4 %, 8.2 %, 0.3 %', ''],
];

export const uncoveredRows: readonly UncoveredRow[] = [
  ...rows('C', 'needs swarms over several local networks', [
    ['P15', 'hrktorrent favours local peers', 'share of local traffic above random', 'shape'],
  ]),
  ...rows('C', 'the source does not say which host, client and rates', [
    ['P17', 'earlier OpenVZ infrastructure', '5 peers per host', 'order'],
  ]),
  ...rows('C', PROBES, [
    ['E19', 'dummynet delay at 1,000 Hz: 10 hops with 0 ms asked', '10 ms', '10 %'],
    [
      'E20',
      'dummynet at 10 kHz: RTT for a one-way delay of 5 / 10 / 50 / 300 ms',
      '10.183 / 20.190 / 100.185 / 600.126 ms',
      '0.5 %',
    ],
  ]),
  ...rows('F', INTERFERENCE, interference),
  ...rows('C', 'to be held against both worlds, of which one is not compared yet', [
    ['L7', 'two containers on one core with shares 25:75, both busy', '25 % and 75 %', '2 points'],
  ]),
  ...rows('C', 'needs a web service as a workload', [
    ['M11', 'replicated web service', 'second replica helps, third only marginally', 'shape'],
  ]),
  ...rows('C', 'needs the edge hosts of an emulation core', [
    ['M12', 'throughput lost to context switches as VNs per edge host grow', 'falls', 'shape'],
  ]),
  ...rows('F', PROBES, [['A1', 'added latency of a container at rest', 'about 50 us RTT', '20 %']]),
  ...rows('C', TRACING, [
    ['A2', 'with co-located flood traffic', 'up to 300 us', 'bound'],
    ['A3', "RTT corrected by the measured overhead against the hardware's", 'within 20 us', 'bound'],
    ['A4', 'traffic delays every software RTT', 'up to 100 us', 'bound'],
    ['A5', 'single-slot hash table: coverage with its size', 'monotone to 100 %', ''],
    ['A6', 'perturbation by the measurement itself', "below ftrace's, and below 25 us", 'bound'],
  ]),
];
