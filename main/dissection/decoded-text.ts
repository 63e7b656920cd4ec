import { Connection, type Direction } from './direction.ts';
import type { BodySource, Emitter } from './emitter.ts';
import type { Origin } from './sink.ts';

/** A piece of text that a plain search of the bytes does not see, and the bytes that hold it. */
export interface TextPiece {
  readonly text: string;
  /** Bytes it came from: offsets in the datagram, or positions of the stream. */
  readonly from: number;
  readonly to: number;
  readonly field: string | null;
  readonly message: number | null;
}

/** A line of decoded text: `field=value`, so that the search sees the field's name beside the value. */
export function namedValue(field: string, value: string, from: number, to: number, message: number | null): TextPiece {
  return { text: `${field}=${value}\n`, from, to, field, message };
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly piece: TextPiece;
  readonly frames: readonly number[];
  readonly us: number;
}

/** Knows for each stretch of decoded text where its pieces stood. Needs nothing of the capture: it may be asked late. */
class TextSource implements BodySource {
  private readonly places: readonly Place[];
  private readonly channel: Origin['channel'];

  constructor(places: readonly Place[], channel: Origin['channel']) {
    this.places = places;
    this.channel = channel;
  }

  locate(from: number, to: number): Origin {
    const hit = this.places.filter((place) => place.end > from && place.start < to);
    const [first] = hit;
    const frames = [...new Set(hit.flatMap((place) => place.frames))].sort((a, b) => a - b);
    const us = hit.reduce((last, place) => (last >= place.us ? last : place.us), Number.NaN);
    if (first === undefined)
      return { frames, streamOffset: 0, atUs: us, channel: this.channel, field: null, message: null };
    const { piece } = first;
    // Where text and bytes are of one length each character stands on its byte.
    const exact = piece.to - piece.from === first.end - first.start;
    const streamOffset = piece.from + (exact ? Math.max(0, from - first.start) : 0);
    return { frames, streamOffset, atUs: us, channel: this.channel, field: piece.field, message: piece.message };
  }
}

function hand(
  out: Emitter,
  d: Direction,
  pieces: readonly TextPiece[],
  decodings: readonly string[],
  framesOf: (piece: TextPiece) => { readonly frames: readonly number[]; readonly us: number },
): void {
  if (pieces.length === 0) return;
  const blocks = pieces.map((piece) => Buffer.from(piece.text, 'utf8'));
  let at = 0;
  const places = pieces.map((piece, i) => {
    const start = at;
    at += blocks[i]?.length ?? 0;
    return { start, end: at, piece, ...framesOf(piece) };
  });
  const sequence = out.newSequence();
  const bytes = Buffer.concat(blocks, at);
  const source = new TextSource(places, out.channelOf(d.connection.row));
  out.decoded(d, sequence, 0, bytes, 0, at, decodings, source);
  out.endSequence(sequence);
}

/** Hands on text decoded from the datagram being dissected, as one byte sequence of its own. */
export function handDatagramText(
  out: Emitter,
  row: number,
  side: 0 | 1,
  pieces: readonly TextPiece[],
  decodings: readonly string[],
): void {
  if (pieces.length === 0) return;
  const place = { frames: [out.frame], us: out.us };
  const d = new Connection(row, out.table.clientSide(row), out.horizon).directions[side];
  hand(out, d, pieces, decodings, () => place);
}

/** Hands on text decoded from a stretch of the stream that was delivered not long ago. */
export function handStreamText(
  out: Emitter,
  d: Direction,
  pieces: readonly TextPiece[],
  decodings: readonly string[],
): void {
  hand(out, d, pieces, decodings, (piece) => d.segments.locate(piece.from, piece.to));
}
