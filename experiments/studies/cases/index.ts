// The door of the cases: studies of the sources that are told by a picture.

import { adaptiveOverlay } from './adaptive-overlay.js';
import type { Case } from './case.js';
import { gnutella } from './gnutella.js';
import { keyLookup } from './key-lookup.js';
import { multiplexedEdges } from './multiplexed-edges.js';
import { replicatedWeb } from './replicated-web.js';

export const cases: readonly Case[] = [replicatedWeb, multiplexedEdges, gnutella, keyLookup, adaptiveOverlay];

export type { Case } from './case.js';
export { type CaseDocument, caseDocument, caseSchema } from './document.js';
export { multiplexedEdges, replicatedWeb };
