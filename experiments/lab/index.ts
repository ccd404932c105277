// The door of labs: containerlab files in, their vnodes as a scenario and packed onto hosts.

export { isLab, type Lab, labOf, readLab } from './clab.js';
export { cutLab } from './cut.js';
export { labScenario } from './lab-scenario.js';
export { type Item, neededHosts, packed, type Room, tooLarge } from './packing.js';
