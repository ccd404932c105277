// A report as Markdown: the answer, facts and tables. Pictures are told by what they show and by their numbers.

import { type Block, cellText, type DataTable, type Report, UNTOLD } from './report.js';

/** More rows than these are read in CSV. */
const MOST_ROWS = 60;

const inCell = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');

function table({ columns, rows }: DataTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |\n`;
  const told = rows.slice(0, MOST_ROWS).map((row) => line(row.map(cellText)));
  const more = rows.length > MOST_ROWS ? `\n${rows.length - MOST_ROWS} more rows: see the CSV.\n` : '';
  return `${line(columns)}${line(columns.map(() => '---'))}${told.join('')}${more}`;
}

function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return `${one.text}\n`;
    case 'facts':
      return one.facts.map(([term, text]) => `- **${term}**: ${text}\n`).join('');
    case 'picture':
      return `### ${one.title}\n\n${one.text}\n\n${table(one)}`;
    case 'table':
      return `### ${one.title}\n\n${table(one)}`;
  }
}

export function markdown({ title, answer, warnings, sections, command }: Report): string {
  const parts = [`# ${title}\n`, `**${answer}**\n`, ...warnings.map((warning) => `> ${warning}\n`)];
  for (const { title: heading, blocks } of sections) parts.push(`## ${heading}\n`, ...blocks.map(block));
  parts.push(`## The command that made it\n`, command === null ? `${UNTOLD}\n` : `\`\`\`\n${command}\n\`\`\`\n`);
  return parts.join('\n');
}
