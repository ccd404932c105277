// A report as data: its answer, facts, and every table and picture with their numbers.

import type { Block, Report } from './report.js';

function data(block: Block): unknown {
  if (block.kind !== 'picture') return block;
  const { kind, id, title, text, columns, rows } = block;
  return { kind, id, title, text, columns, rows };
}

export const reportData = ({ sections, ...report }: Report): unknown => ({
  ...report,
  sections: sections.map(({ title, blocks }) => ({ title, blocks: blocks.map(data) })),
});
