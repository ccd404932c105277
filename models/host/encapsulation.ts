// Encapsulation of links: what tells the packets of one virtual link from another's where several share a wire.

import type { Platform } from './profile.js';

/** ns for each packet, beside what forwarding costs. */
export function encapsulationCost({ encapsulation }: Pick<Platform, 'encapsulation'>): number {
  switch (encapsulation?.kind) {
    case 'vlan':
      return encapsulation.vlanPerPacket.value;
    case 'custom':
      return encapsulation.customPerPacket.value;
    default:
      return 0;
  }
}
