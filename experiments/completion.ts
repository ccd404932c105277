// Completion: what may come next on a command line, read off the verbs themselves.

import type { Command, Option } from 'commander';
import { hostCatalogue } from '../models/index.js';
import { knownHosts } from './hosts.js';
import type { Environment } from './places.js';
import { scenarioNames } from './scenarios.js';

/** Names that a value may be, by the name of the flag or argument. */
const NAMES: Readonly<Record<string, (environment: Environment) => readonly string[]>> = {
  host: knownHosts,
  fleet: (environment) => knownHosts(environment).map((host) => `${host}:`),
  scenario: scenarioNames,
  tech: () => Object.values(hostCatalogue).flatMap(({ platforms }) => Object.keys(platforms)),
  set: () => ['host.', 'scenario.', 'tolerance.', 'range.'],
};

const named = (name: string, environment: Environment): readonly string[] => NAMES[name]?.(environment) ?? [];

function valuesOf(option: Option, environment: Environment): readonly string[] {
  return option.argChoices ?? named(option.long?.slice(2) ?? '', environment);
}

/** The last of a list that is separated by commas is what is being typed. */
function continued(values: readonly string[], typed: string): string[] {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  return values.map((value) => before + value);
}

/**
 * @param words what was typed after `rangefit`, the word being typed last (it may be empty).
 * @returns nothing where a file is to be named, or anything.
 */
export function candidates(root: Command, words: readonly string[], environment: Environment): string[] {
  let command = root;
  let position = 0;
  let option: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (option) {
      option = undefined;
      continue;
    }
    const below = position === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (below) command = below;
    else if (word.startsWith('-'))
      option = command.options.find((one) => one.long === word && (one.required || one.optional));
    else position++;
  }
  const typed = words.at(-1) ?? '';
  const all = (): readonly string[] => {
    if (option) return continued(valuesOf(option, environment), typed);
    if (typed.startsWith('-'))
      return [...command.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : [])), '--help'];
    if (position === 0 && command.commands.length > 0)
      return command
        .createHelp()
        .visibleCommands(command)
        .map((one) => one.name());
    const argument = command.registeredArguments[position];
    return argument ? (argument.argChoices ?? named(argument.name(), environment)) : [];
  };
  return [...new Set(all())].filter((word) => word.startsWith(typed));
}

/** Each asks this program; where it says nothing the shell offers files. */
export const shellScripts = {
  bash: `# rangefit completion bash: eval "$(rangefit completion bash)" in ~/.bashrc
_rangefit() {
  local IFS=$'\\n'
  COMPREPLY=($(rangefit completion candidates -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ \${COMPREPLY[0]} == *[.:] ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _rangefit rangefit
`,
  zsh: `#compdef rangefit
# rangefit completion zsh: eval "$(rangefit completion zsh)" in ~/.zshrc, after compinit
_rangefit() {
  local -a found
  found=("\${(@f)$(rangefit completion candidates -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found[1]" ]]; then
    [[ "$found[1]" == *[.:] ]] && compadd -S '' -a found || compadd -a found
  else
    _files
  fi
}
(( $+functions[compdef] )) && compdef _rangefit rangefit
`,
  fish: `# rangefit completion fish: rangefit completion fish > ~/.config/fish/completions/rangefit.fish
function __rangefit
  set -l words (commandline -opc)
  set -l found (rangefit completion candidates -- $words[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c rangefit -f -a '(__rangefit)'
`,
} as const;
