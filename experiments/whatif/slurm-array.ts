// The Slurm job array of a study: a script for sbatch, of which each task answers one part.

import { quoted } from '../command-line.js';

export interface SlurmArray {
  /** Absolute, as seen from every machine of the cluster. */
  readonly folder: string;
  /** Where the study was asked: names of files in it are read from there. */
  readonly directory: string;
  /** The words that start this rangefit. */
  readonly program: readonly string[];
  readonly parts: number;
}

/** Options are those of sbatch (Slurm's manual, "Job Array Support"); a script is copied, so all of its paths are whole. */
export function slurmScript({ folder, directory, program, parts }: SlurmArray): string {
  const resume = [...program, 'whatif', '--resume', folder].map(quoted).join(' ');
  return `#!/bin/bash
#SBATCH --job-name=rangefit-whatif
#SBATCH --array=1-${parts}
#SBATCH --cpus-per-task=1
#SBATCH --output=${quoted(`${folder}/parts/%a.log`)}
# Each task answers one part of the study and keeps it under parts/. One that was lost is submitted alone:
#   sbatch --array=3 ${quoted(`${folder}/array.sh`)}
# When all are done, this puts the answer together, and runs what is missing:
#   ${resume}
set -eu
cd ${quoted(directory)}
exec ${resume} --part "$SLURM_ARRAY_TASK_ID/${parts}" --workers "\${SLURM_CPUS_PER_TASK:-1}"
`;
}
