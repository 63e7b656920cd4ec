import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { PREFIX_BYTES } from './stream-protocol.ts';
import { STREAM_PROTOCOLS } from './stream-protocols.ts';
import { UnknownParser } from './unknown-parser.ts';

/**
 * Looks at the first bytes of a direction and gives it its parser. While they could still become several things the few
 * bytes are held back, so that every byte is handed on once, by the parser that understands it.
 */
export class Recogniser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly prefix = new Uint8Array(PREFIX_BYTES);
  private held = 0;
  private heldAt: number;

  constructor(out: Emitter, d: Direction, position: number) {
    this.out = out;
    this.d = d;
    this.heldAt = position;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (this.held === 0) {
      this.heldAt = position;
      const parser = this.recognise(b, start, end);
      if (parser === null) {
        this.prefix.set(b.subarray(start, end));
        this.held = end - start;
        return true;
      }
      this.d.parser = parser;
      return parser.feed(b, start, end, position);
    }
    const n = Math.min(PREFIX_BYTES - this.held, end - start);
    this.prefix.set(b.subarray(start, start + n), this.held);
    const parser = this.recognise(this.prefix, 0, this.held + n);
    if (parser === null) {
      this.held += n;
      return true;
    }
    this.install(parser);
    return parser.feed(b, start, end, position);
  }

  gap(bytes: number): void {
    this.giveUp();
    this.d.parser?.gap(bytes);
  }

  end(clean: boolean): void {
    this.giveUp();
    this.d.parser?.end(clean);
  }

  pending(): null {
    return null;
  }

  private giveUp(): void {
    this.install(new UnknownParser(this.out, this.d));
  }

  private install(parser: StreamParser): void {
    this.d.parser = parser;
    if (this.held === 0) return;
    const handed = parser.feed(this.prefix, 0, this.held, this.heldAt);
    if (!handed) this.out.stream(this.d, this.prefix, 0, this.held, this.heldAt, false);
  }

  /** @returns null while more bytes could decide */
  private recognise(b: Uint8Array, start: number, end: number): StreamParser | null {
    const { out, d } = this;
    const short = end - start < PREFIX_BYTES;
    for (const protocol of STREAM_PROTOCOLS) {
      const likeness = protocol.likeness(b, start, end, out, d);
      if (likeness === 'yes') return protocol.begin(out, d, b, start, end);
      if (likeness === 'perhaps' && short) return null;
    }
    return new UnknownParser(out, d);
  }
}
