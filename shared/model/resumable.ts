import type { Acquisition } from './acquisition.ts';

/** What somebody is about to acquire. */
export type AcquisitionWish = Pick<Acquisition, 'handset' | 'label' | 'run' | 'profile' | 'collectors'>;

/** An acquisition and those that it goes on with, the first one first; of rows that lead in a circle, each once. */
export function partsOf(acquisitions: readonly Acquisition[], id: string): readonly Acquisition[] {
  const parts: Acquisition[] = [];
  for (let next: string | undefined = id; next !== undefined;) {
    const wanted: string = next;
    const found = acquisitions.find((one) => one.id === wanted);
    if (found === undefined || parts.includes(found)) break;
    parts.unshift(found);
    next = found.continues;
  }
  return parts;
}

/**
 * The acquisition that can be gone on with: the last one of this handset, label, run and profile (of one's own selection, with
 * the same collectors), where it was cut off. Null: there is none. `acquisitions` in the order in which they began.
 */
export function resumable(acquisitions: readonly Acquisition[], wish: AcquisitionWish): Acquisition | null {
  const last = acquisitions.findLast(
    (one) =>
      one.handset === wish.handset &&
      one.label === wish.label &&
      one.run === wish.run &&
      one.profile === wish.profile &&
      (wish.profile !== 'own' || sameCollectors(partsOf(acquisitions, one.id)[0]?.collectors, wish.collectors)),
  );
  return last?.outcome === 'interrupted' ? last : null;
}

function sameCollectors(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}
