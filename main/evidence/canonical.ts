import { createHash, randomBytes } from 'node:crypto';
import type { SqliteValue } from './sqlite.ts';

/**
 * Canonical row, version 1. One line for the table, then one field for each column in the order of `rowFormats`:
 *
 *     <table> LF
 *     <column> ":" <type> ":" <length in bytes> ":" <bytes> LF
 *
 * with type `null`, `integer` (decimal ASCII), `text` (UTF-8) or `blob`. The length comes before the bytes, so no value
 * can pretend to be another field. The row hash is SHA-256("handsight-row " version LF nonce canonical-row).
 */
export interface RawValue {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export const zeroHash = '0'.repeat(64);
const noBytes = new Uint8Array(0);

/** A value as SQLite's STRICT tables keep it. Lone surrogates become U+FFFD: UTF-8 has no form for them. */
export function rawValue(value: SqliteValue): RawValue {
  if (value === null) return { type: 'null', bytes: noBytes };
  if (typeof value === 'string') return { type: 'text', bytes: Buffer.from(value, 'utf8') };
  if (typeof value === 'bigint') return { type: 'integer', bytes: Buffer.from(value.toString(), 'latin1') };
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer that a case can hold: ${value}`);
    return { type: 'integer', bytes: Buffer.from(value.toString(), 'latin1') };
  }
  return { type: 'blob', bytes: value };
}

/** The canonical bytes of a row (see above). */
export function canonicalRow(table: string, fields: readonly (readonly [string, RawValue])[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from(`${table}\n`, 'utf8')];
  for (const [column, value] of fields) {
    parts.push(Buffer.from(`${column}:${value.type}:${value.bytes.length}:`, 'utf8'), value.bytes, lineFeed);
  }
  return Buffer.concat(parts);
}
const lineFeed = Buffer.from('\n', 'latin1');

/** A fresh nonce: keeps a published chain from being enumerated for IMEIs and numbers. */
export function newNonce(): Buffer {
  return randomBytes(16);
}

export function hashRow(rowFormat: number, nonce: Uint8Array, canonical: Uint8Array): string {
  return createHash('sha256').update(`handsight-row ${rowFormat}\n`).update(nonce).update(canonical).digest('hex');
}

export interface ChainLink {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly note: string | null;
  readonly rowHash: string | null;
  readonly previousHash: string;
}

/** SHA-256 of a custody entry in the same canonical form, over everything that is published of it. */
export function hashLink(link: ChainLink): string {
  const fields = (
    [
      ['seq', link.seq],
      ['at', link.at],
      ['actor', link.actor],
      ['action', link.action],
      ['subject', link.subject],
      ['note', link.note],
      ['row_hash', link.rowHash],
      ['previous_hash', link.previousHash],
    ] as const
  ).map(([name, value]) => [name, rawValue(value)] as const);
  return createHash('sha256').update('handsight-custody 1\n').update(canonicalRow('custody', fields)).digest('hex');
}
