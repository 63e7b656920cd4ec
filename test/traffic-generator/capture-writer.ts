/** One packet on its way into a capture. */
export interface Packet {
  /** Microseconds since the epoch. */
  readonly atUs: number;
  readonly bytes: Buffer;
  /** Wireshark's number, 1-based; 0 until the capture is finished. */
  frame: number;
}

const linkTypeEthernet = 1;

/** The 24 bytes before the first record of a classic pcap: microseconds, Ethernet, whole packets. */
export function pcapFileHeader(): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(linkTypeEthernet, 20);
  return head;
}

/** A packet's record of a classic pcap: seconds, microseconds, both lengths, bytes. */
export function pcapRecord(atUs: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(Math.floor(atUs / 1_000_000), 0);
  head.writeUInt32LE(atUs % 1_000_000, 4);
  head.writeUInt32LE(bytes.length, 8);
  head.writeUInt32LE(bytes.length, 12);
  return Buffer.concat([head, bytes]);
}

/** Collects packets in any order and writes them as one classic pcap (microseconds, Ethernet), in the order of their times. */
export class CaptureWriter {
  readonly #packets: Packet[] = [];

  get count(): number {
    return this.#packets.length;
  }

  /** @param atUs microseconds since the epoch; rounded to whole ones */
  add(atUs: number, bytes: Buffer): Packet {
    const packet: Packet = { atUs: Math.round(atUs), bytes, frame: 0 };
    this.#packets.push(packet);
    return packet;
  }

  /** The file's bytes; from now on every packet knows its frame number. Packets of one instant stay in the order they came in. */
  finish(): Buffer {
    const sorted = this.#packets.toSorted((a, b) => a.atUs - b.atUs);
    for (const [index, packet] of sorted.entries()) packet.frame = index + 1;
    return Buffer.concat([pcapFileHeader(), ...sorted.map(({ atUs, bytes }) => pcapRecord(atUs, bytes))]);
  }
}
