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

/** What of a list is asked for in full; everything else that is other people's is masked. */
export interface ShownInFull {
  /** Names of accounts. */
  readonly names: boolean;
  /** Texts of messages. */
  readonly texts: boolean;
}

/** What stands for the text of a message: not even how long it is. */
const maskedText = '••••••••';

/**
 * A record as it is listed: of an account one sees its type (in `method`), of a text message when, from or to whom and which it is; the
 * name and the text where they are asked for (docs/decisions/0011, 0015).
 */
export function listedRecord<R extends SnapshotRecord>(record: R, { names, texts }: ShownInFull): R {
  if (record.kind === 'fact' && record.topic === 'message-text')
    return texts || record.value === '' ? record : { ...record, value: maskedText, masked: true };
  if (names || record.kind !== 'identifier' || !accountKinds.has(record.identifierKind)) return record;
  return { ...record, value: maskIdentifier('account', record.value), masked: true };
}
