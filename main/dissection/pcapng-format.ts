import type { FileFormat, PacketReceiver } from './file-format.ts';
import { MAX_PACKET_BYTES } from './pcap-format.ts';
import { u16, u16le, u32, u32le } from './bytes.ts';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** Blocks without a packet that Wireshark numbers all the same: custom blocks, the systemd journal, sysdig events. */
const NUMBERED = new Set([0x0bad, 0x40000bad, 9, 0x204, 0x208, 0x216, 0x221, 0x222, 0x223]);
/** Wireshark's own bound for a block (MAX_BLOCK_SIZE). */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MAX_INTERFACES = 65_536;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Microseconds = units × 1e6 / unitsPerSecond + offset. */
  readonly unitsPerSecond: bigint;
  readonly offsetUs: number;
}

/** The pcapng file: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/ */
export class PcapngFormat implements FileFormat {
  wanted = 12;
  stopped = false;
  skipBytes = 0;
  private readonly receiver: PacketReceiver;
  private bigEndian = false;
  private sections = 0;
  private interfaces: Interface[] = [];

  constructor(receiver: PacketReceiver) {
    this.receiver = receiver;
  }

  consume(b: Uint8Array, start: number, end: number, fileOffset: number): number {
    this.skipBytes = 0;
    let at = start;
    while (end - at >= 12) {
      const isSection = u32(b, at) === SECTION;
      if (isSection && !this.readByteOrder(b, at, fileOffset + (at - start))) return at;
      const type = isSection ? SECTION : this.word(b, at);
      const length = this.word(b, at + 4);
      if (length < (isSection ? 28 : 12) || (length & 3) !== 0 || length > MAX_BLOCK_BYTES) {
        this.stop(
          'bad-block-length',
          `a block says it is ${length} bytes long; nothing after it can be read`,
          fileOffset + (at - start),
        );
        return at;
      }
      if (end - at < length) {
        if (length > 1024 * 1024 && !this.holdsPacket(type) && type !== SECTION && type !== INTERFACE) {
          if (NUMBERED.has(type)) this.receiver.numberedRecord();
          this.skipBytes = length;
          return at;
        }
        this.wanted = length;
        return at;
      }
      if (this.word(b, at + length - 4) !== length) {
        this.receiver.fileFault(
          'bad-block',
          'the two lengths of a block differ; the first was believed',
          fileOffset + (at - start),
        );
      }
      this.block(type, b, at, at + length, fileOffset + (at - start));
      if (this.stopped) return at;
      at += length;
    }
    this.wanted = 12;
    return at;
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

  private holdsPacket(type: number): boolean {
    return type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET;
  }

  private stop(code: string, detail: string, offset: number): void {
    this.receiver.fileFault(code, detail, offset);
    this.stopped = true;
  }

  private readByteOrder(b: Uint8Array, at: number, offset: number): boolean {
    const order = u32(b, at + 8);
    if (order === 0x1a2b3c4d) this.bigEndian = true;
    else if (order === 0x4d3c2b1a) this.bigEndian = false;
    else {
      this.stop(
        'bad-magic',
        `a section header has the byte-order mark 0x${order.toString(16).padStart(8, '0')}`,
        offset,
      );
      return false;
    }
    return true;
  }

  private block(type: number, b: Uint8Array, at: number, end: number, offset: number): void {
    if (type === ENHANCED_PACKET) this.enhanced(b, at, end, offset);
    else if (type === SECTION) this.section(b, at, offset);
    else if (this.sections === 0) this.stop('bad-magic', 'the file does not begin with a section header', offset);
    else if (type === INTERFACE) this.addInterface(b, at, end, offset);
    else if (type === SIMPLE_PACKET) this.simple(b, at, end, offset);
    else if (type === OBSOLETE_PACKET) this.obsolete(b, at, end, offset);
    else if (NUMBERED.has(type)) this.receiver.numberedRecord();
  }

  private section(b: Uint8Array, at: number, offset: number): void {
    const major = this.half(b, at + 12);
    if (major !== 1) {
      this.stop('bad-version', `pcapng section version ${major} is not known`, offset);
      return;
    }
    this.sections++;
    this.interfaces = [];
  }

  private addInterface(b: Uint8Array, at: number, end: number, offset: number): void {
    if (end - at < 20) {
      this.receiver.fileFault('bad-block', 'an interface description is too short', offset);
      this.interfaces.push({ linkType: 0, snapLength: 0, unitsPerSecond: 1_000_000n, offsetUs: 0 });
      return;
    }
    if (this.interfaces.length >= MAX_INTERFACES) {
      this.stop('cap-interfaces', `more than ${MAX_INTERFACES} interfaces in one section`, offset);
      return;
    }
    let unitsPerSecond = 1_000_000n;
    let offsetUs = 0;
    let option = at + 16;
    while (option + 4 <= end - 4) {
      const code = this.half(b, option);
      const length = this.half(b, option + 2);
      const value = option + 4;
      if (code === 0 || value + length > end - 4) break;
      if (code === 9 && length >= 1) {
        const exponent = (b[value] as number) & 0x7f;
        unitsPerSecond = ((b[value] as number) & 0x80) !== 0 ? 2n ** BigInt(exponent) : 10n ** BigInt(exponent);
      } else if (code === 14 && length >= 8) {
        const high = this.word(b, this.bigEndian ? value : value + 4) | 0;
        const low = this.word(b, this.bigEndian ? value + 4 : value);
        offsetUs = (high * 4294967296 + low) * 1e6;
      }
      option = value + ((length + 3) & ~3);
    }
    this.interfaces.push({
      linkType: this.half(b, at + 8),
      snapLength: this.word(b, at + 12),
      unitsPerSecond,
      offsetUs,
    });
  }

  private timeUs(face: Interface, high: number, low: number): number {
    let us: number;
    if (face.unitsPerSecond === 1_000_000n) us = high * 4294967296 + low;
    else if (face.unitsPerSecond === 1_000_000_000n) {
      // Long division by 1000 in two steps: the whole number of nanoseconds does not fit a double exactly.
      us = Math.floor(high / 1000) * 4294967296 + Math.floor(((high % 1000) * 4294967296 + low) / 1000);
    } else {
      us = Number((((BigInt(high) << 32n) | BigInt(low)) * 1_000_000n) / face.unitsPerSecond);
    }
    return us + face.offsetUs;
  }

  private enhanced(b: Uint8Array, at: number, end: number, offset: number): void {
    const face = this.interfaces[this.word(b, at + 8)];
    const captured = end - at >= 32 ? this.word(b, at + 20) : -1;
    this.deliver(face, b, at + 28, end, captured, at, at + 24, offset);
  }

  private obsolete(b: Uint8Array, at: number, end: number, offset: number): void {
    const face = this.interfaces[this.half(b, at + 8)];
    const captured = end - at >= 32 ? this.word(b, at + 20) : -1;
    this.deliver(face, b, at + 28, end, captured, at, at + 24, offset);
  }

  /** Enhanced and obsolete packet blocks differ only in how they name the interface. */
  private deliver(
    face: Interface | undefined,
    b: Uint8Array,
    data: number,
    end: number,
    captured: number,
    at: number,
    wireAt: number,
    offset: number,
  ): void {
    if (captured < 0 || captured > MAX_PACKET_BYTES || data + captured > end - 4) {
      this.receiver.fileFault('bad-block', 'a packet block holds less than it says; it was passed over', offset);
    } else if (face === undefined) {
      this.receiver.fileFault(
        'bad-block',
        'a packet names an interface that was not described; it was passed over',
        offset,
      );
    } else {
      const us = this.timeUs(face, this.word(b, at + 12), this.word(b, at + 16));
      const wire = this.word(b, wireAt);
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
    const limit = face.snapLength === 0 ? wire : Math.min(wire, face.snapLength);
    const captured = Math.min(limit, end - 4 - (at + 12));
    this.receiver.packet(b, at + 12, at + 12 + captured, wire, face.linkType, Number.NaN, offset + 12);
  }
}
