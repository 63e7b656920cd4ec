import type { FileFormat, PacketReceiver } from './file-format.ts';
import { PcapFormat } from './pcap-format.ts';
import { PcapngFormat } from './pcapng-format.ts';
import { u32, u32le } from './bytes.ts';

const MAGIC_SHB = 0x0a0d0d0a;

/**
 * Takes a capture file in blocks of any size. Records that lie whole in a block are parsed in place; only one that
 * straddles two blocks is put together in `carry`.
 */
export class CaptureFile {
  private readonly receiver: PacketReceiver;
  private format: FileFormat | null = null;
  formatName: 'pcap' | 'pcapng' | null = null;
  private carry: Uint8Array = new Uint8Array(64 * 1024);
  private carryLength = 0;
  private bad = false;
  private fileOffset = 0;

  constructor(receiver: PacketReceiver) {
    this.receiver = receiver;
  }

  push(block: Uint8Array): void {
    let at = 0;
    while (at < block.length && !this.isStopped()) {
      at = this.carryLength > 0 ? this.fillCarry(block, at) : this.consumeInPlace(block, at);
    }
  }

  finish(): void {
    if (this.isStopped()) return;
    if (this.format === null) {
      this.receiver.fileFault(
        this.carryLength === 0 ? 'empty-file' : 'bad-magic',
        'too short to be a capture file',
        this.fileOffset,
      );
      return;
    }
    this.consumeRest(this.format);
    if (this.isStopped()) return;
    const lack = this.format.cutShort(this.carryLength);
    if (lack !== null) {
      this.receiver.fileFault('cut-in-record', `the file ends inside ${lack}`, this.fileOffset);
    }
  }

  private consumeRest(format: FileFormat): void {
    format.ending = true;
    const used = this.run(this.carry, 0, this.carryLength);
    this.carry.copyWithin(0, used, this.carryLength);
    this.carryLength -= used;
  }

  private isStopped(): boolean {
    return this.bad || (this.format !== null && this.format.stopped);
  }

  private wanted(): number {
    return this.format === null ? 4 : this.format.wanted;
  }

  private fillCarry(block: Uint8Array, from: number): number {
    const missing = this.wanted() - this.carryLength;
    const n = Math.min(missing, block.length - from);
    if (this.carryLength + n > this.carry.length) {
      const bigger = new Uint8Array(Math.max(this.carryLength + n, this.carry.length * 2));
      bigger.set(this.carry.subarray(0, this.carryLength));
      this.carry = bigger;
    }
    this.carry.set(block.subarray(from, from + n), this.carryLength);
    this.carryLength += n;
    if (n === missing) {
      const used = this.run(this.carry, 0, this.carryLength);
      if (used > 0) {
        this.carry.copyWithin(0, used, this.carryLength);
        this.carryLength -= used;
      }
    }
    return from + n;
  }

  private consumeInPlace(block: Uint8Array, from: number): number {
    const used = this.run(block, from, block.length);
    if (this.isStopped()) return used;
    const left = block.length - used;
    if (left > 0) {
      if (left > this.carry.length) this.carry = new Uint8Array(left * 2);
      this.carry.set(block.subarray(used));
      this.carryLength = left;
    }
    return block.length;
  }

  private run(bytes: Uint8Array, start: number, end: number): number {
    if (this.format === null) {
      if (end - start < 4) return start;
      this.format = this.recognise(bytes, start);
      if (this.format === null) return start;
    }
    const next = this.format.consume(bytes, start, end, this.fileOffset);
    this.fileOffset += next - start;
    return next;
  }

  private recognise(bytes: Uint8Array, at: number): FileFormat | null {
    if (u32(bytes, at) === MAGIC_SHB) {
      this.formatName = 'pcapng';
      return new PcapngFormat(this.receiver);
    }
    for (const bigEndian of [true, false]) {
      const magic = bigEndian ? u32(bytes, at) : u32le(bytes, at);
      if (PcapFormat.knows(magic)) {
        this.formatName = 'pcap';
        return new PcapFormat(this.receiver, magic, bigEndian);
      }
    }
    this.bad = true;
    const shown = u32(bytes, at).toString(16).padStart(8, '0');
    this.receiver.fileFault('bad-magic', `not a pcap or pcapng file (begins with 0x${shown})`, 0);
    return null;
  }
}
