import type { DataCategory, Severity } from '../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import type { FieldProbe } from '../transforms/field-probe.ts';

/** Data of one kind beside identifiers, and how they are recognised: from what the handset's own records hold, or by field and shape. */
export interface CategoryRule {
  readonly name: DataCategory;
  /** Why it is looked for: who was seen to send it. */
  readonly source: string;
  /** Where anybody on the path can read it; one step less elsewhere. */
  readonly severity: Severity;
  /** Different values in one message from which it is the category: one package name says nothing, ten are a list. */
  readonly least: number;
  /** What nearly every request holds is told once a capture, with how many receive it; the rest once a recipient. */
  readonly oncePerCapture?: true;
  /** Texts of the handset's own that make up the category. */
  readonly seedsOf?: (record: SnapshotRecord) => readonly string[];
  /** Their MD5, SHA-1 and SHA-256 are looked for as well. */
  readonly hashed?: true;
  /** Values that nobody listed, by field and shape: `possible` at most. */
  readonly probes?: readonly FieldProbe[];
  /** Listed identifiers that make up the category when there are several in one message. */
  readonly kinds?: readonly IdentifierKind[];
}

/** A text that belongs to a category on a handset. */
export interface CategorySeed {
  readonly category: DataCategory;
  readonly value: string;
  readonly handset: string;
}
