#!/usr/bin/env node
// The command line: runs the verb that the arguments name, and ends with its exit code.

import { runProgram } from './program.js';
import { processSession } from './session.js';

// Whoever reads our output may stop reading, as `head` does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });

process.exitCode = await runProgram(process.argv.slice(2), processSession());
