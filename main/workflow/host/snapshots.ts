import type { Page } from '../../../shared/contract/operation.ts';
import { ok } from '../../../shared/model/problem.ts';
import { appSectionsOf, appsOf, snapshotPlaces, valuesOf } from '../browse-snapshot.ts';
import { withLastIndex } from '../current-index.ts';
import { quickConduct } from './host-context.ts';
import type { HostHandlers } from './host-protocol.ts';

/** A page by position: the laid-out snapshot stands still as long as its index does. */
function pageAt<Row>(all: readonly Row[], after: string | null, limit: number): Page<Row> {
  const from = after === null ? 0 : Math.max(0, Math.trunc(Number(after)) || 0);
  const rows = all.slice(from, from + limit);
  return { rows, next: from + limit < all.length ? String(from + limit) : null, total: all.length };
}

type Handlers = Pick<HostHandlers, 'snapshot.places' | 'snapshot.values' | 'snapshot.apps' | 'snapshot.app'>;

export const snapshotHandlers: Handlers = {
  'snapshot.places': ({ directory }, envelope) =>
    withLastIndex(directory, quickConduct(envelope), (reader, index) =>
      ok(snapshotPlaces(reader, index, envelope.language)),
    ),
  'snapshot.values': ({ directory, label, handset, kind, text, after, limit }, envelope) =>
    withLastIndex(directory, quickConduct(envelope), (reader, index) => {
      const rows = valuesOf(reader, index, { label, handset }, { kind, text }, envelope.language);
      return ok(pageAt(rows, after, limit));
    }),
  'snapshot.apps': ({ directory, label, handset, text, after, limit }, envelope) =>
    withLastIndex(directory, quickConduct(envelope), (reader, index) => {
      const rows = appsOf(reader, index, { label, handset }, text, envelope.language);
      return ok(pageAt(rows, after, limit));
    }),
  'snapshot.app': ({ directory, label, handset, package: name, text }, envelope) =>
    withLastIndex(directory, quickConduct(envelope), (reader, index) =>
      ok(appSectionsOf(reader, index, { label, handset }, { package: name, text }, envelope.language)),
    ),
};
