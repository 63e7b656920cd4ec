import { type Origin, withFramesOf } from '../../dissection/sink.ts';
import type { Inflated } from './inflate.ts';
import { searchSpace, type SearchEngine } from './layered-search.ts';
import type { PendingHit } from './pending-hits.ts';
import type { RawMatch, Region } from './raw-match.ts';
import type { ValueOrigins } from './value-origins.ts';

/** Of the text on either side of where one member ends and the next begins, so much is searched as one. */
const seamBytes = 1024;

/** A member of which the seam holds bytes. */
interface SeamMember {
  /** Place in the seam's bytes where its text begins; below zero where the beginning is not kept. */
  readonly at: number;
  /** Where the member lies in the sequence. */
  readonly start: number;
  readonly end: number;
  readonly origins: ValueOrigins;
}

/** The end of what compressed members in a sequence gave, up to `end`: one that begins there goes on with their text. */
export interface Seam {
  readonly step: Inflated['step'];
  /** Offsets in the sequence: where the first member of the text begins, and where the next would. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  /** Of the whole text that they are the end of. */
  readonly length: number;
  readonly members: readonly SeamMember[];
}

/** A member as it lies in its sequence. */
export interface NextMember {
  readonly step: Inflated['step'];
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly origins: ValueOrigins;
}

/** Does `next` go on with the text that `seam` is the end of? */
export function continues(seam: Seam | null, next: NextMember): seam is Seam {
  return seam !== null && seam.step === next.step && seam.end === next.start;
}

/** What is to be kept of a member that is whole, behind those that it goes on with. `behind`: where the next one begins. */
export function seamBehind(seam: Seam | null, member: NextMember, behind: number): Seam {
  const { step, start, end, bytes, origins } = member;
  const own = bytes.subarray(Math.max(0, bytes.length - seamBytes));
  const older =
    seam === null ? own.subarray(0, 0) : seam.bytes.subarray(Math.max(0, seam.bytes.length + own.length - seamBytes));
  const kept = new Uint8Array(older.length + own.length);
  kept.set(older);
  kept.set(own, older.length);
  const left = seam === null ? 0 : seam.bytes.length - older.length;
  const all = (seam?.members ?? []).map((one) => ({ ...one, at: one.at - left }));
  // Of those before it stays what has bytes here: each reaches to where the next begins.
  const members = all.filter((one, i) => (all[i + 1]?.at ?? older.length) > Math.max(0, one.at));
  if (own.length > 0) members.push({ at: kept.length - bytes.length, start, end, origins });
  return {
    step,
    start: seam?.start ?? start,
    end: behind,
    bytes: kept,
    length: (seam?.length ?? 0) + bytes.length,
    members,
  };
}

/** The seam that `value`, or one that is yet to begin, goes on from; null where none does. */
export function openSeam(
  seam: Seam | null,
  value: { readonly start: number; readonly seam: Seam | null } | null,
): Seam | null {
  const before = value === null ? seam : value.seam;
  return before === null || (value !== null && value.start !== before.end) ? null : before;
}

/** Offset in the sequence from which on what was found may still change with what goes on at the seam. */
export function unsettledFrom(seam: Seam | null): number {
  return seam === null ? Infinity : (seam.members[0]?.start ?? seam.end);
}

/** May what was found still change with that? Only what lies in the end of the text. */
export function touchesSeam(seam: Seam, { places }: PendingHit): boolean {
  const place = places.get(seam.start);
  return place !== undefined && place.base + place.to > seam.length - seam.bytes.length;
}

/**
 * Searches what lies across the seam and the beginning of `next`, and what ends or begins at the seam: its member alone does not show
 * what stands on the other side. Matches get the range of their members, relative to `next.start`.
 */
export function searchSeam(
  engine: SearchEngine,
  seam: Seam,
  next: NextMember,
  onMatch: (match: RawMatch, origin: Origin) => void,
): void {
  const border = seam.bytes.length;
  if (border === 0 || next.bytes.length === 0) return;
  const bytes = new Uint8Array(border + Math.min(seamBytes, next.bytes.length));
  bytes.set(seam.bytes);
  bytes.set(next.bytes.subarray(0, bytes.length - border), border);
  const begins = (seam.members[0]?.at ?? 0) === 0;
  const region: Region = { bytes, from: 0, to: bytes.length, begins, ends: false, runStart: 0, cut: false };
  const members: readonly SeamMember[] = [...seam.members, { at: border, ...next }];
  const textAt = seam.length - border;
  engine.across = border;
  searchSpace(engine, { bytes, length: bytes.length, regionAt: () => region, phases: [] }, (match) => {
    if (match.from > border || match.to < border) return;
    const own = members.filter((one, i) => one.at < match.to && match.from < (members[i + 1]?.at ?? Infinity));
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return;
    const origins = own.map((one, i) => one.origins.of(one.start, own[i + 1]?.start ?? one.end));
    const found = {
      ...match,
      steps: [...match.steps, next.step],
      inner: {
        from: match.from - first.at,
        to: match.to - first.at,
        base: textAt + first.at,
        root: seam.start - next.start,
        deeper: match.inner,
      },
      from: first.start - next.start,
      to: last.end - next.start,
      undone: true,
    };
    onMatch(found, withFramesOf(origins[0] as Origin, origins));
  });
  engine.across = null;
}
