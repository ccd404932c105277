// The README's list of published figures that the simulator misses, between its marks, held against what `reproduce` finds.
//
//   - **P4**: what is expected; *here 2.971 MB/s*. Why, as far as it is known.
//   - **E3**, used to fit: ...

import type { ReproducedRow } from '../../experiments/reproduce-document.js';

interface Cross {
  /** Of the row: `P4`. */
  readonly id: string;
  /** It is said to be no check. */
  readonly fitted: boolean;
  /** What the simulator gives, in the words of `reproduce`. */
  readonly here: string;
}

const MARKS = ['<!-- crosses: begin -->', '<!-- crosses: end -->'] as const;
const ITEM = /^\*\*(\w+)\*\*(, used to fit)?: .*\*here ([^*]+)\*/;

/** @throws Error for a list that is not written so. */
export function crossesOf(text: string): Cross[] {
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin) throw new Error(`no ${MARKS.join(', ')}`);
  const items = text.slice(begin + MARKS[0].length, end).split(/^- /m);
  return items.slice(1).map((item) => {
    const [, id, fitted, here] = ITEM.exec(item.replace(/\s+/g, ' ')) ?? [];
    if (id === undefined || here === undefined) throw new Error(`no figure that is missed, and what is here: ${item}`);
    return { id, fitted: fitted !== undefined, here };
  });
}

/** Where the list begins, as a line of the page. */
export const crossesLine = (text: string): number => text.slice(0, text.indexOf(MARKS[0])).split('\n').length;

/** @returns what is wrong with the list, in words; empty: nothing. */
export function wrongCrosses(crosses: readonly Cross[], rows: readonly ReproducedRow[]): string[] {
  const missed = rows.filter(({ status }) => status === 'fail');
  const without = missed.filter(({ id }) => !crosses.some((cross) => cross.id === id));
  return [
    ...without.map(({ id, got }) => `${id} is missed and not listed: *here ${got}*`),
    ...crosses.flatMap(({ id, fitted, here }) => {
      const row = missed.find((one) => one.id === id);
      if (!row) return [`${id} is listed and not missed`];
      return [
        ...(fitted === (row.use === 'F') ? [] : [`${id} is ${row.use === 'F' ? '' : 'not '}used to fit`]),
        ...(here === row.got ? [] : [`${id} is *here ${row.got}*, and not ${here}`]),
      ];
    }),
  ];
}
