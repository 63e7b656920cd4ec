const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
/** libpcap's MAXIMUM_SNAPLEN; a record that claims more is not one. */
const maxRecordBytes = 262_144;

/**
 * Follows the record boundaries of a classic pcap stream (draft-ietf-opsawg-pcap) without storing it: counts whole packets
 * and knows at every moment where the last whole one ended. Takes bytes however they are cut.
 */
export class PcapBoundaries {
  bytes = 0;
  packets = 0;
  /** End of the last whole record (or of the file header): what may be kept after a cut. */
  boundaryBytes = 0;
  linkType: number | null = null;
  snapLength: number | null = null;
  /** Time of the last whole packet in µs since 1970, handset's clock. */
  lastPacketUs: number | null = null;
  /** What is wrong with the stream, once something is; nothing is counted behind it. */
  violation: string | null = null;
  #littleEndian = true;
  #unitsPerUs = 1;
  readonly #header = Buffer.alloc(fileHeaderBytes);
  #headerHave = 0;
  #bodyLeft = 0;
  #inFileHeader = true;

  /** True when the bytes so far end at a record boundary behind a whole file header. */
  get atBoundary(): boolean {
    return !this.#inFileHeader && this.violation === null && this.bytes === this.boundaryBytes;
  }

  get hasFileHeader(): boolean {
    return !this.#inFileHeader;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && this.violation === null) {
      at += this.#bodyLeft > 0 ? this.#body(chunk.length - at) : this.#headerPart(chunk, at);
    }
    // Bytes behind a violation are stored all the same, and counted as bytes only.
    this.bytes += chunk.length - at;
  }

  #body(available: number): number {
    const taken = Math.min(this.#bodyLeft, available);
    this.#bodyLeft -= taken;
    this.bytes += taken;
    if (this.#bodyLeft === 0) this.#recordEnds();
    return taken;
  }

  #headerPart(chunk: Uint8Array, at: number): number {
    const wanted = this.#inFileHeader ? fileHeaderBytes : recordHeaderBytes;
    const taken = Math.min(wanted - this.#headerHave, chunk.length - at);
    this.#header.set(chunk.subarray(at, at + taken), this.#headerHave);
    this.#headerHave += taken;
    this.bytes += taken;
    if (this.#headerHave < wanted) return taken;
    this.#headerHave = 0;
    if (this.#inFileHeader) this.#readFileHeader();
    else this.#readRecordHeader();
    return taken;
  }

  #readFileHeader(): void {
    const magic = this.#header.readUInt32LE(0);
    const known: Readonly<Record<number, readonly [boolean, number]>> = {
      0xa1b2c3d4: [true, 1],
      0xa1b23c4d: [true, 1000],
      0xd4c3b2a1: [false, 1],
      0x4d3cb2a1: [false, 1000],
    };
    const format = known[magic];
    if (format === undefined) {
      this.violation = 'it does not begin with a pcap header';
      return;
    }
    [this.#littleEndian, this.#unitsPerUs] = format;
    this.snapLength = this.#u32(16);
    this.linkType = this.#u32(20) & 0xffff;
    this.#inFileHeader = false;
    this.boundaryBytes = this.bytes;
  }

  #readRecordHeader(): void {
    const capturedBytes = this.#u32(8);
    if (capturedBytes > maxRecordBytes) {
      this.violation = `the record at byte ${this.bytes - recordHeaderBytes} claims ${capturedBytes} bytes`;
      return;
    }
    this.#bodyLeft = capturedBytes;
    if (capturedBytes === 0) this.#recordEnds();
  }

  #recordEnds(): void {
    this.packets += 1;
    this.boundaryBytes = this.bytes;
    this.lastPacketUs = this.#u32(0) * 1e6 + Math.floor(this.#u32(4) / this.#unitsPerUs);
  }

  #u32(offset: number): number {
    return this.#littleEndian ? this.#header.readUInt32LE(offset) : this.#header.readUInt32BE(offset);
  }
}
