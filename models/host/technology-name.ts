// Container technologies by name: what a range's vnodes are made of.

/** Containers first, virtual machines last. */
export const TECHNOLOGIES = ['lxc', 'openvz', 'jail', 'vserver', 'xen', 'kvm'] as const;

export type Technology = (typeof TECHNOLOGIES)[number];
