// Aligned columns for a terminal, without lines around them.

import Table from 'cli-table3';

const NOTHING = '';
const BORDERLESS = {
  top: NOTHING,
  'top-mid': NOTHING,
  'top-left': NOTHING,
  'top-right': NOTHING,
  bottom: NOTHING,
  'bottom-mid': NOTHING,
  'bottom-left': NOTHING,
  'bottom-right': NOTHING,
  left: NOTHING,
  'left-mid': NOTHING,
  mid: NOTHING,
  'mid-mid': NOTHING,
  right: NOTHING,
  'right-mid': NOTHING,
  middle: '  ',
};

/** One line a row, each ended; cells may have colour. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  if (rows.length === 0) return '';
  const drawn = new Table({
    chars: BORDERLESS,
    style: { 'padding-left': 0, 'padding-right': 0, border: [], head: [] },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => `${indent}${line.trimEnd()}\n`)
    .join('');
}
