import type { SnapshotRecord } from '../../shared/model/record.ts';
import type { Salt } from '../analysis/search/patterns.ts';

const properties: ReadonlyMap<string, Salt['what']> = new Map([
  ['ro.product.model', 'model'],
  ['ro.product.brand', 'brand'],
  ['ro.product.manufacturer', 'manufacturer'],
  ['ro.product.device', 'device'],
  ['ro.product.board', 'board'],
  ['ro.hardware', 'hardware'],
  ['ro.build.fingerprint', 'fingerprint'],
]);

/** What a record tells that software hashes along with identifiers: model, brand and the like, and names of packages; null for the rest. */
export function saltOf(record: SnapshotRecord): Salt | null {
  if (record.kind === 'package') return { what: 'package', value: record.name, handset: record.handset };
  if (record.kind !== 'property') return null;
  const what = properties.get(record.name);
  return what === undefined || record.value === '' ? null : { what, value: record.value, handset: record.handset };
}
