import type { BesideIdentifiers } from '../transforms/pattern-set.ts';
import { categoryOf } from '../categories/categories.ts';
import type { Hit } from './hit.ts';

/** Values proposed of one capture, some of which are listed: the rule takes all of them. */
const maxProposed = 1000;
/** Places of data categories in one capture. */
const maxPlaces = 50_000;

/**
 * What of the hits beside identifiers is handed on: each proposed value once, each text of a category once in a conversation (in a message,
 * where a category is made of several), and only towards the server. A name of a package may stand in every request.
 */
export class BesideGate {
  readonly #seen = new Set<string>();
  #proposed = 0;
  #places = 0;

  /** `admitted`; null: it adds nothing; else the cap that bit. */
  admit(hit: Hit, { category, probe }: BesideIdentifiers): string | null {
    if (hit.way !== 0) return null;
    const key = category === null ? proposalKey(hit) : placeKey(hit, probe === null && isMany(category));
    if (this.#seen.has(key)) return null;
    if (category === null ? this.#proposed >= maxProposed : this.#places >= maxPlaces)
      return category === null ? 'cap-proposals' : 'cap-categories';
    if (category === null) this.#proposed++;
    else this.#places++;
    this.#seen.add(key);
    return 'admitted';
  }
}

const isMany = (category: NonNullable<BesideIdentifiers['category']>): boolean =>
  (categoryOf(category)?.least ?? 1) > 1;

function proposalKey({ value, context }: Hit): string {
  return `${value} ${Buffer.from(context.bytes.subarray(context.start, context.end)).toString('latin1')}`;
}

function placeKey({ value, flow, layer, sequence, origin }: Hit, byMessage: boolean): string {
  return byMessage ? `${value} ${flow} ${layer} ${origin.message ?? `s${sequence}`}` : `${value} ${flow}`;
}
