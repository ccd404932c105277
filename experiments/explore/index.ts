// The door of the explore page: a server on loopback whose page asks the planner.

export { type Explorer, openExplorer } from './server.js';
export { queryOf, type State } from './state.js';
