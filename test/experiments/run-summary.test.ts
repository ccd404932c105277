// The summary of a run: what a reader must find in it.

import { describe, expect, it } from 'vitest';
import { runSummary } from '../../experiments/run-summary.js';
import { loadScenario } from '../../experiments/scenarios.js';
import { parseSetting } from '../../experiments/settings.js';
import { type Host, type HostProfile, hostCatalogue, resolveHost } from '../../models/index.js';
import { simulate } from '../../sim/index.js';

const host = resolveHost(hostCatalogue.t7500 as HostProfile, 'lxc', 'stock');
const summary = (name: string, settings: readonly string[], on: Host = host, perHost?: number): string => {
  const scenario = loadScenario(name, settings.map(parseSetting));
  return runSummary(simulate(scenario, on, '1', perHost === undefined ? {} : { perHost }), false);
};

describe('the summary', () => {
  it('of a swarm tells completion, rates, CPU as taken and as reported, memory, neighbours and drops', () => {
    const text = summary('swarm-100', ['scenario.workload.peers=4', 'scenario.workload.file=512KiB']);
    expect(text).toMatch(/^swarm-100: 5 vnodes on 1 t7500 host, \d+\.\d s simulated\n/);
    expect(text).toMatch(/completed +3 of 3/);
    expect(text).toMatch(/completion +mean [\d.]+ s, sd [\d.]+ m?s, p95 [\d.]+ s/);
    expect(text).toMatch(/goodput +p5 .*bit\/s, median .*, p95/);
    expect(text).toMatch(/CPU +[\d.]+ % taken of 200 %, [\d.]+ % reported, peak/);
    expect(text).toMatch(/neighbours +\d+ of 1,024/);
    expect(text).toMatch(/memory +[\d.]+ MB of 1\.5 GB/);
    expect(text).toMatch(/throughput +[▁▂▃▄▅▆▇█]+ +at most/);
  });

  it('of a web, an overlay and a victim tells what they are about', () => {
    const web = summary('web', ['scenario.workload.clients=4', 'scenario.workload.duration=3s']);
    expect(web).toMatch(/until an answer +p5 [\d.]+ m?s, median/);
    const flood = summary('gnutella', ['scenario.workload.vnodes=20', 'scenario.workload.queries=2']);
    expect(flood).toMatch(/queries +2, each to 19 of 19 others, 2 answers/);
    expect(flood).toMatch(/messages +[\d,]+, of which [\d,]+ were heard before/);
    expect(summary('interference', ['scenario.workload.duration=1s'])).toMatch(/victim +11\d units of work a second/);
  });

  it('names vnodes that had no memory', () => {
    expect(summary('idle', ['scenario.workload.vnodes=20'], { ...host, memoryBytes: 83e6 })).toMatch(
      /lost vnodes +10: no memory/,
    );
  });

  it('counts hosts beyond the first few', () => {
    const text = summary('idle', ['scenario.workload.vnodes=16'], host, 2);
    expect(text).toContain('16 vnodes on 8 t7500 hosts');
    expect(text).toContain('and 3 more hosts');
  });

  it('has neither colours nor trailing spaces for a file', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape code begins with one
    expect(summary('idle', ['scenario.workload.vnodes=2'])).not.toMatch(/\u001b| $/m);
  });
});
