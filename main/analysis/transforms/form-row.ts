import type { IdentifierKind } from '../../../shared/model/identifier.ts';

export type Edge = 'digit' | 'hex' | 'word';

/** One row of the first axis: a way in which identifiers of some kinds are written. */
export interface FormRow {
  readonly kinds: readonly IdentifierKind[];
  readonly form: string | null;
  /** Who writes it so. */
  readonly source: string;
  readonly write: (value: string) => readonly string[];
  readonly edge: Edge | null;
  /** Bits of the text that are the same for every identifier, and say nothing. */
  readonly constantBits?: number;
  readonly rank?: 1 | 2;
  readonly digestOnly?: true;
}
