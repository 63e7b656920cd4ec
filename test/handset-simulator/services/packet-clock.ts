/** tcpdump's file header and the header of each record, in bytes (pcap(5)); a longer record is damage, and passes as it is. */
const fileHeader = 24;
const recordHeader = 16;
const microsecondsLittleEndian = 0xa1b2c3d4;

/**
 * Puts the packets that the workstation's tcpdump wrote onto the handset's clock, as its own tcpdump would have stamped them: seconds and
 * microseconds of each record, all other bytes as they are. Bytes come in any pieces; what it holds back is less than a header.
 */
export class PacketClock {
  readonly #skewMs: () => number;
  #held = Buffer.alloc(0);
  /** What comes next, and how many of its bytes are still to pass. */
  #next: 'file' | 'record' | 'bytes' = 'file';
  #left = 0;

  constructor(skewMs: () => number) {
    this.#skewMs = skewMs;
  }

  take(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.#held, chunk]);
    let at = 0;
    for (;;) {
      if (this.#next === 'bytes') {
        const passed = Math.min(this.#left, bytes.length - at);
        at += passed;
        this.#left -= passed;
        if (this.#left > 0) break;
        this.#next = 'record';
      }
      const header = this.#next === 'file' ? fileHeader : recordHeader;
      if (bytes.length - at < header) break;
      if (this.#next === 'file') {
        if (bytes.readUInt32LE(at) !== microsecondsLittleEndian) throw new Error('not what tcpdump writes here');
        this.#next = 'record';
      } else {
        const us = bytes.readUInt32LE(at) * 1_000_000 + bytes.readUInt32LE(at + 4) + Math.round(this.#skewMs() * 1000);
        bytes.writeUInt32LE(Math.floor(us / 1_000_000), at);
        bytes.writeUInt32LE(us % 1_000_000, at + 4);
        this.#left = bytes.readUInt32LE(at + 8);
        this.#next = 'bytes';
      }
      at += header;
    }
    this.#held = Buffer.from(bytes.subarray(at));
    return bytes.subarray(0, at);
  }

  /** What is left when tcpdump has ended in the middle of a header. */
  rest(): Buffer {
    return this.#held;
  }
}
