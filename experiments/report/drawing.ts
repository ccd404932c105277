// Drawing: a picture's specification to SVG text, the same bytes every time and without a browser.

import { parse, View } from 'vega';
import { type Config, compile } from 'vega-lite';
import { plainText } from './markup.js';
import { colour, onLight } from './palette.js';
import type { Picture } from './report.js';

const text = { labelColor: colour('soft'), titleColor: colour('soft'), labelFontSize: 12, titleFontSize: 12 } as const;

const config: Config = {
  // The figure says in words what is to be seen; single marks would only be noise to a screen reader.
  aria: false,
  background: 'transparent',
  font: 'system-ui, sans-serif',
  padding: 4,
  view: { stroke: null },
  axis: {
    ...text,
    titleFontWeight: 'normal',
    gridColor: colour('grid'),
    domainColor: colour('grid'),
    tickColor: colour('grid'),
    labelOverlap: true,
  },
  legend: { ...text, title: null, orient: 'top', direction: 'horizontal', symbolStrokeWidth: 3, labelLimit: 270 },
  text: { color: colour('ink'), fontSize: 12 },
};

/** Plots this wide suit a page and a phone. */
export const WIDE = 640;
export const NARROW = 290;

/** More names in a line than these would make the picture wider than its plot. */
const namesInLine = (width: number): number => (width < WIDE ? 2 : 4);

/** Names inside the SVG carry the picture's own, so that several pictures share a page. */
async function drawn(picture: Picture, width: number, name: string): Promise<string> {
  const legend = { ...config.legend, columns: namesInLine(width) };
  const { spec } = compile(picture.draw(width), { config: { ...config, legend } });
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const names = new Map<string, string>();
  const own = (id: string): string => {
    const known = names.get(id) ?? `${name}-${names.size}`;
    names.set(id, known);
    return known;
  };
  return svg
    .replace(/ id="([^"]+)"/g, (_, id: string) => ` id="${own(id)}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${own(id)})`);
}

/** Fills its place on a page; its colours are the page's. `name`: unique on the page. */
export async function pagePicture(picture: Picture, width: number, name: string): Promise<string> {
  const svg = await drawn(picture, width, name);
  return svg.replace(/^<svg [^>]*?width="([\d.]+)" height="[\d.]+"/, (root, natural: string) =>
    root.replace(
      / width="[\d.]+" height="[\d.]+"/,
      ` aria-hidden="true" focusable="false" style="max-width:${natural}px"`,
    ),
  );
}

/** A file of its own, on light paper. */
export async function pictureFile(picture: Picture): Promise<string> {
  const svg = onLight(await drawn(picture, WIDE, picture.id));
  const named = `<title>${plainText(picture.title)}</title><desc>${plainText(picture.text)}</desc>`;
  return `${svg.replace(/^(<svg [^>]*)>/, `$1 role="img" aria-label="${plainText(picture.text)}">${named}<rect width="100%" height="100%" fill="#ffffff"/>`)}\n`;
}
