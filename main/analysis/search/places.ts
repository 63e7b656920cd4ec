/**
 * Where something has to be looked at closer, as pairs of numbers one behind the other. A place may turn out to hold nothing; what is
 * not among them holds nothing.
 */
export interface Places {
  /** Place of a word of four bytes, and the first entry of the literals that hold it (see literal-index.ts). */
  readonly words: ArrayLike<number>;
  /** Start and end of a maximal run of at least sixteen base64 characters. */
  readonly runs: ArrayLike<number>;
  /** Kind (see places.ts) and place of an escape that is valid, or seems so. Ascending for each kind. */
  readonly escapes: ArrayLike<number>;
}

/** Kinds of escapes, in the order in which their regions are looked at. */
export const escapeKinds = {
  percent: 0,
  jsonUnicode: 1,
  jsonSolidus: 2,
  entity: 3,
  quotedBreak: 4,
  quotedLine: 5,
  quotedField: 6,
} as const;
