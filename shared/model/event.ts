/** `usage`: the handset's own record of its use; it attests nothing that a person did. */
export type EventKind = 'consent-act' | 'stimulus' | 'note' | 'gap' | 'canary' | 'usage';

/**
 * Something that happened, attested by a person or read from the handset.
 * Attested events live in case.sqlite; events read from the handset are records (kind `event`) of the index and show here with `source` = exhibit id.
 */
export interface CaseEvent {
  readonly id: string;
  readonly run: string | null;
  readonly label: string | null;
  readonly handset: string | null;
  readonly kind: EventKind;
  /** UTC, on the clock that the run's captures use. */
  readonly at: string;
  /** As the handset's own clock said it, for events read from it. */
  readonly atHandset: string | null;
  /** On the workstation's clock, where `at` is the handset's because the packets stand on that: as it was stated, or by the offset measured. */
  readonly atWorkstation?: string;
  /** How far that may be off, in milliseconds, where it was worked out. */
  readonly atWorkstationBoundMs?: number;
  /** `assumed`: the handset's clock (or zone) could not be tied to the captures' clock, so that `at` is a guess. Absent: `at` holds. */
  readonly clock?: 'assumed';
  /** How far `at` may be off, either way, in milliseconds: the bound of the tie between the clocks. Absent: not known to be off. */
  readonly boundMs?: number;
  readonly text: string;
  readonly source: string;
}
