// The state of an exploration: what a link says, what `plan` is asked, and the command line that asks the same.

import { InputError } from '../../models/index.js';
import { commandOf } from '../command-line.js';
import { escaped } from '../documents/index.js';
import { isFile } from '../names.js';
import type { PlanFlags } from '../plan-request.js';

/** In the order of plan's help, so that the command line is the one that plan writes into its document. */
const SINGLE = ['seed', 'peers', 'pairs', 'scenario', 'host', 'tech', 'limits'] as const;
const MANY = 'set';
const SWITCH = 'whole';

/** No link is longer than a few dozen settings. */
const MOST_SETTINGS = 100;

export type State = Pick<PlanFlags, (typeof SINGLE)[number] | 'whole'> & { readonly set: readonly string[] };

/**
 * What the query of an address says. A page may be opened by any link, so it names no files but those that the one who
 * started the page named.
 * @throws InputError for what no link of ours says.
 */
export function stateFrom(query: URLSearchParams, files: readonly string[]): State {
  const known: readonly string[] = [...SINGLE, MANY, SWITCH];
  const odd = [...query.keys()].find((key) => !known.includes(key));
  if (odd !== undefined) throw new InputError('the link', `only ${known.join(', ')}`, `"${escaped(odd.slice(0, 40))}"`);
  const given = SINGLE.flatMap((name) => {
    const value = query.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  for (const [name, value] of given.filter(([one]) => one === 'scenario' || one === 'host'))
    for (const part of value.split(','))
      if (isFile(part) && !files.includes(part))
        throw new InputError(`the link's ${name}`, 'a name, or a file that explore was started with', escaped(part));
  const set = query.getAll(MANY);
  if (set.length > MOST_SETTINGS)
    throw new InputError('the link', `at most ${MOST_SETTINGS} settings`, `${set.length}`);
  return { ...Object.fromEntries(given), set, ...(query.has(SWITCH) ? { whole: true } : {}) };
}

/** The words of the command line that asks the same. */
export function wordsOf(state: State): string[] {
  const words = ['plan'];
  for (const name of SINGLE) {
    const value = state[name];
    if (value !== undefined) words.push(`--${name}`, value);
  }
  for (const setting of state.set) words.push('--set', setting);
  if (state.whole) words.push('--whole');
  return words;
}

export const commandFor = (state: State): string => commandOf(wordsOf(state));

/** The query of the link to this state. */
export function queryOf(state: State): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of SINGLE) {
    const value = state[name];
    if (value !== undefined) query.set(name, value);
  }
  for (const setting of state.set) query.append(MANY, setting);
  if (state.whole) query.set(SWITCH, '');
  return query;
}
