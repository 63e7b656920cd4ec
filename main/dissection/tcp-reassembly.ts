import type { Direction, QueuedSegment } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { sampleOf } from './position-log.ts';
import { UnseenRanges } from './unseen-ranges.ts';

/** Out-of-order bytes and segments held per direction, and bytes in all, before a hole is given up. */
const MAX_QUEUED_BYTES = 1024 * 1024;
const MAX_QUEUED_SEGMENTS = 1024;
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** A hole whose bytes the receiver has acknowledged was lost by the capture; packets of one capture may still be swapped a little. */
const LOST_AFTER_US = 1_000_000;
const LOST_AFTER_SEGMENTS = 64;
/** A first segment this far from what the SYN announced belongs to another life of the connection: it is believed. */
const FAR = 16 * 1024 * 1024;

/**
 * Puts a direction's segments into order. In-order bytes are handed on where they lie; only what comes early is copied.
 * What came first wins; a later copy with other content is noted. Every byte is handed on once.
 */
export class Reassembler {
  private readonly out: Emitter;
  private held = 0;

  constructor(out: Emitter) {
    this.out = out;
  }

  /** Payload `[start, end)` at sequence number `seq`; on the wire it had `wireLength` bytes. */
  segment(d: Direction, seq: number, b: Uint8Array, start: number, end: number, wireLength: number): void {
    if (!d.hasSeq) {
      d.nextSeq = seq;
      d.hasSeq = true;
    }
    let ahead = (seq - d.nextSeq) | 0;
    const captured = end - start;
    // Without the opening, one byte ahead is the trace of a keep-alive that was seen first, and bytes behind are repeated ones of
    // which an acknowledgement was seen first.
    const unsure = d.offset === 0 && d.queue === null;
    const unopened = !d.fromSyn && (ahead === 1 || (ahead < 0 && captured > 1));
    if (unsure && (ahead > FAR || ahead < -FAR || unopened)) {
      d.nextSeq = seq;
      ahead = 0;
    }
    if (ahead < 0) this.searchUnseen(d, ahead, b, start, Math.min(end, start - ahead));
    if (ahead < 0 && ahead + captured <= 0) {
      this.checkRepeat(d, ahead, b, start, end);
      return;
    }
    const skip = ahead < 0 ? -ahead : 0;
    const queue = d.queue;
    if (ahead > 0) {
      this.enqueue(d, seq, b, start, end, wireLength - captured);
    } else if (queue === null || ((queue.seq - seq) | 0) >= captured) {
      this.accept(d, b, start + skip, end, wireLength - captured);
    } else {
      // Part of these bytes came before, ahead of their turn: those stay.
      this.enqueue(d, seq + skip, b, start + skip, end, wireLength - captured);
      this.drain(d);
      this.checkEnd(d);
    }
    if (d.queue !== null) this.checkLimits(d);
  }

  /** The other side has received everything before `ack`. */
  acknowledged(d: Direction, ack: number, us: number): void {
    const head = d.queue;
    if (head === null || ((ack - head.seq) | 0) < 0) return;
    if (Number.isNaN(d.lostSinceUs)) d.lostSinceUs = us;
    else if (us - d.lostSinceUs > LOST_AFTER_US || d.queuedCount > LOST_AFTER_SEGMENTS) this.giveUpHole(d);
  }

  /** The sender's last byte stands before `seq`. */
  fin(d: Direction, seq: number): void {
    d.finSeq = seq >>> 0;
    this.checkEnd(d);
  }

  /** Nothing more will come: what waits is handed on, holes become gaps. */
  flush(d: Direction): void {
    while (d.queue !== null) this.giveUpHole(d);
    if (!d.ended || d.offset !== d.endedAt) this.end(d, false);
    if (d.sequence >= 0) {
      this.out.endSequence(d.sequence);
      d.sequence = -1;
    }
  }

  private accept(d: Direction, b: Uint8Array, start: number, end: number, missing: number): void {
    this.deliver(d, b, start, end, this.out.frame, this.out.us);
    if (missing > 0) this.lose(d, missing, 'snaplen');
    if (d.queue !== null) this.drain(d);
    this.checkEnd(d);
  }

  private deliver(d: Direction, b: Uint8Array, start: number, end: number, frame: number, us: number): void {
    const length = end - start;
    if (length <= 0) return;
    if (d.sequence < 0) {
      d.sequence = this.out.newSequence();
      d.sequenceStart = d.offset;
    }
    const position = d.offset;
    if (this.out.carriers.current?.bytes === b) this.place(d, start, end, frame);
    d.segments.push(position, frame, us, sampleOf(b, start, end));
    d.feedFrame = frame;
    d.feedUs = us;
    d.offset = position + length;
    d.nextSeq = (d.nextSeq + length) >>> 0;
    d.parser ??= this.out.freshParser(d, position);
    if (!d.parser.feed(b, start, end, position)) this.out.stream(d, b, start, end, position, false);
  }

  /** What is handed on next is `[start, end)` of the datagram of fragments that `frame` completed. */
  private place(d: Direction, start: number, end: number, frame: number): void {
    this.out.carriers.place(d.connection.row * 2 + d.side, start, end, d.offset, frame);
  }

  private lose(d: Direction, bytes: number, reason: 'snaplen' | 'tcp-gap'): void {
    this.out.note(d.connection.row, reason);
    if (d.parser !== null) d.parser.gap(bytes);
    if (reason === 'tcp-gap' && !(d.unseen ??= new UnseenRanges()).lost(d.offset, d.offset + bytes)) this.forgot(d);
    d.offset += bytes;
    d.nextSeq = (d.nextSeq + bytes) >>> 0;
    if (d.sequence >= 0) {
      this.out.endSequence(d.sequence);
      d.sequence = -1;
    }
  }

  private drain(d: Direction): void {
    for (let head = d.queue; head !== null; head = d.queue) {
      const ahead = (head.seq - d.nextSeq) | 0;
      if (ahead > 0) return;
      this.unqueue(d, head);
      const skip = -ahead;
      if (skip < head.bytes.length) {
        const { carriedAt } = head;
        if (carriedAt >= 0) this.place(d, carriedAt + skip, carriedAt + head.bytes.length, head.frame);
        this.deliver(d, head.bytes, skip, head.bytes.length, head.frame, head.us);
        if (head.missing > 0) this.lose(d, head.missing, 'snaplen');
      }
    }
    d.lostSinceUs = Number.NaN;
  }

  private unqueue(d: Direction, head: QueuedSegment): void {
    d.queue = head.next;
    d.queuedBytes -= head.bytes.length;
    d.queuedCount--;
    this.held -= head.bytes.length;
  }

  /** Puts an early segment into its place; of its bytes only those are kept that nobody brought before. */
  private enqueue(d: Direction, seq: number, b: Uint8Array, start: number, end: number, missing: number): void {
    let at = start;
    let before: QueuedSegment | null = null;
    let after = d.queue;
    while (after !== null && at < end) {
      const from = (after.seq - seq) | 0;
      const to = from + after.bytes.length;
      const here = at - start;
      if (to <= here) {
        before = after;
        after = after.next;
        continue;
      }
      if (from >= end - start) break;
      if (from > here) before = this.insert(d, before, after, seq + here, b, at, start + from, 0);
      this.compare(d, after.bytes, from, b, start, Math.max(here, from), Math.min(to, end - start));
      at = start + to;
      before = after;
      after = after.next;
    }
    if (at < end) this.insert(d, before, after, seq + (at - start), b, at, end, missing);
  }

  private insert(
    d: Direction,
    before: QueuedSegment | null,
    after: QueuedSegment | null,
    seq: number,
    b: Uint8Array,
    start: number,
    end: number,
    missing: number,
  ): QueuedSegment {
    // `slice` of a Uint8Array allocates exactly, never from the shared Buffer pool, which small copies would pin.
    const bytes = Uint8Array.prototype.slice.call(b, start, end);
    const segment: QueuedSegment = {
      seq: seq >>> 0,
      bytes,
      frame: this.out.frame,
      us: this.out.us,
      missing,
      carriedAt: this.out.carriers.current?.bytes === b ? start : -1,
      next: after,
    };
    if (before === null) d.queue = segment;
    else before.next = segment;
    d.queuedBytes += bytes.length;
    d.queuedCount++;
    this.held += bytes.length;
    return segment;
  }

  private compare(
    d: Direction,
    old: Uint8Array,
    oldAt: number,
    b: Uint8Array,
    start: number,
    from: number,
    to: number,
  ): void {
    for (let i = from; i < to; i++) {
      if (old[i - oldAt] !== b[start + i]) {
        this.conflict(d);
        return;
      }
    }
  }

  private conflict(d: Direction): void {
    this.out.note(d.connection.row, 'overlap-conflict');
    this.out.fault('overlap-conflict', 'bytes sent again with other content; what came first was kept');
  }

  /**
   * Bytes behind what has been handed on that nobody saw before: the first packets of a capture were swapped, a hole was given up
   * too early, or another life of the connection counts from a lower number. Their place among the others is over: they are
   * searched as they lie.
   */
  private searchUnseen(d: Direction, ahead: number, b: Uint8Array, start: number, end: number): void {
    const from = d.offset + ahead;
    // One byte is a keep-alive.
    if (end - start <= 1 || (from >= 0 && d.unseen === null)) return;
    d.unseen ??= new UnseenRanges();
    const { row } = d.connection;
    const fits = d.unseen.take(from, from + end - start, (first, last) => {
      this.out.note(row, 'tcp-gap');
      this.out.datagram(row, d.side, d.way, b, start + first - from, start + last - from, false, null);
    });
    if (!fits) this.forgot(d);
  }

  /** Bytes that nobody saw count as seen: should they come, they are taken for repeated ones. */
  private forgot(d: Direction): void {
    this.out.note(d.connection.row, 'cap-out-of-order');
    this.out.fault('cap-out-of-order', 'a stream had more holes than are remembered');
  }

  /** A segment that brings nothing new: is it what was there before? Known for whole segments recently handed on. */
  private checkRepeat(d: Direction, ahead: number, b: Uint8Array, start: number, end: number): void {
    if (end - start <= 1) return;
    const sample = d.segments.sampleAt(d.offset + ahead);
    if (sample === null) return;
    // Only a segment of the same length gives the same sample: the length is its seed, so compare where it can be equal.
    if (sample !== sampleOf(b, start, end) && d.segments.lengthAt(d.offset + ahead, d.offset) === end - start) {
      this.conflict(d);
    }
  }

  private checkLimits(d: Direction): void {
    if (d.queuedBytes > MAX_QUEUED_BYTES || d.queuedCount > MAX_QUEUED_SEGMENTS || this.held > MAX_HELD_BYTES) {
      this.out.note(d.connection.row, 'cap-out-of-order');
      this.out.fault('cap-out-of-order', 'a hole in a stream was given up because too much waited behind it');
      this.giveUpHole(d);
    }
  }

  private giveUpHole(d: Direction): void {
    const head = d.queue;
    if (head === null) return;
    const ahead = (head.seq - d.nextSeq) | 0;
    if (ahead > 0) this.lose(d, ahead, 'tcp-gap');
    d.lostSinceUs = Number.NaN;
    this.drain(d);
    this.checkEnd(d);
  }

  private checkEnd(d: Direction): void {
    if (d.finSeq >= 0 && !d.ended && ((d.nextSeq - d.finSeq) | 0) >= 0) this.end(d, true);
  }

  private end(d: Direction, clean: boolean): void {
    d.ended = true;
    d.endedAt = d.offset;
    if (clean) {
      d.feedFrame = this.out.frame;
      d.feedUs = this.out.us;
    }
    if (d.parser !== null) d.parser.end(clean);
  }
}
