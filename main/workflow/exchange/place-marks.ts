import type { ExchangeMark } from '../../../shared/contract/exchange.ts';
import type { ByteRun, OriginSource } from '../../dissection/sink.ts';
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
    if (origin.streamOffset !== place.streamOffset || origin.frames[0] !== place.firstFrame) continue;
    marks.push({ from: offset - begin, to: offset - begin + span, key: place.key, number: place.number, exact: true });
  }
  return marks;
}
