/**
 * The ADB transport protocol, device side, as AOSP's `protocol.txt` describes it: a header of six little-endian words,
 * then the payload. `arg0` is always the sender's id.
 */
export const commands = {
  CNXN: 0x4e584e43,
  AUTH: 0x48545541,
  OPEN: 0x4e45504f,
  OKAY: 0x59414b4f,
  WRTE: 0x45545257,
  CLSE: 0x45534c43,
  STLS: 0x534c5453,
} as const;

export const headerBytes = 24;
/** Payload checksums are sent and checked at this protocol version only. */
export const versionWithChecksums = 0x01000000;
export const versionWithoutChecksums = 0x01000001;

export interface Packet {
  readonly command: number;
  readonly arg0: number;
  readonly arg1: number;
  readonly payload: Buffer;
}

/** The «crc» of the protocol: the sum of all bytes, modulo 2^32. */
export function payloadChecksum(payload: Uint8Array): number {
  let sum = 0;
  for (const byte of payload) sum = (sum + byte) >>> 0;
  return sum;
}

/** One packet as bytes. Without checksums the field is 0, as adb from version 0x01000001 on sends it. */
export function encodePacket(packet: Packet, withChecksum: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + packet.payload.length);
  bytes.writeUInt32LE(packet.command >>> 0, 0);
  bytes.writeUInt32LE(packet.arg0 >>> 0, 4);
  bytes.writeUInt32LE(packet.arg1 >>> 0, 8);
  bytes.writeUInt32LE(packet.payload.length, 12);
  bytes.writeUInt32LE(withChecksum ? payloadChecksum(packet.payload) : 0, 16);
  bytes.writeUInt32LE((packet.command ^ 0xffffffff) >>> 0, 20);
  packet.payload.copy(bytes, headerBytes);
  return bytes;
}

export type PacketFault = 'magic' | 'too-long' | 'checksum';

export interface PacketReader {
  /** Takes any cut of the byte stream and returns the packets that are complete now. After a fault nothing is read any more. */
  push(chunk: Uint8Array): { readonly packets: readonly Packet[]; readonly fault: PacketFault | null };
}

/** `checkSums` is asked per packet, because the version is negotiated while the stream runs. */
export function createPacketReader(options: { maxPayload: number; checkSums: () => boolean }): PacketReader {
  let pending: Buffer = Buffer.alloc(0);
  let fault: PacketFault | null = null;

  const take = (): Packet | null => {
    if (pending.length < headerBytes) return null;
    const command = pending.readUInt32LE(0);
    const length = pending.readUInt32LE(12);
    if (pending.readUInt32LE(20) !== (command ^ 0xffffffff) >>> 0) fault = 'magic';
    else if (length > options.maxPayload) fault = 'too-long';
    if (fault !== null || pending.length < headerBytes + length) return null;
    const payload = Buffer.from(pending.subarray(headerBytes, headerBytes + length));
    const sum = pending.readUInt32LE(16);
    // A host that talks the newer version sends 0 already in its first CNXN.
    if (options.checkSums() && sum !== 0 && sum !== payloadChecksum(payload)) {
      fault = 'checksum';
      return null;
    }
    const packet = { command, arg0: pending.readUInt32LE(4), arg1: pending.readUInt32LE(8), payload };
    pending = pending.subarray(headerBytes + length);
    return packet;
  };

  return {
    push(chunk) {
      if (fault !== null) return { packets: [], fault };
      pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
      const packets: Packet[] = [];
      for (let packet = take(); packet !== null; packet = take()) packets.push(packet);
      return { packets, fault };
    },
  };
}
