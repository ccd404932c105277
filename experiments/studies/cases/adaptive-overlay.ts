// An overlay that adapts, in the manner of ACDC: each vnode tries strangers, and keeps who is nearer than its farthest
// neighbour. On a network of routers the mean delay of the overlay's links falls; without adapting it stays.

import { idealHost, type OverlayRecord, scenarioSchema } from '../../../models/index.js';
import { figure } from '../finding.js';
import { mean } from '../trend.js';
import type { Case } from './case.js';

const VNODES = 60;
/** Without adapting, strangers are tried so seldom that none comes during the run: links are measured, and kept. */
const SECONDS = 120;

type Rtts = OverlayRecord['linkRtts'];

const after = (rtts: Rtts, seconds: number): number =>
  mean(rtts.filter((one) => one.seconds >= seconds && one.rtt > 0).map(({ rtt }) => rtt));

export const adaptiveOverlay: Case = {
  id: 'adaptive-overlay',
  title: 'An overlay that adapts',
  claim: 'an adaptive overlay finds cheap links and keeps to them',
  source: 'ModelNet (OSDI 2002), case study of ACDC',
  method: `${VNODES} vnodes on a ring of 20 routers 10 ms apart, 4 links each; every 4 s each vnode measures them and tries one stranger`,
  async run(context) {
    const scenario = scenarioSchema.parse({
      name: 'study-adaptive-overlay',
      workload: {
        ...{ kind: 'flood', vnodes: VNODES, pingTtl: 0, queries: 1, adapt: '4s' },
        ...{ join: '5s', searching: '5s', duration: `${SECONDS}s` },
      },
      link: { up: '10Mbit/s', down: '10Mbit/s', delay: '1ms' },
      network: {
        topology: { generate: { kind: 'ring', routers: 20, rate: '100Mbit/s', delay: '10ms' }, spread: 'shuffled' },
      },
    });
    const { overlay } = await context.run(scenario, idealHost(context.host('pc3000', 'lxc')));
    const rtts = (overlay?.linkRtts ?? []).filter(({ rtt }) => rtt > 0);
    const [first, last] = [rtts[0]?.rtt ?? Number.NaN, after(rtts, SECONDS * 0.8)];
    return {
      answer: `The overlay's links take ${figure(1000 * first)} ms there and back as they were drawn at random, and ${figure(1000 * last)} ms after two minutes of adapting.`,
      ok: last < 0.7 * first,
      x: 'seconds',
      y: 'mean round trip on the links (ms)',
      lines: [{ name: 'adapting', points: rtts.map(({ seconds, rtt }) => [seconds, 1000 * rtt] as const) }],
    };
  },
};
