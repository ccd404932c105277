// `watch` on the command line: which containers are meant, and what it says of them.

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rangefit } from '../session.js';

/** Every process of the machine is in the cgroup at the root. */
const HERE = existsSync('/sys/fs/cgroup') && existsSync('/proc/net/stat/arp_cache');

describe.skipIf(!HERE)('watch', () => {
  it.each([
    [['--cgroup', 'no-such-tool.*'], /--cgroup: expected a cgroup that exists, such as .*, found no-such-tool\.\*\n$/],
    [['3fa2c1', '--cgroup', 'docker/*'], /--cgroup: expected no run beside it, found 3fa2c1\n$/],
    [['--cgroup', '/', '--for', 'soon'], /--for: expected a duration of at least .*, found "soon"\n$/],
    [['--cgroup', '/', '--interval', '1us'], /--interval: expected a duration of at least .*, found "1us"\n$/],
    [['--cgroup', '/', '--plan', 'none.json'], /none\.json: expected a document to read, found no such file\n$/],
  ])('refuses %s in one line', async (words, message) => {
    const { code, out, err } = await rangefit(['watch', ...words]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('looks at a cgroup of this machine until the time is over', async () => {
    const words = ['watch', '--cgroup', '/', '--for', '300ms', '--interval', '100ms', '--json', '--quiet'];
    const { code, out, err } = await rangefit(words);
    expect(err).toBe('');
    const { holds, seconds, alarms } = JSON.parse(out);
    expect(seconds).toBeGreaterThanOrEqual(0.3);
    expect(code).toBe(holds ? 0 : 1);
    expect(holds).toBe(alarms.every(({ level }: { level: string }) => level !== 'lost'));
  });
});
