// Rules on files and folders: what the top level holds, how long a file is, how it opens and what it is called.

import type { Project } from './project.js';

const TOP_FOLDERS = ['sim', 'emu', 'models', 'calibration', 'experiments', 'test', 'docs'];
const TOP_FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'LICENSE',
];
const LONGEST = 400;
const NAMELESS = /^(utils?|common|helpers?|managers?)$/i;

export const fixedTopLevel = (project: Project): string[] =>
  project.topLevel.filter((name) => !name.startsWith('.') && ![...TOP_FOLDERS, ...TOP_FILES].includes(name));

export const shortFiles = (project: Project): string[] =>
  project.sources
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > LONGEST)
    .map(({ path, lines }) => `${path}: ${lines} lines`);

/** The first line, after the one that makes a file executable, is a comment. */
export const introduced = (project: Project): string[] =>
  project.sources
    .filter(({ text }) => !/^(#!.*\n)?(\/\/ \S|\/\*\*? ?\S)/.test(text))
    .map(({ path, text }) => `${path}: ${text.split('\n')[0]}`);

export const named = (project: Project): string[] =>
  project.paths.filter((path) => (path.split('/').at(-1) ?? '').split(/[-_.]/).some((word) => NAMELESS.test(word)));
