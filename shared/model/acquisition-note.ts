import type { Acquisition } from './acquisition.ts';

/** What an acquisition states of itself as it begins, beside its row. */
export type AcquisitionScope = Pick<Acquisition, 'collectors'>;

const mostCollectors = 100;
const collectorId = /^[a-z][a-z0-9-]{0,40}$/;

/** What custody notes as an acquisition begins: its id, and what it asks where that is no named profile. */
export function startedNote(id: string, { collectors }: AcquisitionScope): string {
  return collectors === undefined ? id : `${id}; asks: ${collectors.join(', ')}`;
}

/** The note's parts again; null when it is none of ours. */
export function readStartedNote(note: string): ({ readonly id: string } & AcquisitionScope) | null {
  const [, id, listed] = /^(A\d{1,9})(?:; asks: ([a-z0-9, -]{1,4200}))?$/.exec(note) ?? [];
  if (id === undefined) return null;
  if (listed === undefined) return { id };
  const collectors = listed.split(', ');
  return collectors.length <= mostCollectors && collectors.every((one) => collectorId.test(one))
    ? { id, collectors }
    : null;
}
