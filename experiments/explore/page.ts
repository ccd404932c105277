// The page: its controls as they stand in a state, and places for what the simulations say.

import { TECHNOLOGIES, type Technology } from '../../models/index.js';
import { knownHosts, loadHostProfile } from '../hosts.js';
import type { Environment } from '../places.js';
import { pageStyle, plainText } from '../report/index.js';
import { scenarioNames } from '../scenarios.js';
import { type Control, type ControlGroup, controlsFor } from './controls.js';
import { commandFor, type State } from './state.js';

/** What the page shows where a link says nothing. */
export const DEFAULT_SCENARIO = 'swarm-100';
export const DEFAULT_HOST = 'pc3000';

const style = `${pageStyle}
body{max-width:76rem}a{color:var(--first)}main{min-width:0}
.explore{display:grid;grid-template-columns:19rem 1fr;gap:2rem;align-items:start}
form label{display:block;margin:.45rem 0;font-size:.9rem}form input,form select{display:block;width:100%}
form small{display:block;color:var(--soft);overflow-wrap:anywhere}
form .changed input,form .changed select{border-color:var(--first);border-width:2px}
fieldset{border:1px solid var(--grid);border-radius:.3rem;margin:.6rem 0;padding:.3rem .8rem .6rem}
main section:first-child h2{border:0;padding:0;margin-top:.5rem}
#problem:empty,#progress:empty{display:none}
@media (max-width:60rem){.explore{grid-template-columns:1fr}}`;

const option = (value: string, chosen: string): string =>
  `<option value="${plainText(value)}"${value === chosen ? ' selected' : ''}>${plainText(value === '' ? 'not said' : value)}</option>`;

function field(
  name: string,
  label: string,
  value: string,
  hint: string,
  options?: readonly string[],
  fallback = '',
): string {
  const attributes = `name="${plainText(name)}" data-default="${plainText(fallback)}"`;
  const control = options
    ? `<select ${attributes}>${options.map((one) => option(one, value)).join('')}</select>`
    : `<input ${attributes} value="${plainText(value)}" autocomplete="off" spellcheck="false">`;
  const changed = value !== fallback ? ' class="changed"' : '';
  return `<label${changed}>${plainText(label)}${control}<small>${plainText(hint)}</small></label>`;
}

/** The last setting of a path counts, as on the command line. */
function setTo(state: State, path: string): string | undefined {
  const last = state.set.findLast((setting) => setting.startsWith(`${path}=`));
  return last?.slice(path.length + 1);
}

function control(state: State, { path, value, hint, options }: Control): string {
  const label = path
    .split('.')
    .slice(1)
    .join(' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return field(`set.${path}`, label, setTo(state, path) ?? value, hint, options, value);
}

function groupMarkup(state: State, { title, controls }: ControlGroup): string {
  const open = controls.some(({ path }) => setTo(state, path) !== undefined) ? ' open' : '';
  return `<details${open}><summary>${plainText(title)} (${controls.length})</summary><fieldset><legend>${plainText(title)}</legend>
${controls.map((one) => control(state, one)).join('\n')}
</fieldset></details>`;
}

/** Settings that have no control, such as those of a list; the link keeps them. */
function kept(state: State, groups: readonly ControlGroup[]): string {
  const paths = new Set(groups.flatMap(({ controls }) => controls.map(({ path }) => path)));
  return state.set
    .filter((setting) => !paths.has(setting.slice(0, setting.indexOf('='))))
    .map((setting) => `<input type="hidden" name="set" value="${plainText(setting)}">`)
    .join('');
}

/** `files`: those that explore was started with. @throws InputError where the state names what is not there. */
function form(state: State, environment: Environment, files: readonly string[]): string {
  const { scenario = DEFAULT_SCENARIO, host = DEFAULT_HOST, tech } = state;
  const [first = DEFAULT_HOST] = host.split(',');
  const groups = controlsFor({ scenario, host: first, technology: tech as Technology | undefined }, environment);
  const { platforms } = loadHostProfile(first, environment);
  const technologies = platforms.lxc ? TECHNOLOGIES : Object.keys(platforms);
  const own = (names: readonly string[], value: string) => [...new Set([...names, ...files, value])];
  return `<form id="controls" aria-label="What to simulate">
${field('scenario', 'scenario', scenario, 'what runs', own(scenarioNames(), scenario), DEFAULT_SCENARIO)}
${field('host', 'host', host, 'on which kind of host', own(knownHosts(environment), host), DEFAULT_HOST)}
${field('tech', 'container technology', tech ?? '', 'empty: the first of the host', ['', ...technologies])}
${field('peers', 'peers', state.peers ?? '', 'vnodes of the whole range; empty: as in the scenario')}
${field('limits', 'kernel ceilings', state.limits ?? '', 'raised: moved as the table says; stock: untouched', ['', 'raised', 'stock'])}
${field('seed', 'seed', state.seed ?? '', 'names all random streams; empty: 1')}
${state.pairs === undefined ? '' : `<input type="hidden" name="pairs" value="${plainText(state.pairs)}">`}${state.whole ? '<input type="hidden" name="whole" value="">' : ''}${kept(state, groups)}
${groups.map((group) => groupMarkup(state, group)).join('\n')}
<p><button type="reset" id="defaults">Back to the defaults</button></p>
</form>`;
}

export function explorePage(state: State, environment: Environment, files: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>rangefit explore</title>
<style>
${style}
</style>
</head>
<body>
<header><p class="soft">rangefit explore: change a parameter, and see what it does to the answer</p>
<h1 id="sentence" aria-live="polite">Simulating …</h1>
<p id="problem" class="warning" role="alert"></p>
<p id="progress" class="soft"></p></header>
<div class="explore">
${form(state, environment, files)}
<main>
<section><h2>The knee</h2>
<div id="knee-place"></div></section>
<section><h2>The same from the command line</h2>
<pre tabindex="0"><code id="command">${plainText(commandFor(state))}</code></pre>
<p><a id="scenario-file" download href="/scenario.yaml">The scenario as a file</a> ·
<a id="plan-file" download hidden href="/plan.json">The plan as a document, for <code>rangefit report</code></a></p></section>
<div id="report"></div>
</main>
</div>
<script src="/explore.js"></script>
</body>
</html>
`;
}
