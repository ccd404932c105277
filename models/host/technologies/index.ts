// The door of technologies: what vnodes can be made of.

export { technologies } from './catalogue.js';
export { withTechnology } from './derive.js';
export { jails, openvzContainers } from './emulab-vnodes.js';
export type { TechnologyModel } from './technology.js';
