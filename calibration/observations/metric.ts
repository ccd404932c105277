// What is observed of an experiment, real or simulated: each metric with its unit, how well a model can be expected to
// meet it, and how far off the issue of a calibration may be.

export const METRICS = [
  'cpu',
  'rate',
  'capacity',
  'rtt',
  'completion',
  'memory',
  'kernelMemory',
  'setup',
  'entries',
  'switches',
] as const;
export type ObservedMetric = (typeof METRICS)[number];

export interface MetricRule {
  readonly title: string;
  /** Of stored values. */
  readonly unit: '%' | 'bit/s' | 's' | 'B' | 'count' | '1/s';
  /** Standard error of a model beside that of the measurement: in the unit, and as a share of the value. */
  readonly floor: number;
  readonly floorShare: number;
  /** Median error allowed on experiments that were not fitted: in the unit, or as a share. Null: no bound. */
  readonly allowed: { readonly error: number; readonly relative: boolean } | null;
  /** Or the median range of the repeats, where that is larger: no model knows which of them comes next. */
  readonly orRange?: boolean;
  /** Metric whose bound it is judged by, the two together. */
  readonly judgedWith?: ObservedMetric;
}

export const metricRules: Readonly<Record<ObservedMetric, MetricRule>> = {
  cpu: {
    title: 'CPU taken, 100 a core',
    unit: '%',
    floor: 1.5,
    floorShare: 0.04,
    allowed: { error: 5, relative: false },
    orRange: true,
  },
  rate: {
    title: 'payload delivered',
    unit: 'bit/s',
    floor: 1e4,
    floorShare: 0.01,
    allowed: { error: 0.03, relative: true },
  },
  capacity: {
    title: 'payload delivered where nothing limits it but the host',
    unit: 'bit/s',
    floor: 1e6,
    floorShare: 0.08,
    allowed: { error: 0.03, relative: true },
    judgedWith: 'rate',
  },
  rtt: {
    title: 'round trip, median',
    unit: 's',
    floor: 20e-6,
    floorShare: 0.15,
    allowed: { error: 0.3, relative: true },
  },
  completion: {
    title: 'completion time, mean',
    unit: 's',
    floor: 0.1,
    floorShare: 0.05,
    allowed: { error: 0.1, relative: true },
  },
  memory: {
    title: 'memory grown by',
    unit: 'B',
    floor: 2e6,
    floorShare: 0.03,
    allowed: { error: 0.05, relative: true },
  },
  kernelMemory: {
    title: "memory grown by, the kernel's",
    unit: 'B',
    floor: 2e6,
    floorShare: 0.03,
    allowed: null,
  },
  setup: { title: 'set-up', unit: 's', floor: 0.05, floorShare: 0.1, allowed: { error: 0.3, relative: true } },
  entries: {
    title: 'neighbour entries, peak',
    unit: 'count',
    floor: 1,
    floorShare: 0.03,
    allowed: { error: 0.05, relative: true },
  },
  switches: { title: 'context switches', unit: '1/s', floor: 500, floorShare: 0.5, allowed: null },
};
