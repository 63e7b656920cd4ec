import type { CategoryRule } from './data-category.ts';

/** The mobile cell in fields that are named so: area code and cell number (3GPP TS 23.003 4). */
export const cell: CategoryRule = {
  name: 'cell',
  source: 'GsmCellLocation.getCid and getLac; location services ask by cell',
  severity: 'medium',
  least: 1,
  probes: [
    {
      id: 'category-cell',
      kind: 'cell-id',
      category: 'cell',
      source: '3GPP TS 23.003 4.3: at most 28 bits',
      endings: ['cell_id', 'cellid', 'cell-id', 'celltower'],
      name: /cell[_-]?(id|tower)$/i,
      looks: (v) => /^[1-9]\d{2,8}$/.test(v) && Number(v) < 2 ** 28,
    },
    {
      id: 'category-lac',
      kind: 'cell-id',
      category: 'cell',
      source: '3GPP TS 23.003 4.1: sixteen bits',
      endings: ['lac'],
      numbers: true,
      name: /(^|[^a-z])lac$/i,
      looks: (v) => /^[1-9]\d{1,4}$/.test(v) && Number(v) < 0xfffe,
    },
  ],
};
