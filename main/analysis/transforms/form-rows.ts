import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { equipmentRows } from './equipment-forms.ts';
import type { FormRow } from './form-row.ts';
import { subscriberRows } from './subscriber-forms.ts';

const foldedKinds: readonly IdentifierKind[] = ['serial', 'email', 'account', 'ssid'];
const typedKinds: readonly IdentifierKind[] = ['contact-name', 'cell-id', 'location', 'custom'];

const textRows: readonly FormRow[] = [
  {
    kinds: foldedKinds,
    form: null,
    source: 'as read, any case',
    edge: 'word',
    write: (v) => [...new Set([v, v.toLowerCase(), v.toUpperCase()])],
  },
  {
    kinds: ['ssid'],
    form: 'quoted',
    source: 'WifiInfo.getSSID',
    edge: null,
    digestOnly: true,
    write: (v) => [`"${v}"`],
  },
  {
    kinds: typedKinds,
    form: null,
    source: 'as typed, any case',
    edge: 'word',
    write: (v) => [...new Set([v, v.toLowerCase()])],
  },
  {
    kinds: [...typedKinds, ...foldedKinds],
    form: 'decomposed',
    source: 'Unicode 15 annex 15: NFD, as Apple file names',
    edge: 'word',
    rank: 1,
    write: (v) => [v.normalize('NFD')].filter((text) => text !== v),
  },
];

/** Identifier → normal forms: the first axis of the lattice, one row a form. */
export const formRows: readonly FormRow[] = [...equipmentRows, ...subscriberRows, ...textRows];
