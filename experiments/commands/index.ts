// The door of the verbs: each in a file of its own, registered here by one line.

import type { Command } from 'commander';
import type { Session } from '../session.js';
import { calibrateVerb } from './calibrate.js';
import { cleanVerb } from './clean.js';
import { compareVerb } from './compare.js';
import { completionVerb } from './completion.js';
import { doctorVerb } from './doctor.js';
import { emulateVerb } from './emulate.js';
import { execVerb } from './exec.js';
import { exploreVerb } from './explore.js';
import { exportVerb } from './export.js';
import { hostVerb } from './host.js';
import { limitsVerb } from './limits.js';
import { lsVerb } from './ls.js';
import { planVerb } from './plan-verb.js';
import { reportVerb } from './report.js';
import { reproduceVerb } from './reproduce.js';
import { scenarioVerb } from './scenario.js';
import { schemaVerb } from './schema.js';
import { simulateVerb } from './simulate.js';
import { studyVerb } from './study.js';
import { topologyVerb } from './topology.js';
import { verifyVerb } from './verify.js';
import { watchVerb } from './watch.js';
import { whatifVerb } from './whatif.js';
import { workerVerb } from './worker.js';

/** In the order of the help. */
export const verbs: readonly ((session: Session) => Command)[] = [
  planVerb,
  whatifVerb,
  simulateVerb,
  emulateVerb,
  compareVerb,
  calibrateVerb,
  verifyVerb,
  doctorVerb,
  watchVerb,
  lsVerb,
  execVerb,
  cleanVerb,
  exploreVerb,
  reportVerb,
  exportVerb,
  limitsVerb,
  hostVerb,
  reproduceVerb,
  studyVerb,
  scenarioVerb,
  topologyVerb,
  workerVerb,
  schemaVerb,
  completionVerb,
];
