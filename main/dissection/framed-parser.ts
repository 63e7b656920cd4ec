import type { Application } from './applications.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { KeptBytes } from './kept-bytes.ts';
import { upgrade, upgradesHere } from './tls-upgrade.ts';

/** Bytes of one message that are kept to be understood. */
export const MAX_KEPT_BYTES = 65_536;
/** More than any header that tells a length needs. */
const MAX_HEADER_BYTES = 16;

/** A message of a protocol whose messages tell their length; `[start, end)` of `bytes` is what was kept of it. */
export interface FramedMessage {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Stream position of its first byte. */
  readonly position: number;
  /** Bytes it has on the wire. */
  readonly length: number;
}

/** How a protocol cuts its stream into messages. */
export interface Framing {
  readonly application: Application;
  /** Bytes of the message that begins at `at`: 0 when more bytes must come first, -1 when none begins there. */
  length(b: Uint8Array, at: number, end: number): number;
  /** TLS may begin between two messages. */
  readonly upgrades: boolean;
  /** Only the beginning of a message matters: a longer one is not incomplete. */
  readonly headOnly: boolean;
  message(message: FramedMessage): void;
}

/** Cuts a direction into messages of known length. The bytes themselves are handed on by the caller, as they lie. */
export class FramedParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly framing: Framing;
  private readonly kept: KeptBytes;
  private heldAt = 0;
  /** Length of the message being collected; 0 while unknown. */
  private length = 0;
  private seen = 0;
  private lost = false;
  private damaged = false;

  constructor(out: Emitter, d: Direction, framing: Framing) {
    this.out = out;
    this.d = d;
    this.framing = framing;
    this.kept = new KeptBytes(out.bodies, 256, true);
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    const { framing } = this;
    let at = start;
    if (this.lost) {
      // After a loss only the beginning of a segment can be believed to be that of a message.
      if (framing.length(b, at, end) <= 0) return false;
      this.lost = false;
    }
    while (at < end) {
      if (this.seen === 0) {
        this.heldAt = position + (at - start);
        if (framing.upgrades && upgradesHere(b, at, end)) {
          upgrade(this.out, this.d, framing.application, b, start, at, end, position);
          return true;
        }
        const length = framing.length(b, at, end);
        if (length > 0 && length <= end - at) {
          const stop = Math.min(at + length, at + MAX_KEPT_BYTES);
          this.give(b, at, stop, length);
          at += length;
          continue;
        }
        if (length < 0) {
          this.lose();
          return false;
        }
        this.length = length;
      }
      at = this.collect(b, at, end);
      if (this.lost) return false;
    }
    return false;
  }

  /** @returns position after what belongs to the message being collected */
  private collect(b: Uint8Array, from: number, end: number): number {
    let at = from;
    while (this.length === 0 && at < end) {
      this.keep(b, at, at + 1);
      at++;
      this.seen++;
      this.length = this.framing.length(this.kept.bytes ?? b, 0, this.kept.length);
      if (this.length < 0 || (this.length === 0 && this.kept.length >= MAX_HEADER_BYTES)) {
        this.lose();
        return end;
      }
    }
    if (this.length === 0) return end;
    const n = Math.min(this.length - this.seen, end - at);
    this.keep(b, at, at + n);
    this.seen += n;
    if (this.seen >= this.length) {
      const { bytes, length } = this.kept;
      if (bytes !== null && !this.damaged) this.give(bytes, 0, length, this.length);
      this.reset();
    }
    return at + n;
  }

  private keep(b: Uint8Array, from: number, to: number): void {
    const n = Math.min(to - from, MAX_KEPT_BYTES - this.kept.length);
    if (n <= 0 || this.damaged || this.kept.add(b, from, from + n)) return;
    this.out.note(this.d.connection.row, 'cap-message');
    this.out.fault('cap-message', 'a message was not read beside too many others that are not whole');
    this.damaged = true;
  }

  private give(bytes: Uint8Array, start: number, end: number, length: number): void {
    if (length > end - start && !this.framing.headOnly) {
      this.out.note(this.d.connection.row, 'cap-message');
      this.out.fault('cap-message', `only the first ${MAX_KEPT_BYTES} bytes of a message were read`);
    }
    this.framing.message({ bytes, start, end, position: this.heldAt, length });
  }

  private reset(): void {
    this.kept.clear();
    this.seen = 0;
    this.length = 0;
    this.damaged = false;
  }

  private lose(): void {
    this.out.note(this.d.connection.row, 'protocol-resync');
    this.reset();
    this.lost = true;
  }

  gap(bytes: number): void {
    if (this.length > 0 && bytes <= this.length - this.seen) {
      this.out.note(this.d.connection.row, 'message-cut');
      this.seen += bytes;
      this.damaged = true;
      if (this.seen === this.length) this.reset();
    } else {
      if (this.seen > 0) this.out.note(this.d.connection.row, 'message-cut');
      this.reset();
      this.lost = true;
    }
  }

  end(): void {
    if (this.seen > 0) this.out.note(this.d.connection.row, 'message-cut');
    this.reset();
  }

  pending(): null {
    return null;
  }
}
