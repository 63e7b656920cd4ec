import { createHash } from 'node:crypto';

export interface KeyParts {
  readonly rule: string;
  readonly version: number;
  readonly exhibitSha256: string;
  /** Offset in the stream, with that in the decoded body where there is one; another stable place for what has no offset. */
  readonly offset: string;
  /** Kind and value, never a display id: ids are allotted by order of entry. */
  readonly identifier: string;
  readonly transform: readonly string[];
}

/** Outlives the index: the same bytes under the same rule give the same key, whenever and wherever they are analysed. 32 hex digits. */
export function findingKey(parts: KeyParts): string {
  const fields = [
    parts.rule,
    String(parts.version),
    parts.exhibitSha256,
    parts.offset,
    parts.identifier,
    parts.transform.join('>'),
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32);
}
