// A machine's kernel release says which generation its profile starts with.

import { expect, it } from 'vitest';
import { startingProfile } from '../../../calibration/index.js';

const machine = { processor: 'a processor', cores: 2, memory: 8e9, disk: 1e11, cache: 2 ** 20 };

it.each([
  ['2.6.18-194.el5', 'linux-2.6.18'],
  ['2.6.32-5-amd64', 'linux-2.6.32'],
  ['4.19.0-26-amd64', 'linux-6.1'],
  ['6.1.0-44-amd64', 'linux-6.1'],
  ['6.6.1', 'linux-6.6'],
  ['6.18.44-fc-v509', 'linux-6.6'],
  ['7.0.0-rc1', 'linux-6.6'],
])('Linux %s starts as %s', (kernel, generation) => {
  expect(startingProfile('here', { ...machine, kernel }).platforms.lxc?.kernel).toBe(generation);
});

it('has virtual cores in a KVM guest', () => {
  const kernel = '6.18.44';
  expect(startingProfile('here', { ...machine, kernel, kvm: true }).platforms.lxc?.virtual).toBe(true);
  expect(startingProfile('here', { ...machine, kernel }).platforms.lxc?.virtual).toBeUndefined();
});
