// What could have run out, as a table and as a picture: of a run, or of a prediction beside its measurement.

import { fullness, type Resource, resourceText, saturationWords, shareUsed } from '../saturation.js';
import { sharesInUse } from './charts.js';
import type { Cell, NamedTable, Picture } from './report.js';

const told = (value: number | null, unit: Resource['unit']): Cell =>
  value === null ? null : resourceText(value, unit);

/** Why a line may say nothing. */
export const NOT_TOLD =
  'Not told: the document holds no limit to compare with, or does not count what was lost. The limits command tells the kernel ceilings of a host.';

export const resourceColumns: readonly string[] = ['what', 'state', 'used', 'of', 'in use (%)', 'lost for want of it'];

export function resourceCells(resource: Resource): Cell[] {
  const { name, unit, used, of, lost } = resource;
  const share = shareUsed(resource);
  return [name, fullness(resource), told(used, unit), told(of, unit), share === null ? null : 100 * share, lost];
}

export const resourceTable = (resources: readonly Resource[]): NamedTable => ({
  ...{ kind: 'table', id: 'ceilings', title: 'Everything that can run out' },
  columns: resourceColumns,
  rows: resources.map(resourceCells),
});

/** Those of which there is a known amount. */
export function resourcePicture(title: string, resources: readonly Resource[]): Picture {
  const shares = resources.flatMap((resource) => {
    const share = shareUsed(resource);
    const { name, unit, used, of } = resource;
    return share === null
      ? []
      : [{ name, share, used: resourceText(used as number, unit), of: resourceText(of as number, unit) }];
  });
  return sharesInUse({ id: 'saturation', title, text: saturationWords(resources), shares });
}
