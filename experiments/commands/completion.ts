// `completion`: what a shell needs to complete our command lines.

import { Argument, Command } from 'commander';
import { candidates, shellScripts } from '../completion.js';
import type { Session } from '../session.js';

export function completionVerb(session: Session): Command {
  const shells = Object.keys(shellScripts) as (keyof typeof shellScripts)[];
  // What the scripts call. It takes any words, and completing must not fail on one.
  const asked = new Command('candidates')
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: readonly string[], _flags: unknown, command: Command) => {
      let root = command;
      while (root.parent) root = root.parent;
      for (const word of candidates(root, words, session.environment)) session.out(`${word}\n`);
    });
  return new Command('completion')
    .description('completes verbs, flags, hosts and scenarios in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .addCommand(asked, { hidden: true })
    .addHelpText(
      'after',
      '\nExamples:\n  $ eval "$(rangefit completion bash)"        in ~/.bashrc\n  $ eval "$(rangefit completion zsh)"         in ~/.zshrc\n  $ rangefit completion fish > ~/.config/fish/completions/rangefit.fish',
    )
    .action((shell: keyof typeof shellScripts) => session.out(shellScripts[shell]));
}
