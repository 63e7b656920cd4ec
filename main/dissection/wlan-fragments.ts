import { asBuffer, latin1 } from './bytes.ts';
import type { Carried } from './carriers.ts';
import type { LinkFrame } from './link-frame.ts';

/** Frames whose pieces are waited for, and bytes they hold. */
const MAX_OPEN = 256;
const MAX_HELD_BYTES = 4 * 1024 * 1024;
/** Frames put together lately, to know their pieces when some are sent or captured again, and bytes they hold. */
const MAX_READ = 64;
const MAX_READ_BYTES = 4 * 1024 * 1024;
/** A sender numbers 4,096 frames, and gives one up after half a second (IEEE 802.11-2020, dot11MaxReceiveLifetime). */
const LIFETIME_US = 2_000_000;
const MAX_PIECES = 16;
/** Addresses of receiver and sender, one behind the other. */
const ADDRESS_BYTES = 12;

interface Piece {
  readonly bytes: Uint8Array;
  readonly frame: number;
}

interface Pieces {
  /** By number. */
  readonly pieces: (Piece | undefined)[];
  /** Of the last one, -1 before it came. */
  last: number;
  bytes: number;
  us: number;
  /** All of them stood so in a frame that was read just before. */
  areRepeats: boolean;
}

interface WholeFrame {
  readonly bytes: Uint8Array;
  /** By offset in `bytes`. */
  readonly carried: readonly Carried[];
}

/**
 * Puts fragments of 802.11 data frames together (IEEE 802.11-2020 section 10.6): those of one sender, receiver, traffic class and
 * sequence number, by their fragment number. A piece that contradicts one of the same number begins another frame. Pieces of a frame
 * that was read are read again when all of them come again, as Wireshark does; of fewer nothing is missing.
 */
export class WlanFragments {
  /** Where the addresses, and what is above the link, stand in what was put together. */
  static readonly receiver = 0;
  static readonly sender = ADDRESS_BYTES / 2;
  static readonly body = ADDRESS_BYTES;
  private readonly onUnread: (frame: number) => void;
  private readonly onEvicted: () => void;
  private readonly open = new Map<string, Pieces>();
  private readonly read = new Map<string, Pieces>();
  private held = 0;
  private readBytes = 0;

  /** `onUnread` is told of each frame that holds a piece which could not be read; `onEvicted` when there were too many. */
  constructor(onUnread: (frame: number) => void, onEvicted: () => void) {
    this.onUnread = onUnread;
    this.onEvicted = onEvicted;
  }

  /** @returns addresses and body of the frame that this piece made whole, and what brought them; null while pieces are missing */
  add(link: LinkFrame, b: Uint8Array, frame: number, us: number): WholeFrame | null {
    const { sequence, offset, end } = link;
    if (end < link.wireEnd || link.receiver < 0) {
      this.onUnread(frame);
      return null;
    }
    const number = sequence & (MAX_PIECES - 1);
    const addresses = latin1(b, link.receiver, link.receiver + ADDRESS_BYTES);
    const key = `${addresses} ${link.trafficClass} ${sequence >>> 4}`;
    const done = this.read.get(key);
    const isRepeat = done !== undefined && us - done.us <= LIFETIME_US && isSame(done, number, b, offset, end);
    let frames = this.open.get(key);
    if (frames !== undefined && (Math.abs(us - frames.us) > LIFETIME_US || contradicts(frames, link, number, b))) {
      this.giveUp(key, frames);
      frames = undefined;
    }
    frames ??= { pieces: [], last: -1, bytes: 0, us, areRepeats: true };
    if (frames.pieces[number] !== undefined) return null;
    frames.us = us;
    frames.areRepeats &&= isRepeat;
    frames.pieces[number] = { bytes: b.slice(offset, end), frame };
    if (!link.moreFragments) frames.last = number;
    frames.bytes += end - offset;
    this.held += end - offset;
    this.open.set(key, frames);
    if (frames.last >= 0 && isWhole(frames)) return this.take(key, frames, addresses);
    this.keepWithin(us);
    return null;
  }

  private take(key: string, frames: Pieces, addresses: string): WholeFrame {
    this.forget(key, frames);
    this.forgetRead(key);
    this.read.set(key, frames);
    this.readBytes += frames.bytes;
    for (const [oldest] of this.read) {
      if (this.read.size <= MAX_READ && this.readBytes <= MAX_READ_BYTES) break;
      this.forgetRead(oldest);
    }
    const carried: Carried[] = [];
    const parts: Uint8Array[] = [Buffer.from(addresses, 'latin1')];
    let at = ADDRESS_BYTES;
    for (const piece of frames.pieces) {
      if (piece === undefined) continue;
      parts.push(piece.bytes);
      carried.push({ from: at, to: at + piece.bytes.length, frames: [piece.frame] });
      at += piece.bytes.length;
    }
    return { bytes: Buffer.concat(parts), carried };
  }

  private forgetRead(key: string): void {
    this.readBytes -= this.read.get(key)?.bytes ?? 0;
    this.read.delete(key);
  }

  private keepWithin(us: number): void {
    for (const [key, frames] of this.open) {
      if (this.open.size <= MAX_OPEN && this.held <= MAX_HELD_BYTES) return;
      // Of a frame that was read, or that its sender has long given up, nothing more was waited for.
      if (!frames.areRepeats && Math.abs(us - frames.us) <= LIFETIME_US) this.onEvicted();
      this.giveUp(key, frames);
    }
  }

  private giveUp(key: string, frames: Pieces): void {
    this.forget(key, frames);
    if (frames.areRepeats) return;
    for (const piece of frames.pieces) if (piece !== undefined) this.onUnread(piece.frame);
  }

  private forget(key: string, frames: Pieces): void {
    this.open.delete(key);
    this.held -= frames.bytes;
  }

  /** The capture is over. */
  finish(): void {
    for (const [key, frames] of this.open) this.giveUp(key, frames);
  }
}

function isWhole({ pieces, last }: Pieces): boolean {
  for (let i = 0; i <= last; i++) if (pieces[i] === undefined) return false;
  return true;
}

function isSame({ pieces }: Pieces, number: number, b: Uint8Array, start: number, end: number): boolean {
  const known = pieces[number];
  return known !== undefined && asBuffer(b, start, end).equals(known.bytes);
}

/** Another piece of this number, or one behind the end. */
function contradicts(frames: Pieces, link: LinkFrame, number: number, b: Uint8Array): boolean {
  const { pieces, last } = frames;
  if (last >= 0 && number > last) return true;
  if (!link.moreFragments && (pieces.length > number + 1 || (last >= 0 && last !== number))) return true;
  return pieces[number] !== undefined && !isSame(frames, number, b, link.offset, link.end);
}
