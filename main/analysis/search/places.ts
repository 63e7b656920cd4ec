/**
 * Where something has to be looked at closer, as pairs of numbers one behind the other. A place may turn out to hold nothing; what is
 * not among them holds nothing.
 */
export interface Places {
  /** Place of a word of four bytes, and the first entry of the literals that hold it (see literal-index.ts). */
  readonly words: ArrayLike<number>;
  /** Start and end of a maximal run of at least sixteen base64 characters. */
  readonly runs: ArrayLike<number>;
  /** Kind (the order of `kinds` in undo-escapes.ts) and place of an escape that is valid, or seems so. Ascending for each kind. */
  readonly escapes: ArrayLike<number>;
}
