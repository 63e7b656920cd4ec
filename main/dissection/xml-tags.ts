import { latin1, u8 } from './bytes.ts';

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const BANG = 33;
const QUESTION = 63;
const DOUBLE = 34;
const SINGLE = 39;
const HANDSHAKE = 22;
/** Characters of one tag that are kept. */
const MAX_TAG_BYTES = 4096;
/** Told tags are those of the stream (depth 0) and directly below it (depth 1). */
const TOLD_DEPTH = 1;

/**
 * Finds the tags of an XML stream near its root, however it is cut. Every byte is looked at once and only one tag is kept.
 * XMPP forbids comments, declarations and sections in CDATA are text (RFC 6120, 11.1): what begins with `!` is passed over.
 */
export class XmlTags {
  private readonly onTag: (tag: string, position: number, whole: boolean) => void;
  private depth = 0;
  private inside = false;
  private quote = 0;
  private slashLast = false;
  private first = 0;
  private tagAt = 0;
  private buffer = new Uint8Array(256);
  private held = 0;
  private cut = false;
  private lost = false;

  /** `onTag` gets what stands between `<` and `>`, and where the `<` stood. */
  constructor(onTag: (tag: string, position: number, whole: boolean) => void) {
    this.onTag = onTag;
  }

  /** A new document begins. */
  restart(): void {
    this.depth = 0;
    this.inside = false;
    this.lost = false;
  }

  /** Bytes are missing: the depth is not known any more until the stream is opened anew. */
  lose(): void {
    this.lost = true;
    this.inside = false;
  }

  /** @returns where a byte stands that no XML holds between its tags and TLS begins with, or `end` */
  feed(b: Uint8Array, start: number, end: number, position: number): number {
    if (this.lost) return u8(b, start) === HANDSHAKE ? start : end;
    let at = start;
    while (at < end) {
      if (!this.inside) {
        const found = b.subarray(at, end).indexOf(LESS);
        const next = found < 0 ? end : at + found;
        const strange = b.subarray(at, next).indexOf(HANDSHAKE);
        if (strange >= 0) return at + strange;
        if (found < 0) return end;
        at = next;
        this.begin(position + (at - start));
        at++;
        continue;
      }
      const c = u8(b, at++);
      if (this.quote !== 0) {
        if (c === this.quote) this.quote = 0;
      } else if (c === GREATER) {
        this.close();
        continue;
      } else if (c === DOUBLE || c === SINGLE) {
        this.quote = c;
      }
      this.take(c);
    }
    return end;
  }

  private begin(position: number): void {
    this.inside = true;
    this.quote = 0;
    this.slashLast = false;
    this.first = 0;
    this.held = 0;
    this.cut = false;
    this.tagAt = position;
  }

  private take(c: number): void {
    if (this.first === 0) this.first = c;
    this.slashLast = c === SLASH;
    if (this.depth > TOLD_DEPTH) return;
    if (this.held === MAX_TAG_BYTES) {
      this.cut = true;
      return;
    }
    if (this.held === this.buffer.length) {
      const bigger = new Uint8Array(this.held * 2);
      bigger.set(this.buffer);
      this.buffer = bigger;
    }
    this.buffer[this.held++] = c;
  }

  private close(): void {
    this.inside = false;
    const { first } = this;
    if (first === BANG || first === QUESTION || first === 0) return;
    if (first === SLASH) {
      this.depth = Math.max(0, this.depth - 1);
      return;
    }
    if (this.depth <= TOLD_DEPTH) this.onTag(latin1(this.buffer, 0, this.held), this.tagAt, !this.cut);
    if (!this.slashLast) this.depth++;
  }
}
