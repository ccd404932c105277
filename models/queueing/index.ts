// The door of queueing: closed forms of queues that the simulated pipes and cores are held against.

export * from './sojourn.js';
