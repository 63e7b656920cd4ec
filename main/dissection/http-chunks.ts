import { u8 } from './bytes.ts';

const LF = 10;
const SEMICOLON = 59;
const MAX_SIZE_DIGITS = 12;
const MAX_TRAILER_BYTES = 16 * 1024;

type State = 'size' | 'extension' | 'data' | 'after-data' | 'trailer';

/** Reads the chunked transfer coding (RFC 9112, 7.1) byte by byte where it must, without keeping any. */
export class ChunkReader {
  /** Position after what the last `next` consumed. */
  at = 0;
  dataStart = 0;
  dataEnd = 0;
  private state: State = 'size';
  private size = 0;
  private digits = 0;
  private remaining = 0;
  private lineLength = 0;
  /** The trailer section so far, one character per byte. */
  trailer = '';

  /**
   * @returns `data` with a stretch of content, `extension` at what stands behind a size, `trailer` where the trailer section
   * begins, `end` after its last line, `bad` where it is not chunked, `more` at the end of the bytes
   */
  next(b: Uint8Array, start: number, end: number): 'data' | 'extension' | 'trailer' | 'end' | 'bad' | 'more' {
    for (this.at = start; this.at < end;) {
      if (this.state === 'data') return this.takeData(end);
      const c = u8(b, this.at++);
      if (this.state === 'size') {
        if (!this.sizeByte(c)) return 'bad';
        if (c === SEMICOLON) return 'extension';
        if (this.inTrailer) return 'trailer';
      } else if (this.state === 'extension') {
        if (c === LF) this.endSize();
        if (this.inTrailer) return 'trailer';
      } else if (this.state === 'after-data') {
        if (c === LF) this.startSize();
        else if (c !== 13) return 'bad';
      } else if (!this.trailerByte(c)) {
        return this.trailer.length > MAX_TRAILER_BYTES ? 'bad' : 'end';
      }
    }
    return 'more';
  }

  get inTrailer(): boolean {
    return this.state === 'trailer';
  }

  /** @returns false after the empty line, and when the section is too long */
  private trailerByte(c: number): boolean {
    this.trailer += String.fromCharCode(c);
    if (c === LF) {
      if (this.lineLength === 0) return false;
      this.lineLength = 0;
    } else if (c !== 13) {
      this.lineLength++;
    }
    return this.trailer.length <= MAX_TRAILER_BYTES;
  }

  /** Bytes that will never come lie inside a chunk: counting can go on. */
  skip(bytes: number): boolean {
    if (this.state !== 'data' || bytes > this.remaining) return false;
    this.remaining -= bytes;
    if (this.remaining === 0) this.state = 'after-data';
    return true;
  }

  private takeData(end: number): 'data' {
    this.dataStart = this.at;
    const n = Math.min(this.remaining, end - this.at);
    this.at += n;
    this.dataEnd = this.at;
    this.remaining -= n;
    if (this.remaining === 0) this.state = 'after-data';
    return 'data';
  }

  private sizeByte(c: number): boolean {
    const digit = c >= 48 && c <= 57 ? c - 48 : (c | 32) >= 97 && (c | 32) <= 102 ? (c | 32) - 87 : -1;
    if (digit >= 0) {
      this.size = this.size * 16 + digit;
      return ++this.digits <= MAX_SIZE_DIGITS;
    }
    if (this.digits === 0) return false;
    if (c === LF) this.endSize();
    else if (c === 13 || c === 32 || c === 9 || c === SEMICOLON) this.state = 'extension';
    else return false;
    return true;
  }

  private startSize(): void {
    this.state = 'size';
    this.size = 0;
    this.digits = 0;
  }

  private endSize(): void {
    this.remaining = this.size;
    this.state = this.size === 0 ? 'trailer' : 'data';
    this.lineLength = 0;
  }
}
