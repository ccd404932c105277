// Host profiles by name (the user's own, then the catalogue) or by file.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type HostProfile,
  hostCatalogue,
  hostProfileSchema,
  InputError,
  type Technology,
  technologies,
  withTechnology,
} from '../models/index.js';
import { check, escaped, type Located, parseDocument, readDocument, suggestion } from './documents/index.js';
import { isFile } from './names.js';
import { type Environment, userData } from './places.js';
import { type Setting, withSettings } from './settings.js';

interface OwnProfile {
  readonly name: string;
  readonly file: string;
}

/** The user's own profiles: hosts/NAME.json or .yaml in the data folder, in alphabetical order. */
export function ownProfiles(environment: Environment): OwnProfile[] {
  const folder = join(userData(environment), 'hosts');
  let files: string[] = [];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  return files
    .filter((file) => /\.(json|yaml|yml)$/.test(file))
    .sort()
    .map((file) => ({ name: file.replace(/\.\w+$/, ''), file: join(folder, file) }));
}

/** Every name that a host may be called by. */
export const knownHosts = (environment: Environment): string[] => [
  ...new Set([...Object.keys(hostCatalogue), ...ownProfiles(environment).map(({ name }) => name)]),
];

/** A catalogue profile as a document, so that settings apply to it as to a file. */
function asDocument(profile: HostProfile): Located {
  return parseDocument(`${profile.name}.json`, JSON.stringify(z.encode(hostProfileSchema, profile)));
}

function locate(nameOrFile: string, environment: Environment): Located {
  if (isFile(nameOrFile)) return readDocument(nameOrFile);
  const catalogued = Object.hasOwn(hostCatalogue, nameOrFile) ? hostCatalogue[nameOrFile] : undefined;
  const own = ownProfiles(environment);
  const mine = own.find(({ name }) => name === nameOrFile);
  if (mine && catalogued)
    throw new InputError(escaped(mine.file), 'a name that the catalogue does not have', `"${nameOrFile}"`);
  if (mine) return readDocument(mine.file);
  if (catalogued) return asDocument(catalogued);
  const names = knownHosts(environment);
  const hint = suggestion(nameOrFile, names);
  throw new InputError('--host', `one of ${names.join(', ')}, or a file`, `"${escaped(nameOrFile)}"${hint}`);
}

/**
 * `host.cpu.idleExit` means the chosen platform's; `host.hardware.memory` and the like the profile's own, for which
 * `host.memory` is short.
 */
function belowPlatform(setting: Setting, technology: string): Setting {
  const [first = ''] = setting.path;
  const hardware = Object.keys(hostProfileSchema.shape.hardware.shape);
  if (setting.path.length === 1 && hardware.includes(first)) return { ...setting, path: ['hardware', first] };
  const own = Object.keys(hostProfileSchema.shape).includes(first);
  return own ? setting : { ...setting, path: ['platforms', technology, ...setting.path] };
}

/**
 * The profile with its `host.*` settings applied. A technology that it lacks is derived from its plain containers.
 * @throws InputError for an unknown name, an unreadable file, or a mistake in it (with line and column).
 */
export function loadHostProfile(
  nameOrFile: string,
  environment: Environment,
  technology?: Technology,
  settings: readonly Setting[] = [],
): HostProfile {
  const located = locate(nameOrFile, environment);
  const own = check(located, hostProfileSchema, 'profile');
  const platform = technology ?? own.defaultTechnology;
  // A name that is no technology is told of where the profile is resolved.
  const known = Object.hasOwn(technologies, platform);
  const profile = known ? withTechnology(own, platform) : own;
  if (settings.length === 0 || !known || !profile.platforms[platform]) return profile;
  const below = settings.map((setting) => belowPlatform(setting, platform));
  const document = profile === own ? located : asDocument(profile);
  return check(withSettings(document, hostProfileSchema, below), hostProfileSchema, 'profile');
}
