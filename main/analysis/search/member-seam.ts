import type { Origin } from '../../dissection/sink.ts';
import type { Inflated } from './inflate.ts';
import { type RawMatch, searchSpace, type Region, type SearchEngine } from './layered-search.ts';
import type { ValueOrigins } from './value-origins.ts';

/** Of the text on either side of where one member ends and the next begins, so much is searched as one. */
const seamBytes = 1024;

/** A member of which the seam holds bytes. */
interface SeamMember {
  /** Place in the seam's bytes where its text begins; below zero where the beginning is not kept. */
  readonly at: number;
  /** Offset of the member in the sequence. */
  readonly start: number;
  readonly origins: ValueOrigins;
}

/** The end of what compressed members in a sequence gave, up to `end`: one that begins there goes on with their text. */
export interface Seam {
  readonly step: Inflated['step'];
  /** Offset in the sequence. */
  readonly end: number;
  readonly bytes: Uint8Array;
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

/** What is to be kept of a member that is whole, behind those that it goes on with. */
export function seamBehind(seam: Seam | null, { step, start, end, bytes, origins }: NextMember): Seam {
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
  if (own.length > 0) members.push({ at: kept.length - bytes.length, start, origins });
  return { step, end, bytes: kept, members };
}

/** Searches what lies across the seam and the beginning of `next`. Matches get the range of their members, relative to `next.start`. */
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
  searchSpace(engine, { bytes, length: bytes.length, regionAt: () => region, phases: [] }, (match) => {
    const first = seam.members.findLastIndex((one) => one.at <= match.from);
    const member = seam.members[first];
    if (match.from >= border || match.to <= border || match.inner !== null || member === undefined) return;
    const origins = [
      ...seam.members.slice(first).map((one, i, rest) => one.origins.of(one.start, rest[i + 1]?.start ?? seam.end)),
      next.origins.of(next.start, next.end),
    ];
    const frames = [...new Set(origins.flatMap((one) => one.frames))].sort((a, b) => a - b);
    const inner = { from: match.from - member.at, to: match.to - member.at };
    const found = {
      ...match,
      steps: [...match.steps, next.step],
      inner,
      from: member.start - next.start,
      to: next.end - next.start,
      undone: true,
    };
    onMatch(found, { ...(origins[0] as Origin), frames });
  });
}
