import { byteAt } from './byte-classes.ts';

/** What an LZ4 frame gave: as far as the bytes go, and not more than was asked for. */
export interface UnpackedLz4 {
  readonly bytes: Uint8Array;
  /** The end mark was reached. */
  readonly complete: boolean;
  readonly consumed: number;
  readonly capped: boolean;
  /** A block behind what was given makes no sense. */
  readonly damaged: boolean;
}

/**
 * An LZ4 frame (the format's own document, lz4_Frame_format.md 1.6; blocks: lz4_Block_format.md), written because hostile data must
 * neither stop it nor make it grow. Check sums are not compared. Null: these bytes are none, or their first block makes no sense.
 * @param most bytes of output
 */
export function unpackLz4(input: Uint8Array, most: number): UnpackedLz4 | null {
  const begin = blocksStart(input);
  if (begin === null) return null;
  const flags = byteAt(input, 4);
  const checked = (flags & 0x10) === 0 ? 0 : 4;
  const blockMost = 1 << (8 + 2 * ((byteAt(input, 5) >> 4) & 7));
  const out = new Lz4Output(most);
  for (let at = begin; ;) {
    if (at + 4 > input.length) return out.answer(false, input.length);
    const size = wordAt(input, at);
    at += 4;
    if (size === 0) {
      const end = at + ((flags & 4) === 0 ? 0 : 4);
      return out.answer(end <= input.length, Math.min(end, input.length));
    }
    const length = size & 0x7fffffff;
    const broken = at - 4 === begin ? null : out.answer(false, at - 4, true);
    if (length > blockMost) return broken;
    const end = Math.min(at + length, input.length);
    if ((size & 0x80000000) !== 0) out.literals(input, at, end);
    else if (!out.block(input, at, end)) return broken;
    if (out.capped || end < at + length) return out.answer(false, end);
    at = end + checked;
  }
}

/** Behind the frame's descriptor; null where it cannot be one: version 1, block sizes 4 to 7, reserved bits zero, no dictionary. */
function blocksStart(b: Uint8Array): number | null {
  if (b.length < 11 || wordAt(b, 0) !== 0x184d2204) return null;
  const flags = byteAt(b, 4);
  const size = byteAt(b, 5);
  if (flags >> 6 !== 1 || (flags & 3) !== 0 || (size & 0x8f) !== 0 || size >> 4 < 4) return null;
  return 7 + ((flags & 8) === 0 ? 0 : 8);
}

class Lz4Output {
  capped = false;
  private bytes = new Uint8Array(4096);
  private length = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  answer(complete: boolean, consumed: number, damaged = false): UnpackedLz4 {
    return { bytes: this.bytes.subarray(0, this.length), complete, consumed, capped: this.capped, damaged };
  }

  literals(b: Uint8Array, from: number, to: number): void {
    const taken = this.room(to - from);
    this.bytes.set(b.subarray(from, from + taken), this.length);
    this.length += taken;
  }

  /** One block, which may be cut short. False: it makes no sense. */
  block(b: Uint8Array, from: number, end: number): boolean {
    for (let at = from; at < end && !this.capped;) {
      const token = byteAt(b, at++);
      let count = token >> 4;
      if (count === 15) [count, at] = longer(b, at, end, count);
      this.literals(b, at, Math.min(at + count, end));
      at += count;
      // The last sequence has no match; and a cut block ends anywhere.
      if (at + 2 > end) return true;
      const distance = byteAt(b, at) | (byteAt(b, at + 1) << 8);
      at += 2;
      let match = (token & 15) + 4;
      if (match === 19) [match, at] = longer(b, at, end, match);
      if (distance === 0 || distance > this.length) return false;
      this.repeat(distance, match);
    }
    return true;
  }

  private repeat(distance: number, count: number): void {
    const taken = this.room(count);
    for (let i = 0; i < taken; i++, this.length++) this.bytes[this.length] = byteAt(this.bytes, this.length - distance);
  }

  /** How many of `count` bytes may still be given. */
  private room(count: number): number {
    const taken = Math.min(count, this.most - this.length);
    if (taken < count) this.capped = true;
    if (this.length + taken > this.bytes.length) {
      const bigger = new Uint8Array(Math.min(this.most, Math.max(this.bytes.length * 2, this.length + taken)));
      bigger.set(this.bytes.subarray(0, this.length));
      this.bytes = bigger;
    }
    return taken;
  }
}

/** A length that goes on in bytes, the last of them below 255. */
function longer(b: Uint8Array, from: number, end: number, count: number): [count: number, at: number] {
  let [sum, at] = [count, from];
  while (at < end) {
    const byte = byteAt(b, at++);
    sum += byte;
    if (byte !== 255) break;
  }
  return [sum, at];
}

function wordAt(b: Uint8Array, at: number): number {
  return (byteAt(b, at) | (byteAt(b, at + 1) << 8) | (byteAt(b, at + 2) << 16) | (byteAt(b, at + 3) << 24)) >>> 0;
}
