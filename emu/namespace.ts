// The range's own network namespace, without a way out: everything of a run lives inside it.

import type { RunId } from './names.js';
import { namespaceFile } from './places.js';
import type { Command } from './shell.js';
import { OWN_TABLE } from './sockets.js';

/** Makes the namespace and holds it by a bind mount on the (existing, empty) file. */
export const createNamespace = (run: RunId): Command => ({
  program: 'unshare',
  args: [`--net=${namespaceFile(run)}`, '--', 'true'],
});

/** The same command inside the range's namespace. The mount namespace stays, so cgroups remain in sight of LXC. */
export const insideRange = (run: RunId, command: Command): Command => ({
  ...command,
  program: 'nsenter',
  args: [`--net=${namespaceFile(run)}`, '--', command.program, ...command.args],
});

/** The same command in the network namespace of a vnode, given its init's process id. */
export const insideVnodeNetwork = (init: number, command: Command): Command => ({
  ...command,
  program: 'nsenter',
  args: [`--net=/proc/${init}/ns/net`, '--', command.program, ...command.args],
});

/** A process that only sits in the range's namespace, so that /proc shows its counters to the outside. */
export const holder = (run: RunId): Command => insideRange(run, { program: 'sleep', args: ['infinity'] });

/** Namespaces made in the range's own get small tables of TCP sockets. */
export const ownSocketTables = (run: RunId): Command =>
  insideRange(run, { program: 'sysctl', args: ['-q', '-w', `${OWN_TABLE.setting}=${OWN_TABLE.entries}`] });

/** IPv6 off in the range's own namespace: bridges would otherwise announce themselves on every port. */
export const withoutIpv6 = (run: RunId): Command =>
  insideRange(run, {
    program: 'sysctl',
    args: ['-q', '-w', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'],
  });
