// The architecture: import direction, doors, purity, layout. Every rule is first seen to fail on a tree that breaks it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { cycles, doors, layers, processesInOnePlace, pure, resolvable } from './architecture/imports.js';
import { fixedTopLevel, introduced, named, shortFiles } from './architecture/layout.js';
import { type Project, readProject } from './architecture/project.js';
import { deterministic, withoutShellStrings } from './architecture/syntax.js';

interface Case {
  readonly rule: (project: Project) => string[];
  /** A tree that breaks the rule, beside code that only looks as if it did. */
  readonly tree: Readonly<Record<string, string>>;
  /** What the rule finds in it, and nothing else. */
  readonly found: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'imports point down only, sim and emu apart, nothing imports test': {
    rule: layers,
    tree: {
      'models/index.ts': "import '../sim/index.js';",
      'models/type.ts': "import type { A } from '../experiments/index.js';",
      'sim/index.ts': "import '../models/index.js';\nimport '../emu/index.js';",
      'emu/index.ts': "import '../models/index.js';\nimport '../calibration/index.js';",
      'calibration/index.ts': "import '../sim/index.js';\nimport '../emu/index.js';\nimport '../test/index.js';",
      'experiments/index.ts':
        "import '../calibration/index.js';\nimport '../sim/index.js';\nawait import('../test/index.js');",
      'test/index.ts': "import '../experiments/index.js';\nexport type A = 1;",
    },
    found: [
      'calibration/index.ts -> test/index.ts',
      'emu/index.ts -> calibration/index.ts',
      'experiments/index.ts -> test/index.ts',
      'models/index.ts -> sim/index.ts',
      'models/type.ts -> experiments/index.ts',
      'sim/index.ts -> emu/index.ts',
    ],
  },
  'a folder is entered through its index': {
    rule: doors,
    tree: {
      'models/units.ts': 'export const unit = 1;',
      'models/index.ts': "export * from './units.js';\nexport * from './host/index.js';",
      'models/host/index.ts': "export * from './profile.js';",
      'models/host/profile.ts': "import '../units.js';\nimport '../network/link.js';",
      'models/network/link.ts': "import '../host/index.js';",
      'models/scenario.ts': "import './host/profile.js';",
      'sim/simulate.ts': "import '../models/index.js';\nimport '../models/units.js';",
      'test/sim/simulate.test.ts': "import '../../sim/simulate.js';",
    },
    found: [
      'models/host/profile.ts -> models/network/link.ts',
      'models/scenario.ts -> models/host/profile.ts',
      'sim/simulate.ts -> models/units.ts',
    ],
  },
  'no import cycles': {
    rule: cycles,
    tree: {
      'sim/clock.ts': "import './queue.js';",
      'sim/queue.ts': "import type { A } from './clock.js';",
      'sim/index.ts': "import './clock.js';",
    },
    found: ['sim/clock.ts -> sim/queue.ts -> sim/clock.ts'],
  },
  'every import leads somewhere': {
    rule: resolvable,
    tree: { 'sim/index.ts': "import './gone.js';\nimport 'node:fs';" },
    found: ['sim/index.ts -> ./gone.js'],
  },
  'models and sim do no input or output': {
    rule: pure,
    tree: {
      'models/index.ts': "import { readFileSync } from 'node:fs';",
      'sim/index.ts': "import os from 'os';\nimport '../models/index.js';",
      'emu/index.ts': "import 'node:fs';",
    },
    found: ['models/index.ts -> fs', 'sim/index.ts -> os'],
  },
  'processes start in one place': {
    rule: processesInOnePlace,
    tree: {
      'emu/shell.ts': "import { spawn } from 'node:child_process';\nimport { execa } from 'execa';",
      'emu/network.ts': "import { spawn } from 'node:child_process';",
      'experiments/doctor.ts': "import { execFileSync } from 'child_process';\nimport { execa } from 'execa';",
      'test/cli.test.ts': "import { spawnSync } from 'node:child_process';",
    },
    found: [
      'emu/network.ts -> child_process',
      'experiments/doctor.ts -> child_process',
      'experiments/doctor.ts -> execa',
    ],
  },
  'models and sim are determined by their arguments': {
    rule: deterministic,
    tree: {
      'models/index.ts': [
        '// Date.now() and Math.random() in a comment',
        "export const text = 'performance.now()';",
        'export interface Process { process: number; Date: string }',
        'export const fine = (p: Process) => p.process + 2 ** 32 + 10 ** -9 + Math.floor(Math.sqrt(2));',
        'export const key = { console: 1, setTimeout: 2 };',
      ].join('\n'),
      'sim/index.ts': [
        'export const a = Math.random();',
        'export const b = Date.now() + performance.now();',
        'setTimeout(() => console.log(process.pid), 1);',
        'export const c = Math.log(2) + Math.exp(1) + Math.pow(2, 3) + Math.cbrt(8) + Math.tan(1);',
        'export const d = 2 ** a + 2 ** 0.5;',
        'export const { sin } = Math;',
        "export const e = globalThis['Date'];",
        'export let f = 2;',
        'f **= a;',
        'export const g = new Date();',
      ].join('\n'),
      'emu/index.ts': 'export const now = Date.now() + Math.log(2);',
    },
    found: [
      'sim/index.ts:1 Math.random',
      'sim/index.ts:2 Date',
      'sim/index.ts:2 performance',
      'sim/index.ts:3 setTimeout',
      'sim/index.ts:3 console',
      'sim/index.ts:3 process',
      'sim/index.ts:4 Math.log',
      'sim/index.ts:4 Math.exp',
      'sim/index.ts:4 Math.pow',
      'sim/index.ts:4 Math.cbrt',
      'sim/index.ts:4 Math.tan',
      'sim/index.ts:5 ** with an exponent that is not a whole literal',
      'sim/index.ts:5 ** with an exponent that is not a whole literal',
      'sim/index.ts:6 Math other than as Math.name',
      'sim/index.ts:7 globalThis',
      'sim/index.ts:9 ** with an exponent that is not a whole literal',
      'sim/index.ts:10 Date',
    ],
  },
  'nothing is handed to a shell': {
    rule: withoutShellStrings,
    tree: {
      'emu/shell.ts': "import { spawn, exec } from 'node:child_process';\nspawn('ls', [], { shell: true });",
      'emu/names.ts':
        "import * as processes from 'child_process';\nimport { execSync as run } from 'node:child_process';",
      'emu/other.ts': "import { execa, execaCommand } from 'execa';\nspawn('ls', [], { shell: '/bin/sh' });",
      'emu/fine.ts':
        "import { type ChildProcess, spawn } from 'node:child_process';\nspawn('ls', [], { shell: false });\n/a/.exec('a');",
    },
    found: [
      'emu/names.ts:1 import of * from child_process',
      'emu/names.ts:2 import of execSync from node:child_process',
      'emu/other.ts:1 import of execaCommand from execa',
      'emu/other.ts:2 shell option',
      'emu/shell.ts:1 import of exec from node:child_process',
      'emu/shell.ts:2 shell option',
    ],
  },
  'the top level is fixed': {
    rule: fixedTopLevel,
    tree: {
      'src/index.ts': '',
      'vitest.config.ts': '',
      '.ci/run': '',
      'README.md': '',
      'node_modules/a/index.ts': '',
      'dist/a.ts': '',
    },
    found: ['src', 'vitest.config.ts'],
  },
  'no file has over 400 lines': {
    rule: shortFiles,
    tree: { 'sim/long.ts': 'export {};\n'.repeat(401), 'sim/longest.ts': 'export {};\n'.repeat(400) },
    found: ['sim/long.ts: 401 lines'],
  },
  'a file opens by saying what it is': {
    rule: introduced,
    tree: {
      'sim/a.ts': 'export const a = 1;',
      'sim/b.ts': '// \nexport const b = 1;',
      'sim/c.ts': '// The clock.\nexport const c = 1;',
      'experiments/cli.ts': '#!/usr/bin/env node\n// The command line.\n',
      'test/d.ts': '\n// Too late.\n',
    },
    found: ['sim/a.ts: export const a = 1;', 'sim/b.ts: // ', 'test/d.ts: '],
  },
  'names say what the thing is': {
    rule: named,
    tree: {
      'sim/utils/a.ts': '',
      'sim/string-helpers.ts': '',
      'emu/container-manager.ts': '',
      'models/common.ts': '',
      'sim/commonly.ts': '',
    },
    found: ['emu/container-manager.ts', 'models/common.ts', 'sim/string-helpers.ts', 'sim/utils'],
  },
};

const root = fileURLToPath(new URL('..', import.meta.url));

async function planted(tree: Case['tree']): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'rangefit-architecture-'));
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await readProject(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the rules', () => {
  it.each(Object.entries(cases))('see what breaks them: %s', async (_name, { rule, tree, found }) => {
    expect(rule(await planted(tree)).sort()).toEqual([...found].sort());
  });
});

describe('the project', () => {
  let project: Project;
  beforeAll(async () => {
    project = await readProject(root);
  });

  it('is looked at as a whole: every source is a module of the import graph', () => {
    expect(project.sources.length).toBeGreaterThan(20);
    expect([...project.modules].sort()).toEqual(project.sources.map((source) => source.path));
    const folders = new Set(
      project.imports.filter(({ kind }) => kind === 'file').map(({ from }) => from.split('/')[0]),
    );
    expect([...folders]).toEqual(expect.arrayContaining(['models', 'sim', 'experiments', 'test']));
  });

  it.each(Object.entries(cases))('%s', (_name, { rule }) => {
    expect(rule(project)).toEqual([]);
  });
});
