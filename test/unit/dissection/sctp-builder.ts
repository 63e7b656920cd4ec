import { bytesOf, CLIENT, ethernet, ipv4, SERVER, u16, u32, udpDatagram } from './packet-builder.ts';

/** A chunk (RFC 9260 section 3.2), padded. */
export function chunk(type: number, flags: number, value: Uint8Array): Buffer {
  const padding = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([Buffer.from([type, flags]), u16(4 + value.length), value, padding]);
}

/** A chunk of which the last bytes are what fills it up to the next one: zero in what `chunk` makes. */
export function filledWith(padding: string, made: Buffer): Buffer {
  const content = made.readUInt16BE(2);
  if (content + padding.length > made.length) throw new Error(`no room for ${padding}`);
  return Buffer.concat([
    made.subarray(0, content),
    Buffer.from(padding, 'latin1'),
    made.subarray(content + padding.length),
  ]);
}

export interface DataOptions {
  /** `B` first piece, `E` last piece, `U` unordered; default `BE`. */
  readonly flags?: string;
  readonly stream?: number;
  /** Number of the message in its stream. */
  readonly number?: number;
  /** Payload protocol identifier. */
  readonly payload?: number;
}

const FLAGS: Readonly<Record<string, number>> = { E: 1, B: 2, U: 4 };

function flagsOf(text = 'BE'): number {
  return Array.from(text).reduce((sum, f) => sum | (FLAGS[f] ?? 0), 0);
}

export function data(tsn: number, content: Uint8Array | string, o: DataOptions = {}): Buffer {
  const head = [u32(tsn), u16(o.stream ?? 0), u16(o.number ?? 0), u32(o.payload ?? 0)];
  return chunk(0, flagsOf(o.flags), Buffer.concat([...head, bytesOf(content)]));
}

/** I-DATA (RFC 8260 section 2.1); `piece` is the number of a piece that is not the first. */
export function interleaved(
  tsn: number,
  content: Uint8Array | string,
  o: DataOptions & { readonly piece?: number } = {},
): Buffer {
  const flags = flagsOf(o.flags);
  const word = (flags & 2) !== 0 ? (o.payload ?? 0) : (o.piece ?? 0);
  const head = [u32(tsn), u16(o.stream ?? 0), u16(0), u32(o.number ?? 0), u32(word)];
  return chunk(64, flags, Buffer.concat([...head, bytesOf(content)]));
}

/** INIT, or its acknowledgement. */
export function init(type: 1 | 2, tsn: number, parameters: Uint8Array = Buffer.alloc(0)): Buffer {
  return chunk(type, 0, Buffer.concat([u32(7), u32(65_536), u16(2), u16(2), u32(tsn), parameters]));
}

export interface SctpOptions {
  readonly back?: boolean;
  readonly tag?: number;
  readonly sourcePort?: number;
  readonly targetPort?: number;
}

export function sctpPacket(chunks: readonly Uint8Array[], o: SctpOptions = {}): Buffer {
  const ports = [o.sourcePort ?? 40_000, o.targetPort ?? 36_412];
  if (o.back === true) ports.reverse();
  return Buffer.concat([...ports.map(u16), u32(o.tag ?? (o.back === true ? 8 : 7)), u32(0), ...chunks]);
}

/** An Ethernet frame with an SCTP packet, from the client unless it goes `back`. The checksum is nobody's. */
export function sctp(chunks: readonly Uint8Array[], o: SctpOptions = {}): Buffer {
  const [from, to] = o.back === true ? [SERVER, CLIENT] : [CLIENT, SERVER];
  return ethernet(ipv4(sctpPacket(chunks, o), { from, to, protocol: 132 }));
}

/** The same in UDP (RFC 6951). */
export function sctpInUdp(chunks: readonly Uint8Array[], o: SctpOptions = {}): Buffer {
  const [from, to] = o.back === true ? [SERVER, CLIENT] : [CLIENT, SERVER];
  return ethernet(ipv4(udpDatagram(9899, 9899, sctpPacket(chunks, o)), { from, to, protocol: 17 }));
}
