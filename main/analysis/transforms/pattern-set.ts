import type { DataCategory } from '../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { DigestTable } from './digest-table.ts';
import type { PartialEdges } from './encodings.ts';
import type { Edge } from './normal-forms.ts';

/** What is searched for. Plain data: it survives structured clone to a worker. */
export interface PatternSet {
  readonly version: 1;
  readonly values: readonly PatternValue[];
  readonly literals: readonly LiteralPattern[];
  readonly digests: DigestTable;
  /** Writings that are looked for only in a field named like their kind (short-fields.ts). */
  readonly fieldForms: readonly FieldForm[];
  readonly counts: PatternCounts;
  /** What is not searched, and why: said in reports, never silent. */
  readonly skipped: readonly SkippedPattern[];
}

export interface PatternCounts {
  readonly values: number;
  readonly literals: number;
  readonly digests: number;
  readonly fieldForms: number;
  /** Literals left out because the limit of 20,000 was reached: incompleteness to be reported. */
  readonly literalsDropped: number;
  /** Which those were: writing (`base64`, `sha1`, `plain` …) and count, most first. */
  readonly dropped: readonly { readonly writing: string; readonly count: number }[];
  /** Of the digests: those of an identifier joined with another value. */
  readonly joined: number;
  /** Joined digests left out because of their own limit. */
  readonly joinedDropped: number;
}

/** One value of one kind; several handsets may share it (a contact in both address books). */
export interface PatternValue {
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly owners: readonly { readonly id: string; readonly handset: string }[];
  /** Set where it is no listed identifier: then it has no owner. */
  readonly beside?: BesideIdentifiers;
}

/** What is searched for beside listed identifiers: texts of a data category, and fields that are named and built like something. */
export interface BesideIdentifiers {
  /** Null: a value that would be an identifier, to be proposed. */
  readonly category: DataCategory | null;
  /** `FieldProbe.id`, or null for a text. */
  readonly probe: string | null;
  /** Handsets whose records hold the text; empty for a probe. */
  readonly handsets: readonly string[];
}

export interface LiteralPattern {
  /** Index into `values`. */
  readonly value: number;
  readonly form: string | null;
  readonly steps: readonly string[];
  readonly bytes: Uint8Array;
  readonly fold: boolean;
  /** Neighbours that make it part of something longer; `null` for a digest's raw bytes. */
  readonly edge: Edge | null;
  readonly partial?: PartialEdges;
  /** Of a field probe: where in the pattern the field's name ends. What is reported is the field's value. */
  readonly nameEnd?: number;
  /** Characters of the identifier that the pattern fixes: the more, the more specific. */
  readonly span: number;
  /** log2 of the chance of this text at one place of random text of its own alphabet, negated. */
  readonly bits: number;
}

export interface DigestPattern {
  readonly value: number;
  readonly form: string | null;
  /** Steps from the identifier to what is hashed; absent where that is its text. */
  readonly before?: readonly string[];
  readonly algorithm: string;
  readonly digest: Uint8Array;
}

/** A text too short to be searched everywhere. */
export interface FieldForm {
  readonly value: number;
  readonly form: string | null;
  readonly steps: readonly string[];
  readonly bytes: Uint8Array;
  readonly bits: number;
}

export interface SkippedPattern {
  readonly id: string;
  readonly kind: IdentifierKind;
  /** `in-fields`: of few bytes, and searched only in fields named like its kind; `short`: not even there. Its digests are searched everywhere. */
  readonly reason: 'placeholder' | 'short' | 'in-fields' | 'limit' | 'not-canonical';
}
