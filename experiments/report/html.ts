// A report as one HTML page that needs nothing else: no network, no file beside it.

import { count } from '../wording.js';
import { NARROW, pagePicture, WIDE } from './drawing.js';
import { plainText } from './markup.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { type Block, type Cell, cellText, type DataTable, type Picture, type Report, UNTOLD } from './report.js';

/** More rows than these make no page: they are in the CSV. */
const MOST_ROWS = 100;
/** A table with more rows than these is folded. */
const LONG = 30;

/** Letters from which on a cell is a sentence, which wants room on a phone too. */
const SENTENCE = 50;

function cell(value: Cell, header: boolean): string {
  if (header) return `<th scope="row">${plainText(cellText(value))}</th>`;
  if (typeof value === 'boolean') return `<td class="${value ? 'yes' : 'no'}">${value ? '✓ yes' : '✗ no'}</td>`;
  const text = cellText(value);
  const kind = typeof value === 'number' ? ' class="number"' : text.length > SENTENCE ? ' class="long"' : '';
  return `<td${kind}>${plainText(text)}</td>`;
}

/** It scrolls by itself when it is wider than the page, also from the keyboard. */
export function tableMarkup({ columns, rows }: DataTable, caption: string): string {
  const numeric = (i: number) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || row[i] === null);
  const head = columns
    .map((column, i) => `<th scope="col"${i > 0 && numeric(i) ? ' class="number"' : ''}>${plainText(column)}</th>`)
    .join('');
  const body = rows
    .slice(0, MOST_ROWS)
    .map((row) => `<tr>${row.map((value, i) => cell(value, i === 0)).join('')}</tr>`)
    .join('\n');
  const more =
    rows.length > MOST_ROWS
      ? `<p class="soft">${count(rows.length - MOST_ROWS)} more rows: write this report as CSV.</p>`
      : '';
  const label = plainText(caption);
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><caption>${label}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>${more}`;
}

/** Opened by who wants to read it. */
const folded = (table: DataTable & { readonly title: string }, summary: string): string =>
  `<details><summary>${plainText(summary)}</summary>\n${tableMarkup(table, table.title)}\n</details>`;

/** A picture at the widths of a page and of a phone, its words, and its numbers. `name`: unique on the page. */
export async function figureMarkup(picture: Picture, name: string): Promise<string> {
  const [wide, narrow] = [
    await pagePicture(picture, WIDE, `${name}-w`),
    await pagePicture(picture, NARROW, `${name}-n`),
  ];
  const zoom = picture.seconds === undefined ? '' : ` data-seconds="${picture.seconds}"`;
  const title = plainText(picture.title);
  return `<figure id="${picture.id}"${zoom}>
<h3>${title}</h3>
<div class="picture" role="img" aria-label="${title}. ${plainText(picture.text)}"><div class="wide">${wide}</div><div class="narrow">${narrow}</div></div>
<figcaption>${plainText(picture.text)}</figcaption>
${folded(picture, `The numbers: ${picture.title}`)}
</figure>`;
}

async function blockMarkup(block: Block, name: string): Promise<string> {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${plainText(block.text)}</p>`;
    case 'facts':
      return `<dl>${block.facts.map(([term, text]) => `<div><dt>${plainText(term)}</dt><dd>${plainText(text)}</dd></div>`).join('\n')}</dl>`;
    case 'table':
      return block.rows.length > LONG
        ? folded(block, `${block.title}: ${count(block.rows.length)}`)
        : tableMarkup(block, block.title);
    case 'picture':
      return figureMarkup(block, name);
  }
}

/** Nothing may be loaded: a page that asked for something would be a mistake of ours. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** Its sections, for a page that has them beside something else. */
export async function sectionsMarkup({ sections }: Pick<Report, 'sections'>): Promise<string> {
  const parts: string[] = [];
  for (const [i, section] of sections.entries()) {
    const blocks: string[] = [];
    for (const [j, block] of section.blocks.entries()) blocks.push(await blockMarkup(block, `p${i}-${j}`));
    parts.push(`<section><h2>${plainText(section.title)}</h2>\n${blocks.join('\n')}\n</section>`);
  }
  return parts.join('\n');
}

export async function html(report: Report): Promise<string> {
  const { title, answer, good, warnings, sections, command } = report;
  const zooms = sections.some(({ blocks }) => blocks.some((block) => block.kind === 'picture' && block.seconds));
  const verdict = good === null ? '' : good ? ' class="good"' : ' class="bad"';
  const made = command === null ? `<p>${UNTOLD}</p>` : `<pre tabindex="0"><code>${plainText(command)}</code></pre>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="generator" content="rangefit">
<link rel="icon" href="data:,">
<title>${plainText(title)}</title>
<style>
${pageStyle}
</style>
</head>
<body>
<header><p class="soft">${plainText(title)}</p>
<h1${verdict}>${plainText(answer)}</h1>
${warnings.map((warning) => `<p class="warning">${plainText(warning)}</p>`).join('\n')}
</header>
<main>
${await sectionsMarkup(report)}
<section><h2>The command that made it</h2>
${made}
</section>
</main>
${zooms ? `<script>\n${pageScript('zoom')}\n</script>\n` : ''}</body>
</html>
`;
}
