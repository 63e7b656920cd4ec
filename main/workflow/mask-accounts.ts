import type { Identifier, IdentifierKind } from '../../shared/model/identifier.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { maskIdentifier } from '../report/mask.ts';

/** What names a person's account. Other identifiers are the handset's or the card's, and are compared with label and SIM by eye. */
const accountKinds: ReadonlySet<string> = new Set<IdentifierKind>(['account', 'email']);

/**
 * Identifiers as they are listed: the names of accounts that only the handset told are masked, unless they are asked for; one that
 * a person typed is known already (docs/decisions/0011). What is searched for are the values in the case, whatever is listed.
 */
export function listedIdentifiers(rows: readonly Identifier[], names: boolean): readonly Identifier[] {
  if (names) return rows;
  const typed = new Set(rows.filter(({ source }) => !/^E\d+$/.test(source)).map(({ id }) => id));
  return rows.map((row) =>
    accountKinds.has(row.kind) && !typed.has(row.id)
      ? {
          ...row,
          value: maskIdentifier(row.kind, row.value),
          original: maskIdentifier(row.kind, row.original),
          masked: true,
        }
      : row,
  );
}

/** A record as it is listed: of an account one sees its type (in `method`), and its name where it is asked for. */
export function listedRecord<R extends SnapshotRecord>(record: R, names: boolean): R {
  if (names || record.kind !== 'identifier' || !accountKinds.has(record.identifierKind)) return record;
  return { ...record, value: maskIdentifier('account', record.value), masked: true };
}
