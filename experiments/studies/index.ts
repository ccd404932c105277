// The door of the studies: every published figure, in the order of its source.

import { ceilingRows } from './ceilings.js';
import { interferenceRows } from './container-interference.js';
import { latencyRows } from './container-latency.js';
import { delayRows } from './dummynet-delay.js';
import { jailRows } from './emulab-jail.js';
import { openvzRows } from './emulab-openvz.js';
import { rangeRows } from './emulab-range.js';
import { technologyRows } from './emulab-technologies.js';
import { formulaRows } from './formulas.js';
import { modelnetRows } from './modelnet.js';
import { caseRows } from './modelnet-cases.js';
import { phaseRows } from './modelnet-phases.js';
import { localityRows } from './p2p-locality.js';
import { swarmRows } from './p2p-swarm.js';
import { switchingRows } from './p2p-switching.js';
import { queueingRows } from './queueing.js';
import type { Row } from './row.js';

/** Sources in this order: P2P, Emulab, Linux containers, ModelNet, MACE, formulas (Q), kernel ceilings (K). */
const SOURCES = 'PELMAQK';

const place = ({ id }: Row): number => SOURCES.indexOf(id.charAt(0)) * 1000 + Number(id.slice(1));

const sources: readonly (readonly Row[])[] = [
  switchingRows,
  swarmRows,
  openvzRows,
  jailRows,
  rangeRows,
  technologyRows,
  delayRows,
  interferenceRows,
  latencyRows,
  localityRows,
  modelnetRows,
  phaseRows,
  caseRows,
  formulaRows,
  queueingRows,
  ceilingRows,
];

export const studies: readonly Row[] = sources.flat().sort((a, b) => place(a) - place(b));

export { type Case, type CaseDocument, caseDocument, caseSchema, cases } from './cases/index.js';
export { interferenceScenario, victimSpeed } from './container-interference.js';
export { type CoveredRow, type Finding, isCovered, NotHere, type Row, type StudyContext, type Use } from './row.js';
