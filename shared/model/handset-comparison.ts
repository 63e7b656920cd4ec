/** The sum of a comparison of a handset's state before and after an acquisition. */
export interface ComparedSum {
  /** The acquisition (`A1`). */
  readonly subject: string;
  /** Lists that were read whole on both sides. */
  readonly lists: number;
  /** What differs and does not change by itself. */
  readonly differences: number;
  /** Clocks, counters and states that change by themselves. */
  readonly counters: number;
}

/** What custody notes of it (`handset-compared`). */
export function comparedNote({ subject, lists, differences, counters }: ComparedSum): string {
  return `${subject}: ${lists} lists compared; different: ${differences}; counting up by themselves: ${counters}`;
}

export function readComparedNote(note: string): ComparedSum | null {
  const [, subject, lists, differences, counters] =
    /^([^:]+): (\d+) lists compared; different: (\d+); counting up by themselves: (\d+)$/.exec(note) ?? [];
  if (subject === undefined) return null;
  return { subject, lists: Number(lists), differences: Number(differences), counters: Number(counters) };
}
