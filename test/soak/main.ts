// The soak: runs whose whole process tree is killed at a random moment, each followed by `clean`; nothing may be left.
// Usage: node dist/test/soak/main.js [ROUNDS]

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { machineState, stateDifference } from './machine-state.js';

const CLI = join(fileURLToPath(new URL('../..', import.meta.url)), 'experiments/cli.js');
/** Long enough that most kills hit deployment, run or teardown, and few come after the end. ms. */
const LATEST = 9000;
const SCENARIOS: readonly string[][] = [
  ['emulate', 'idle', '--peers', '30', '--set', 'scenario.workload.duration=2s'],
  ['emulate', 'pairs-100mbit', '--pairs', '8', '--set', 'scenario.workload.duration=3s', '--limits', 'stock'],
  [
    'emulate',
    'swarm-100',
    '--peers',
    '12',
    '--set',
    'scenario.workload.client=aria2',
    '--set',
    'scenario.workload.file=5MiB',
    '--limits',
    'stock',
  ],
  [
    'emulate',
    'swarm-100',
    '--peers',
    '8',
    '--set',
    'scenario.workload.client=hrktorrent',
    '--set',
    'scenario.workload.file=5MiB',
  ],
];

/** A process and all that descend from it now. */
function tree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

function killTree({ pid }: ChildProcess): void {
  // The root first: it starts no more children then.
  for (const one of tree(pid as number))
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // Ended by itself.
    }
}

async function round(number: number): Promise<string[]> {
  const words = SCENARIOS[number % SCENARIOS.length] as string[];
  const before = machineState();
  const child = spawn(process.execPath, [CLI, ...words, '--quiet', '--json'], { stdio: 'ignore' });
  const after = randomInt(50, LATEST);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await Promise.race([pause(after), ended]);
  const alive = child.exitCode === null;
  if (alive) killTree(child);
  await ended;
  // An emulation that another run keeps out, or that fails by itself, shows nothing about clean-up.
  const refused = !alive && child.exitCode !== 0 ? [`emulate ended with ${child.exitCode}`] : [];
  const cleaned = spawnSync(process.execPath, [CLI, 'clean'], { encoding: 'utf8' });
  const left = [...refused, ...stateDifference(before, machineState())];
  const told = cleaned.stdout.trim().split('\n').join('; ');
  console.log(
    `round ${number + 1}: ${words[1]} ${alive ? `killed after ${after} ms` : 'ended before its kill'}; clean: ${told}${cleaned.stderr.trim()}`,
  );
  for (const line of left) console.log(`  ${line}`);
  return cleaned.status === 0 ? left : [...left, `clean ended with ${cleaned.status}`];
}

const rounds = Number(process.argv[2] ?? 30);
let failed = 0;
for (let i = 0; i < rounds; i++) if ((await round(i)).length > 0) failed++;
console.log(`soak: ${rounds - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
