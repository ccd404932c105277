// The door of watching: looks at a running range in, alarms out.

export { cpuBoundsOf } from './cpu-bounds.js';
export { type CpuBounds, usualCpuBounds } from './gauge.js';
export { type Alarm, Vigil } from './vigil.js';
export { watched } from './watched.js';
