// The environment of npm as a user's shell has it.

/** npm hands its own settings down to what it starts: those of the test run must not reach what a test starts. */
export const npmEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(?!cache|registry)|package|lifecycle)/i.test(name)),
  );
