import type { FileFormat, PacketReceiver } from './file-format.ts';
import { MAX_PACKET_BYTES } from './pcap-format.ts';
import {
  byteOrder,
  ENHANCED_PACKET,
  findBlock,
  INTERFACE,
  isBlockLength,
  isNumbered,
  isOnlyCut,
  OBSOLETE_PACKET,
  SEARCH_BYTES,
  SECRETS,
  SECTION,
  SIMPLE_PACKET,
  wholeBlockAt,
} from './pcapng-blocks.ts';
import {
  type CaptureInterface,
  INTERFACE_BLOCK_BYTES,
  readInterface,
  timeUs,
  UNDESCRIBED,
} from './pcapng-interface.ts';
import { u16, u16le, u32, u32le } from './bytes.ts';

const MAX_INTERFACES = 65_536;
/** Key logs are small; more than this is an attack. */
const MAX_SECRETS_BYTES = 64 * 1024 * 1024;

/**
 * The pcapng file: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/. Where a block is damaged, reading goes on at
 * the next one whose two lengths agree, and what was passed over is told.
 */
export class PcapngFormat implements FileFormat {
  wanted = 12;
  stopped = false;
  ending = false;
  private readonly receiver: PacketReceiver;
  private readonly secretsOnly: boolean;
  private bigEndian = false;
  private sections = 0;
  /** The section's version is not known: its blocks are passed over. */
  private closed = false;
  private interfaces: CaptureInterface[] = [];
  private secretBytes = 0;
  /** Where the damage began that is being passed over, as a position in the file; -1 outside. */
  private lostFrom = -1;

  constructor(receiver: PacketReceiver) {
    this.receiver = receiver;
    this.secretsOnly = receiver.secretsOnly === true;
  }

  consume(b: Uint8Array, start: number, end: number, fileOffset: number): number {
    let at = start;
    while (end - at >= 12) {
      const offset = fileOffset + (at - start);
      if (this.lostFrom >= 0) {
        at = this.search(b, at, end, offset);
        if (this.lostFrom >= 0) return at;
        continue;
      }
      const used = this.takeBlock(b, at, end, offset);
      if (used === 0) return at;
      at += used;
      if (this.stopped) return at;
    }
    this.wanted = 12;
    if (this.ending && this.lostFrom >= 0) {
      // Too little is left for a block.
      this.passedOver(fileOffset + (end - start), false);
      return end;
    }
    return at;
  }

  /** @returns bytes used; 0 when more are needed, or when nothing more can be read */
  private takeBlock(b: Uint8Array, at: number, end: number, offset: number): number {
    const isSection = u32(b, at) === SECTION;
    if (isSection) {
      const order = byteOrder(b, at);
      if (order === null) return this.lose('bad-magic', 'a section header has no byte-order mark', offset);
      this.bigEndian = order;
    }
    const type = isSection ? SECTION : this.word(b, at);
    const length = this.word(b, at + 4);
    if (!isBlockLength(type, length)) {
      return this.lose('bad-block-length', `a block says it is ${length} bytes long`, offset);
    }
    if (end - at < length) return this.waitFor(type, length, b, at, end, offset);
    if (this.word(b, at + length - 4) !== length) {
      // Which of the two is right? The first one, if the file ends or a whole block stands where it says.
      const next = wholeBlockAt(b, at + length, end, this.bigEndian);
      if (next < 0 && !this.ending) {
        this.wanted = length - next;
        return 0;
      }
      if (next <= 0 && at + length !== end) return this.lose('bad-block', 'the two lengths of a block differ', offset);
      this.receiver.fileFault('bad-block', 'the two lengths of a block differ; the first was believed', offset);
    }
    this.block(type, b, at, at + length, offset);
    return length;
  }

  private waitFor(type: number, length: number, b: Uint8Array, at: number, end: number, offset: number): number {
    if (this.ending && !isOnlyCut(type, b, at, end, this.bigEndian)) {
      return this.lose('bad-block-length', `a block says it is ${length} bytes long`, offset);
    }
    this.wanted = length;
    return 0;
  }

  /** Damage: from the next byte on a whole block is looked for. */
  private lose(code: string, detail: string, offset: number): number {
    this.receiver.fileFault(code, detail, offset);
    if (this.sections === 0) {
      this.stopped = true;
      return 0;
    }
    this.lostFrom = offset;
    return 1;
  }

  private search(b: Uint8Array, from: number, end: number, offset: number): number {
    const { found, at } = findBlock(b, from, end, this.bigEndian, this.ending);
    if (!found && !this.ending) {
      this.wanted = SEARCH_BYTES;
      return at;
    }
    this.passedOver(offset + (at - from), found);
    return at;
  }

  private passedOver(to: number, found: boolean): void {
    const rest = found ? 'up to the next whole block' : 'up to the end of the file';
    this.receiver.fileFault('passed-over', `${to - this.lostFrom} bytes were passed over, ${rest}`, this.lostFrom);
    this.lostFrom = -1;
  }

  cutShort(left: number): string | null {
    if (this.sections === 0) return 'the first section header';
    return left === 0 ? null : 'a block';
  }

  private word(b: Uint8Array, at: number): number {
    return this.bigEndian ? u32(b, at) : u32le(b, at);
  }

  private half(b: Uint8Array, at: number): number {
    return this.bigEndian ? u16(b, at) : u16le(b, at);
  }

  private block(type: number, b: Uint8Array, at: number, end: number, offset: number): void {
    if (type === SECTION) this.section(b, at, offset);
    else if (this.closed || (this.secretsOnly && type !== SECRETS)) return;
    else if (type === ENHANCED_PACKET || type === OBSOLETE_PACKET) this.packet(type, b, at, end, offset);
    else if (type === INTERFACE) this.addInterface(b, at, end, offset);
    else if (type === SIMPLE_PACKET) this.simple(b, at, end, offset);
    else if (type === SECRETS) this.secrets(b, at, end, offset);
    else if (isNumbered(type)) this.receiver.numberedRecord();
  }

  private section(b: Uint8Array, at: number, offset: number): void {
    const major = this.half(b, at + 12);
    this.closed = major !== 1;
    if (this.closed) {
      const detail = `pcapng section version ${major} is not known; its blocks were passed over`;
      this.receiver.fileFault('bad-version', detail, offset);
    }
    this.sections++;
    this.interfaces = [];
  }

  private addInterface(b: Uint8Array, at: number, end: number, offset: number): void {
    if (this.interfaces.length >= MAX_INTERFACES) {
      const detail = `more than ${MAX_INTERFACES} interfaces in one section; packets of the others were passed over`;
      this.receiver.fileFault('cap-interfaces', detail, offset);
      return;
    }
    const isWhole = end - at >= INTERFACE_BLOCK_BYTES;
    const face = isWhole ? readInterface(b, at, end, this.bigEndian) : UNDESCRIBED;
    if (!isWhole) this.receiver.fileFault('bad-block', 'an interface description is too short', offset);
    else if (face.isDoubtful) {
      const detail = 'an option of an interface has a length it cannot have; times of its packets may be wrong';
      this.receiver.fileFault('bad-block', detail, offset);
    }
    this.interfaces.push(face);
  }

  /** Enhanced and obsolete packet blocks differ only in how they name the interface. */
  private packet(type: number, b: Uint8Array, at: number, end: number, offset: number): void {
    const number = type === ENHANCED_PACKET ? this.word(b, at + 8) : this.half(b, at + 8);
    const face = this.interfaces[number];
    const data = at + 28;
    const captured = end - at >= 32 ? this.word(b, at + 20) : -1;
    if (captured < 0 || captured > MAX_PACKET_BYTES || data + captured > end - 4) {
      this.receiver.fileFault('bad-block', 'a packet block holds less than it says; it was passed over', offset);
    } else if (face === undefined) {
      const detail = 'a packet names an interface that was not described; it was passed over';
      this.receiver.fileFault('bad-block', detail, offset);
    } else {
      const us = timeUs(face, this.word(b, at + 12), this.word(b, at + 16));
      if (us !== us) this.receiver.fileFault('bad-time', 'a packet has a time that cannot be', offset);
      const wire = this.word(b, at + 24);
      const whole = wire < captured ? captured : wire;
      this.receiver.packet(b, data, data + captured, whole, face.linkType, us, offset + 28);
    }
  }

  private simple(b: Uint8Array, at: number, end: number, offset: number): void {
    const face = this.interfaces[0];
    if (face === undefined || end - at < 16) {
      this.receiver.fileFault('bad-block', 'a simple packet without its interface; it was passed over', offset);
      return;
    }
    const wire = this.word(b, at + 8);
    const held = end - 4 - (at + 12);
    const limit = face.snapLength === 0 ? wire : Math.min(wire, face.snapLength);
    let captured = Math.min(limit, held);
    if (held - captured > 3 && captured < wire) {
      // More than padding: the block was written before a wrong snap length, and its bytes are evidence.
      captured = Math.min(wire, held);
      const detail = 'a simple packet is longer than its interface allows; its own length was believed';
      this.receiver.fileFault('bad-block', detail, offset);
    }
    this.receiver.packet(b, at + 12, at + 12 + captured, wire, face.linkType, Number.NaN, offset + 12);
  }

  /** Decryption secrets: their kind, their length, then the secrets. */
  private secrets(b: Uint8Array, at: number, end: number, offset: number): void {
    const length = end - at >= 20 ? this.word(b, at + 12) : -1;
    if (length < 0 || at + 16 + length > end - 4) {
      this.receiver.fileFault('bad-block', 'a block of secrets holds less than it says; it was passed over', offset);
      return;
    }
    if (this.secretBytes + length > MAX_SECRETS_BYTES) {
      this.receiver.fileFault('cap-secrets', `more than ${MAX_SECRETS_BYTES} bytes of decryption secrets`, offset);
      return;
    }
    this.secretBytes += length;
    this.receiver.secrets?.(this.word(b, at + 8), b.subarray(at + 16, at + 16 + length), offset + 16);
  }
}
