import type { FileFormat, PacketReceiver } from './file-format.ts';
import { u16, u16le, u32, u32le } from './bytes.ts';

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
/** Alexey Kuznetzov's patched libpcap: eight more bytes in each record header (wiretap/libpcap.h). */
const KUZNETZOV = 0xa1b2cd34;
/** The largest packet Wireshark believes (WTAP_MAX_PACKET_SIZE_STANDARD); larger means the record header is damaged. */
export const MAX_PACKET_BYTES = 262_144;

/** The classic capture file: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/ */
export class PcapFormat implements FileFormat {
  wanted = 24;
  stopped = false;
  ending = false;
  private readonly receiver: PacketReceiver;
  private readonly bigEndian: boolean;
  private readonly nanoseconds: boolean;
  private readonly headerBytes: number;
  private linkType = -1;
  private minorVersion = 4;

  static knows(magic: number): boolean {
    return magic === MICROSECONDS || magic === NANOSECONDS || magic === KUZNETZOV;
  }

  constructor(receiver: PacketReceiver, magic: number, bigEndian: boolean) {
    this.receiver = receiver;
    this.bigEndian = bigEndian;
    this.nanoseconds = magic === NANOSECONDS;
    this.headerBytes = magic === KUZNETZOV ? 24 : 16;
  }

  consume(b: Uint8Array, start: number, end: number, fileOffset: number): number {
    let at = start;
    if (this.linkType < 0) {
      if (end - at < 24) {
        this.wanted = 24;
        return at;
      }
      if (!this.readFileHeader(b, at)) return at;
      at += 24;
    }
    const big = this.bigEndian;
    const header = this.headerBytes;
    while (end - at >= header) {
      let captured = big ? u32(b, at + 8) : u32le(b, at + 8);
      let wire = big ? u32(b, at + 12) : u32le(b, at + 12);
      if (this.hasSwappedLengths(captured, wire)) [captured, wire] = [wire, captured];
      if (captured > MAX_PACKET_BYTES) {
        this.receiver.fileFault(
          'bad-record',
          `a record says it holds ${captured} bytes, more than ${MAX_PACKET_BYTES}; nothing after it can be read`,
          fileOffset + (at - start),
        );
        this.stopped = true;
        return at;
      }
      if (end - at - header < captured) {
        this.wanted = header + captured;
        return at;
      }
      const seconds = big ? u32(b, at) : u32le(b, at);
      const fraction = big ? u32(b, at + 4) : u32le(b, at + 4);
      const us = seconds * 1e6 + (this.nanoseconds ? Math.floor(fraction / 1000) : fraction);
      const from = at + header;
      at = from + captured;
      this.receiver.packet(
        b,
        from,
        at,
        wire < captured ? captured : wire,
        this.linkType,
        us,
        fileOffset + (from - start),
      );
    }
    this.wanted = header;
    return at;
  }

  /** Version 2.3 and what was before it wrote the two lengths the other way round, 2.3 only some of them. */
  private hasSwappedLengths(captured: number, wire: number): boolean {
    return this.minorVersion < 3 || (this.minorVersion === 3 && captured > wire);
  }

  cutShort(left: number): string | null {
    if (this.linkType < 0) return 'the file header';
    if (left === 0) return null;
    return left < this.headerBytes ? 'the header of a record' : 'a record';
  }

  private readFileHeader(b: Uint8Array, at: number): boolean {
    const major = this.bigEndian ? u16(b, at + 4) : u16le(b, at + 4);
    if (major !== 2) {
      this.receiver.fileFault('bad-version', `pcap version ${major} is not known`, 4);
      this.stopped = true;
      return false;
    }
    this.minorVersion = this.bigEndian ? u16(b, at + 6) : u16le(b, at + 6);
    const network = this.bigEndian ? u32(b, at + 20) : u32le(b, at + 20);
    if ((network & 0x03ff0000) !== 0) {
      this.receiver.fileFault('bad-header', `reserved bits of the link type are set (0x${network.toString(16)})`, 20);
    }
    this.linkType = network & 0xffff;
    return true;
  }
}
