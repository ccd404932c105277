// Determinism: the same scenario, host and seed give the same bytes, whichever queue, thread or process runs them.

import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { built } from './built.js';
import { line, record, runs, table } from './determinism/digests.js';

const names = Object.keys(runs);

function tableFromWorker(): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(built('test/determinism/main.js'));
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the worker ended without an answer')));
  });
}

describe.each(names)('%s', (name) => {
  let first: string;
  beforeAll(() => {
    first = record(name, '1');
  });

  it('does something', () => {
    expect(JSON.parse(first)).toMatchObject({ format: 'rangefit/record', world: 'simulated', seed: '1' });
    expect(JSON.parse(first).totals.events).toBeGreaterThan(0);
  });

  it('gives the same bytes a second time', () => {
    expect(record(name, '1')).toBe(first);
  });

  it('gives the same bytes with the reference queue', () => {
    expect(record(name, '1', 'reference')).toBe(first);
  });
});

it.each(names.filter((name) => name.startsWith('swarm')))('%s takes another course with another seed', (name) => {
  const [first, second] = ['1', '2'].map((seed) => JSON.parse(record(name, seed)).digest);
  expect(first).not.toBe(second);
});

describe('the digest table', () => {
  let here: string;
  beforeAll(() => {
    here = table();
  });

  it('is the same in workers, two at a time, as in this thread', async () => {
    expect(await Promise.all([tableFromWorker(), tableFromWorker()])).toEqual([here, here]);
  });

  it('does not depend on what ran before', () => {
    const backwards = [...names].reverse().map((name) => line(name, '1'));
    expect(backwards.reverse().join('\n')).toBe(here);
  });
});
