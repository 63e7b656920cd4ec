import { u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { isHttpStartLine } from './http-head.ts';
import { isSipStart } from './sip-message.ts';
import { beginsTlsUpgrade, TlsParser } from './tls-parser.ts';

/** Segments of a conversation seen from its opening in which another protocol may still begin: behind SOCKS, say. */
const LOOKS = 16;

/**
 * Bytes nobody recognised: handed on to be searched all the same. A direction that was seen from its middle on is watched
 * for the next message that begins with a segment, and any for an upgrade to TLS.
 */
export class UnknownParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  /** What the flow was known as when this began. */
  private named: number;
  /** How often the beginning of a segment is still looked at; without end where the conversation's own beginning was missed. */
  private looks: number;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.named = out.table.application[d.connection.row] as number;
    this.looks = out.table.synSeen(d.connection.row) ? LOOKS : Number.POSITIVE_INFINITY;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (beginsTlsUpgrade(b, start, end)) {
      this.out.recognise(this.d.connection.row, 'tls', 'tls');
      const tls = new TlsParser(this.out, this.d);
      this.d.parser = tls;
      return tls.feed(b, start, end, position);
    }
    if (this.named !== 0 || !this.mayBegin(b, start, end)) return false;
    const fresh = this.out.freshParser(this.d, position);
    this.d.parser = fresh;
    return fresh.feed(b, start, end, position);
  }

  /** Only beginnings that no accident makes; or the other direction has meanwhile told what is spoken here. */
  private mayBegin(b: Uint8Array, start: number, end: number): boolean {
    const application = this.out.table.application[this.d.connection.row] as number;
    if (application !== 0) {
      this.named = application;
      return true;
    }
    if (this.looks === 0) return false;
    this.looks--;
    const first = u8(b, start);
    // Both begin with a capital letter.
    return first >= 65 && first <= 90 && (isHttpStartLine(b, start, end) || isSipStart(b, start, end));
  }

  gap(): void {
    this.looks = Number.POSITIVE_INFINITY;
  }

  end(): void {
    // Nothing is held back.
  }

  pending(): null {
    return null;
  }
}
