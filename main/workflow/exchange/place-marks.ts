import type { ExchangeMark, ExchangeStretch } from '../../../shared/contract/exchange.ts';
import type { ByteRun, OriginSource } from '../../dissection/sink.ts';
import type { PlaceOfFrame } from '../capture-parts.ts';
import type { FindingPlace } from './exchange-job.ts';

/**
 * Findings that begin in `[at, at + length)`, counted as the finding counts: in the stream, the datagram or the decoded body.
 * `begin` is the offset of the stretch's first byte in the same count; `shift` leads from that count to the run's own.
 */
export function marksIn(
  places: readonly FindingPlace[],
  run: Pick<ByteRun, 'way' | 'layer' | 'decodings'>,
  at: number,
  length: number,
  begin: number,
  source: OriginSource,
  shift: number,
  isFrame: (place: PlaceOfFrame, frame: number | undefined) => boolean,
): ExchangeMark[] {
  const marks: ExchangeMark[] = [];
  for (const place of places) {
    const inBody = run.layer === 'body';
    if (inBody !== (place.bodyOffset !== null) || (place.way !== null && place.way !== run.way)) continue;
    const offset = place.bodyOffset ?? place.streamOffset;
    if (offset < at || offset >= at + length) continue;
    if (inBody && run.decodings.join() !== place.decodings.join()) continue;
    const span = Math.max(1, place.bytes.length);
    const origin = source.locate(offset + shift, offset + shift + span);
    if (origin.streamOffset !== place.streamOffset || !isFrame(place.firstFrame, origin.frames[0])) continue;
    marks.push({ from: offset - begin, to: offset - begin + span, key: place.key, number: place.number, exact: true });
  }
  return marks;
}

/** A mark is exact where the bytes that stand there are those that the finding holds, as far as both are known. */
export function checked(
  stretch: ExchangeStretch,
  held: Uint8Array,
  bytesOf: ReadonlyMap<string, Uint8Array>,
): ExchangeStretch {
  const marks = stretch.marks.map((mark) => {
    const wanted = bytesOf.get(mark.key) ?? new Uint8Array(0);
    const there = held.subarray(mark.from, Math.min(mark.to, stretch.bytes));
    const exact = there.length > 0 && Buffer.compare(there, wanted.subarray(0, there.length)) === 0;
    // Of what only the search has undone no more is known than where it begins.
    return { ...mark, to: exact ? mark.from + there.length : mark.from + 1, exact };
  });
  return { ...stretch, marks };
}
