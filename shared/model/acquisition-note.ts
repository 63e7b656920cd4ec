import type { Acquisition } from './acquisition.ts';
import { differences } from './acquisition.ts';

/** What an acquisition states of itself as it begins, beside its row. */
export type AcquisitionScope = Pick<Acquisition, 'collectors' | 'continues' | 'insteadOf'>;

const mostCollectors = 100;
const collectorId = /^[a-z][a-z0-9-]{0,40}$/;

/**
 * What custody notes as an acquisition begins: its id, which one it goes on with or begins over instead of, and what it asks
 * where that is not what a named profile asks.
 */
export function startedNote(id: string, { collectors, continues, insteadOf }: AcquisitionScope): string {
  return [
    id,
    ...(continues === undefined ? [] : [`continues ${continues}`]),
    ...(insteadOf === undefined ? [] : [`instead of ${insteadOf.id}: ${insteadOf.because.join(', ')}`]),
    ...(collectors === undefined ? [] : [`asks: ${collectors.join(', ')}`]),
  ].join('; ');
}

/** The note's parts again; null when it is none of ours. */
export function readStartedNote(note: string): ({ readonly id: string } & AcquisitionScope) | null {
  const [, id, continues, other, why, listed] =
    /^(A\d{1,9})(?:; continues (A\d{1,9}))?(?:; instead of (A\d{1,9}): ([a-z, ]{1,60}))?(?:; asks: ([a-z0-9, -]{1,4200}))?$/.exec(
      note,
    ) ?? [];
  if (id === undefined) return null;
  const collectors = listed?.split(', ');
  if (collectors !== undefined && collectors.length > mostCollectors) return null;
  if (collectors?.some((one) => !collectorId.test(one)) === true) return null;
  const because = differences.filter((one) => why?.split(', ').includes(one));
  return {
    id,
    ...(continues === undefined ? {} : { continues }),
    ...(other === undefined ? {} : { insteadOf: { id: other, because } }),
    ...(collectors === undefined ? {} : { collectors }),
  };
}
