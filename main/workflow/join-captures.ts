import type { JoinedCapture } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { Conduct } from './conduct.ts';
import type { StoredCapture } from './copy-capture.ts';
import type { Gap } from './gaps.ts';
import { gap } from './gaps.ts';
import { instantOfUs } from './instants.ts';
import { wordsFor } from './words.ts';

export interface Joined {
  /** Null: the files stay exhibits by themselves, and `gaps` says why. */
  readonly capture: JoinedCapture | null;
  readonly gaps: readonly Gap[];
}

/**
 * Where a program goes over to the next file, packets of several queues may stand a little out of order. More than this is
 * no rotation: two recordings of one time, which cannot be read one after the other.
 */
const overlapAllowedUs = 1_000_000;

interface Timed extends StoredCapture {
  readonly span: NonNullable<StoredCapture['span']>;
}

/**
 * States in the case that the stored captures are one recording, in the order of their first packets, whatever the order in
 * which they were named. What cannot be a part of one (no packet with a time, the very bytes of another, an overlap in
 * time) is told, never forced.
 */
export function joinByTime(
  writer: CaseWriter,
  stored: readonly StoredCapture[],
  conduct: Pick<Conduct, 'lang' | 'notice'>,
): Result<Joined> {
  const gaps: Gap[] = [];
  const fitting: Timed[] = [];
  for (const one of stored) {
    const { exhibit, span } = one;
    const twin = fitting.find((other) => other.exhibit.sha256 === exhibit.sha256);
    const named = { exhibit: exhibit.id, name: exhibit.originalName };
    if (span === null) gaps.push(gap('join-no-time', named));
    else if (twin !== undefined) gaps.push(gap('join-same-bytes', { ...named, other: twin.exhibit.id }));
    else fitting.push({ ...one, span });
  }
  const ordered = fitting.toSorted((a, b) => a.span.firstUs - b.span.firstUs || a.span.lastUs - b.span.lastUs);
  const clash = overlapIn(ordered);
  if (clash !== null) return ok({ capture: null, gaps: [...gaps, clash] });
  if (ordered.length < 2) return ok({ capture: null, gaps: [...gaps, gap('join-too-few')] });
  const ids = ordered.map((one) => one.exhibit.id);
  const joined = writer.joinCaptures(ids);
  if (!joined.ok) return joined;
  const first = instantOfUs(Math.min(...ordered.map((one) => one.span.firstUs)));
  const last = instantOfUs(Math.max(...ordered.map((one) => one.span.lastUs)));
  const words = wordsFor(conduct.lang);
  const params = { capture: joined.value.id, exhibits: ids.join(', '), first, last };
  conduct.notice?.(words('host.captures-joined', params));
  if (ids.some((id, n) => id !== fitting[n]?.exhibit.id)) conduct.notice?.(words('host.captures-reordered'));
  return ok({ capture: joined.value, gaps });
}

/** The first two files whose times overlap by more than going over to the next file explains. */
function overlapIn(ordered: readonly Timed[]): Gap | null {
  let latest = ordered[0];
  for (const one of ordered.slice(1)) {
    if (latest === undefined) return null;
    const overlapUs = Math.min(latest.span.lastUs, one.span.lastUs) - one.span.firstUs;
    if (overlapUs > overlapAllowedUs) {
      const seconds = Math.round(overlapUs / 100_000) / 10;
      return gap('join-overlap', { exhibit: one.exhibit.id, other: latest.exhibit.id, seconds });
    }
    if (one.span.lastUs > latest.span.lastUs) latest = one;
  }
  return null;
}
