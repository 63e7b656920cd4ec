import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { engineVersion } from './engine-version.ts';

/** Meta key under which the index keeps where the captures hold secrets of their own. */
export const ownSecretsKey = 'own-secrets';

/** Bytes of a TLS key log in a capture file, compression around it undone. */
export interface SecretsPlace {
  readonly offset: number;
  readonly length: number;
}

/** Where a capture file holds TLS key logs, in order; null: at more places than are noted, or nobody has looked. */
export type SecretsPlaces = readonly SecretsPlace[] | null;

export interface OwnSecretsNote {
  readonly exhibit: string;
  readonly places: SecretsPlaces;
}

/** Places noted of one file: Wireshark writes one or two blocks, and a file may hold millions. With more, the file is read again. */
export const maxPlaces = 256;

/**
 * What the last analysis learned about each of these exhibits, in their order; null where it is not known. Exhibits do not
 * change, so that it holds in an index that is merely stale too; another engine may have read damage otherwise.
 */
export function notedSecrets(index: IndexReader, exhibits: readonly string[]): readonly SecretsPlaces[] {
  const stored = index.pointer.engineVersion === engineVersion ? index.meta(ownSecretsKey) : null;
  const notes = new Map((Array.isArray(stored) ? stored.filter(isNote) : []).map((one) => [one.exhibit, one.places]));
  return exhibits.map((id) => notes.get(id) ?? null);
}

function isNote(value: unknown): value is OwnSecretsNote {
  if (typeof value !== 'object' || value === null) return false;
  const { exhibit, places } = value as Partial<OwnSecretsNote>;
  return typeof exhibit === 'string' && (places === null || arePlaces(places));
}

/** One behind the other and no more than are noted: what is there is read once at most. */
function arePlaces(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > maxPlaces || !value.every(isPlace)) return false;
  return value.every(({ offset }, i) => i === 0 || offset >= endOf(value[i - 1]));
}

const endOf = (place: SecretsPlace | undefined): number => (place === undefined ? 0 : place.offset + place.length);

function isPlace(value: unknown): value is SecretsPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { offset, length } = value as Partial<SecretsPlace>;
  return isCount(offset) && isCount(length);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
