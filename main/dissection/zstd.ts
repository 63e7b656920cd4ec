import { BlockDecoder, MAX_BLOCK_BYTES } from './zstd-block.ts';
import { ZstdDamage } from './zstd-entropy.ts';
import { BlockOutput } from './zstd-output.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/**
 * `more`: the bytes so far make sense; `damaged`: they do not; `window`: matches may reach back further than is kept;
 * `dictionary`: it was packed with one that we have not.
 */
export type ZstdState = 'more' | 'damaged' | 'window' | 'dictionary';

type Part = 'magic' | 'skip' | 'descriptor' | 'header' | 'block-header' | 'block' | 'checksum';

/**
 * A streaming decoder for Zstandard (RFC 8878), written because hostile data must neither stop it nor make it grow: every
 * block is checked against the 128 KiB it may give. Frames may follow each other; checksums are not compared.
 */
export class ZstdDecoder {
  state: ZstdState = 'more';
  private readonly maxWindow: number;
  private part: Part = 'magic';
  /** Bytes the part needs, and those of it that are there. */
  private need = 4;
  private held = new Uint8Array(32);
  private have = 0;
  private skip = 0;
  private descriptor = 0;
  private blocks: BlockDecoder | null = null;
  private blockKind = 0;
  private blockSize = 0;
  private lastBlock = false;
  private blockMax = MAX_BLOCK_BYTES;

  /** @param maxWindow how far matches may reach back, in bytes: bounds the memory */
  constructor(maxWindow: number) {
    this.maxWindow = maxWindow;
  }

  /** True at the beginning and after each frame: nothing is missing. */
  get whole(): boolean {
    return this.state === 'more' && this.part === 'magic' && this.have === 0;
  }

  /** So many bytes more, and the next part is read: no more than that belongs to this frame. */
  get wanted(): number {
    return Math.max(1, this.part === 'skip' ? this.skip : this.need - this.have);
  }

  /**
   * Takes bytes of any number. `onOutput` gets what they give, block by block, valid during the call, with the number of
   * bytes of `b` read until then; when it answers false decoding stops.
   */
  push(b: Uint8Array, onOutput: (bytes: Uint8Array, read: number) => boolean | void): ZstdState {
    for (let at = 0; this.state === 'more' && (at < b.length || this.need === 0);) {
      if (this.part === 'skip') {
        const n = Math.min(this.skip, b.length - at);
        this.skip -= n;
        at += n;
        if (this.skip === 0) this.expect('magic', 4);
        continue;
      }
      const n = Math.min(this.need - this.have, b.length - at);
      this.hold(b, at, at + n);
      at += n;
      if (this.have < this.need) break;
      try {
        this.complete();
      } catch (error) {
        if (!(error instanceof ZstdDamage)) throw error;
        this.state = 'damaged';
      }
      const fresh = this.blocks?.output.take();
      if (fresh !== undefined && fresh.length > 0 && onOutput(fresh, at) === false) break;
    }
    return this.state;
  }

  private hold(b: Uint8Array, start: number, end: number): void {
    if (this.have + end - start > this.held.length) {
      const bigger = new Uint8Array(Math.max(this.need, this.held.length * 2));
      bigger.set(this.held.subarray(0, this.have));
      this.held = bigger;
    }
    this.held.set(b.subarray(start, end), this.have);
    this.have += end - start;
  }

  private expect(part: Part, bytes: number): void {
    this.part = part;
    this.need = bytes;
    this.have = 0;
  }

  private complete(): void {
    const b = this.held;
    if (this.part === 'magic') this.readMagic(word(b, 0));
    else if (this.part === 'header') this.readHeader();
    else if (this.part === 'block-header') this.readBlockHeader();
    else if (this.part === 'block') this.readBlock();
    else if (this.part === 'descriptor') this.readDescriptor(b[0] as number);
    else this.expect('magic', 4);
  }

  private readMagic(magic: number): void {
    if (magic === MAGIC) this.expect('descriptor', 1);
    else if (isSkippable(magic)) this.expect('header', 4);
    else throw new ZstdDamage('no frame');
    this.descriptor = -1;
  }

  private readDescriptor(descriptor: number): void {
    if ((descriptor & 8) !== 0) throw new ZstdDamage('a frame of a version to come');
    this.descriptor = descriptor;
    const single = (descriptor & 0x20) !== 0;
    const bytes = (single ? 0 : 1) + dictionaryBytes(descriptor) + sizeBytes(descriptor);
    this.expect('header', bytes);
  }

  private readHeader(): void {
    const { held: b, descriptor } = this;
    if (descriptor < 0) {
      this.skip = word(b, 0);
      this.expect(this.skip === 0 ? 'magic' : 'skip', 4);
      return;
    }
    const single = (descriptor & 0x20) !== 0;
    let at = single ? 0 : 1;
    for (let i = 0; i < dictionaryBytes(descriptor); i++) if (b[at + i] !== 0) this.state = 'dictionary';
    at += dictionaryBytes(descriptor);
    let window = 0;
    if (single) {
      const n = sizeBytes(descriptor);
      for (let i = n - 1; i >= 0; i--) window = window * 256 + (b[at + i] as number);
      if (n === 2) window += 256;
    } else {
      const base = 2 ** (10 + ((b[0] as number) >> 3));
      window = base + (base / 8) * ((b[0] as number) & 7);
    }
    if (window > this.maxWindow) this.state = 'window';
    if (this.state !== 'more') return;
    this.blockMax = Math.min(MAX_BLOCK_BYTES, Math.max(1, window));
    this.blocks = new BlockDecoder(new BlockOutput(window));
    this.expect('block-header', 3);
  }

  private readBlockHeader(): void {
    const b = this.held;
    const header = (b[0] as number) | ((b[1] as number) << 8) | ((b[2] as number) << 16);
    this.lastBlock = (header & 1) !== 0;
    this.blockKind = (header >> 1) & 3;
    this.blockSize = header >> 3;
    if (this.blockKind === 3 || this.blockSize > this.blockMax) throw new ZstdDamage('a block that cannot be');
    this.expect('block', this.blockKind === 1 ? 1 : this.blockSize);
  }

  private readBlock(): void {
    const { blocks, held: b } = this;
    if (blocks === null) return;
    if (this.blockKind === 0) blocks.output.append(b, 0, this.blockSize);
    else if (this.blockKind === 1) blocks.output.fill(b[0] as number, this.blockSize);
    else blocks.decode(b, 0, this.blockSize);
    if (!this.lastBlock) this.expect('block-header', 3);
    else if ((this.descriptor & 4) !== 0) this.expect('checksum', 4);
    else this.expect('magic', 4);
  }
}

function dictionaryBytes(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3] ?? 0;
}

/** Bytes of the content size (RFC 8878, 3.1.1.1.1). */
function sizeBytes(descriptor: number): number {
  const flag = descriptor >> 6;
  return flag === 0 ? ((descriptor & 0x20) === 0 ? 0 : 1) : 1 << flag;
}

function word(b: Uint8Array, at: number): number {
  return (
    ((b[at] as number) |
      ((b[at + 1] as number) << 8) |
      ((b[at + 2] as number) << 16) |
      ((b[at + 3] as number) << 24)) >>>
    0
  );
}

/** Do the bytes begin a Zstandard frame, or one that is to be skipped (RFC 8878, section 3.1.2), as pzstd puts it first? */
export function looksLikeZstd(b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 4) return false;
  const magic = word(b, start);
  return magic === MAGIC || isSkippable(magic);
}

const isSkippable = (magic: number): boolean => (magic & 0xfffffff0) >>> 0 === SKIPPABLE;

/** Length of the skippable frame that begins at `at`, which may end behind the bytes there are; 0 where none begins. */
export function skippableBytes(b: Uint8Array, at: number): number {
  return at + 8 <= b.length && isSkippable(word(b, at)) ? 8 + word(b, at + 4) : 0;
}
