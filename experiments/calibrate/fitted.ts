// From observations to a profile in the user's own hosts: the fit on the pool, and where its documents go.

import { existsSync } from 'node:fs';
import { encode } from 'zod';
import {
  fitHost,
  fittedProfile,
  type Observations,
  observationsSchema,
  startingProfile,
} from '../../calibration/index.js';
import { type HostProfile, hostCatalogue, hostProfileSchema, InputError } from '../../models/index.js';
import { check, readDocument, suggestion } from '../documents/index.js';
import { isFile } from '../names.js';
import { type Environment, userData, writeUserData } from '../places.js';
import type { Runs } from '../pool.js';
import { SharedRuns } from '../shared-runs.js';

const TECHNOLOGY = 'lxc';

export interface FitAsked {
  readonly seed: string;
  /** Of a quick ladder: in a minute or two. */
  readonly quick?: boolean;
  /** The command line that asked for it, which the profile keeps. */
  readonly command: string;
}

/** Fits on `runs`. The profile is the same for any number of workers. @throws Interrupted when they were stopped. */
export async function fitObservations(
  observations: Observations,
  runs: Runs,
  { seed, quick = false, command }: FitAsked,
  phase: (text: string) => void,
): Promise<HostProfile> {
  const shared = new SharedRuns(runs);
  const starting = startingProfile(observations.name, observations.machine, observations.sharedCores);
  const fit = await fitHost(starting, TECHNOLOGY, observations.experiments, (job) => shared.run(job), {
    ...{ seed, quick },
    onProgress: phase,
  });
  return fittedProfile(starting, TECHNOLOGY, fit, observations, { seed, command });
}

/** @throws InputError for a name that a profile may not have. */
export function checkOwnName(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
    throw new InputError('--name', 'a name of lower-case letters, digits and dashes', JSON.stringify(name));
  if (Object.hasOwn(hostCatalogue, name))
    throw new InputError('--name', 'a name that the catalogue does not have', JSON.stringify(name));
  return name;
}

const text = (document: unknown): string => `${JSON.stringify(document)}\n`;

export const saveObservations = (environment: Environment, observations: Observations): string =>
  writeUserData(environment, `observations/${observations.name}.json`, text(encode(observationsSchema, observations)));

export const saveProfile = (environment: Environment, profile: HostProfile): string =>
  writeUserData(environment, `hosts/${profile.name}.json`, text(encode(hostProfileSchema, profile)));

const observationsFile = (name: string, environment: Environment): string =>
  `${userData(environment)}/observations/${name}.json`;

export const hasObservations = (name: string, environment: Environment): boolean =>
  existsSync(observationsFile(name, environment));

/** Observations by file, or by the name they were measured under. @throws InputError. */
export function loadObservations(nameOrFile: string, environment: Environment): Observations {
  const file = isFile(nameOrFile) ? nameOrFile : observationsFile(nameOrFile, environment);
  try {
    return check(readDocument(file), observationsSchema, 'observations');
  } catch (error) {
    if (error instanceof InputError && error.found.startsWith('no such file') && !isFile(nameOrFile))
      throw new InputError(
        'observations',
        'the name of a calibration, or a file',
        `"${nameOrFile}"${suggestion(nameOrFile, [])}`,
      );
    throw error;
  }
}
