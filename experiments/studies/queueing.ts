// Queues in theory and in the simulator: one pipe and the cores of a host, fed by Poisson arrivals.

import { exponential, sojournMD1, sojournMM1, sojournMMk } from '../../models/index.js';
import { packetWorkSojourns, pipeSojourns, type RandomStream, randomStream, taskSojourns } from '../../sim/index.js';
import { figure, within } from './finding.js';
import type { CoveredRow, StudyContext } from './row.js';
import { mean } from './trend.js';

/** Enough for a standard error of the mean below half a per cent at these loads. */
const ARRIVALS = 400_000;
const LOAD = 0.6;
const TOLERANCE = 0.02;
/** Mean service: ns of work, or bytes. */
const SERVICE = 10_000;
/** At this rate a pipe serialises a byte in 1 us. */
const PIPE_RATE = 8e6;
const NS_PER_BYTE = 1000;

function poissonTimes(random: RandomStream, interval: number): number[] {
  let time = 0;
  return Array.from({ length: ARRIVALS }, () => {
    time += exponential(random) * interval;
    return Math.round(time);
  });
}

const drawn = (random: RandomStream, average: number): number[] =>
  Array.from({ length: ARRIVALS }, () => Math.max(1, Math.round(exponential(random) * average)));
const constant = (value: number): number[] => Array.from({ length: ARRIVALS }, () => value);

interface Station {
  readonly id: string;
  readonly what: string;
  readonly exponentialService: boolean;
  readonly servers: number;
  /** ns from arrival to departure, for services of ns. */
  sojourns(context: StudyContext, times: readonly number[], services: readonly number[]): number[];
}

function row({ id, what, exponentialService, servers, sojourns }: Station): CoveredRow {
  const theory = (service: number) =>
    !exponentialService
      ? sojournMD1(service, LOAD)
      : servers === 1
        ? sojournMM1(service, LOAD)
        : sojournMMk(service, LOAD, servers);
  return {
    id,
    use: 'C',
    claim: `${what} at load ${LOAD}: mean sojourn`,
    expected: `${figure(theory(1))} service times`,
    tolerance: '2 %',
    method: `${ARRIVALS} Poisson arrivals`,
    run(context) {
      const random = (name: string) => randomStream(context.seed, `${id}/${name}`);
      const services = exponentialService ? drawn(random('service'), SERVICE) : constant(SERVICE);
      const service = mean(services);
      const times = poissonTimes(random('arrivals'), service / (LOAD * servers));
      const got = mean(sojourns(context, times, services)) / service;
      return within(`${figure(got)} service times`, TOLERANCE, [[got, theory(1)]], { sojourn: got });
    },
  };
}

const throughPipe: Station['sojourns'] = (_context, times, services) => {
  const arrivals = times.map((time) => time * NS_PER_BYTE);
  return pipeSojourns(PIPE_RATE, arrivals, services).map((sojourn) => sojourn / NS_PER_BYTE);
};
const throughCore: Station['sojourns'] = (context, times, services) =>
  packetWorkSojourns(context.host('t7500'), times, services);

export const queueingRows: readonly CoveredRow[] = [
  row({ id: 'Q5', what: 'M/D/1: a pipe', exponentialService: false, servers: 1, sojourns: throughPipe }),
  row({ id: 'Q6', what: 'M/M/1: a pipe', exponentialService: true, servers: 1, sojourns: throughPipe }),
  row({ id: 'Q7', what: 'M/D/1: packet work on a core', exponentialService: false, servers: 1, sojourns: throughCore }),
  row({ id: 'Q8', what: 'M/M/1: packet work on a core', exponentialService: true, servers: 1, sojourns: throughCore }),
  row({
    id: 'Q9',
    what: 'M/M/2: tasks on two cores',
    exponentialService: true,
    servers: 2,
    sojourns: (context, times, services) => taskSojourns(context.host('t7500'), 2, times, services),
  }),
];
