/** Somebody on the local network, or behind the gateway: the gateway's MAC then stands for it. */
export interface Station {
  /** Lower case, with colons. */
  readonly mac: string;
  /** IPv4 dotted, or IPv6 in its 16 bytes as hexadecimal digits. */
  readonly address: string;
}

export const broadcastMac = 'ff:ff:ff:ff:ff:ff';

export function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

export function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

/** Internet checksum (RFC 1071) over the concatenation of `parts`. */
export function checksum(...parts: readonly Buffer[]): number {
  let sum = 0;
  let high = true;
  for (const part of parts) {
    for (const byte of part) {
      sum += high ? byte << 8 : byte;
      high = !high;
    }
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** An Ethernet II frame without its check sequence, as a capture holds it. */
export function ethernet(fromMac: string, toMac: string, etherType: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(14);
  macBytes(toMac).copy(head, 0);
  macBytes(fromMac).copy(head, 6);
  head.writeUInt16BE(etherType, 12);
  return Buffer.concat([head, payload]);
}

export interface Ipv4Options {
  /** Identification field. */
  readonly id: number;
  readonly ttl: number;
}

/** An IPv4 packet (RFC 791) without options, «don't fragment» set. */
export function ipv4(from: string, to: string, protocol: number, payload: Buffer, options: Ipv4Options): Buffer {
  const head = Buffer.alloc(20);
  head[0] = 0x45;
  head.writeUInt16BE(20 + payload.length, 2);
  head.writeUInt16BE(options.id & 0xffff, 4);
  head.writeUInt16BE(0x4000, 6);
  head[8] = options.ttl;
  head[9] = protocol;
  ipv4Bytes(from).copy(head, 12);
  ipv4Bytes(to).copy(head, 16);
  head.writeUInt16BE(checksum(head), 10);
  return Buffer.concat([head, payload]);
}

/** An IPv6 packet (RFC 8200); addresses as 32 hexadecimal digits. */
export function ipv6(from: string, to: string, nextHeader: number, payload: Buffer, hopLimit: number): Buffer {
  const head = Buffer.alloc(40);
  head[0] = 0x60;
  head.writeUInt16BE(payload.length, 4);
  head[6] = nextHeader;
  head[7] = hopLimit;
  Buffer.from(from, 'hex').copy(head, 8);
  Buffer.from(to, 'hex').copy(head, 24);
  return Buffer.concat([head, payload]);
}

/** The pseudo header that TCP's and UDP's checksums cover (RFC 9293 3.1; RFC 8200 8.1 for 32-digit addresses). */
function pseudoHeader(from: string, to: string, protocol: number, length: number): Buffer {
  if (from.includes('.')) {
    const tail = Buffer.from([0, protocol, length >> 8, length & 0xff]);
    return Buffer.concat([ipv4Bytes(from), ipv4Bytes(to), tail]);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(length, 0);
  tail[7] = protocol;
  return Buffer.concat([Buffer.from(from, 'hex'), Buffer.from(to, 'hex'), tail]);
}

/** A UDP datagram (RFC 768). */
export function udp(from: string, fromPort: number, to: string, toPort: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(fromPort, 0);
  head.writeUInt16BE(toPort, 2);
  head.writeUInt16BE(8 + payload.length, 4);
  const sum = checksum(pseudoHeader(from, to, 17, 8 + payload.length), head, payload);
  head.writeUInt16BE(sum === 0 ? 0xffff : sum, 6);
  return Buffer.concat([head, payload]);
}

export const tcpFlags = { fin: 1, syn: 2, push: 8, ack: 16 } as const;

export interface TcpFields {
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  /** Padded to a multiple of four. */
  readonly options: Buffer;
}

/** A TCP segment (RFC 9293). */
export function tcp(from: string, fromPort: number, to: string, toPort: number, f: TcpFields, payload: Buffer): Buffer {
  const head = Buffer.alloc(20 + f.options.length);
  head.writeUInt16BE(fromPort, 0);
  head.writeUInt16BE(toPort, 2);
  head.writeUInt32BE(f.seq >>> 0, 4);
  head.writeUInt32BE(f.ack >>> 0, 8);
  head[12] = (head.length / 4) << 4;
  head[13] = f.flags;
  head.writeUInt16BE(f.window, 14);
  f.options.copy(head, 20);
  head.writeUInt16BE(checksum(pseudoHeader(from, to, 6, head.length + payload.length), head, payload), 16);
  return Buffer.concat([head, payload]);
}

/** ICMP echo (RFC 792): `type` 8 asks, 0 answers. */
export function icmpEcho(type: 8 | 0, id: number, sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head[0] = type;
  head.writeUInt16BE(id, 4);
  head.writeUInt16BE(sequence, 6);
  head.writeUInt16BE(checksum(head, payload), 2);
  return Buffer.concat([head, payload]);
}

/** An ICMPv6 message (RFC 4443) with its checksum; `body` follows type, code and checksum. */
export function icmpv6(from: string, to: string, type: number, body: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type, 0, 0, 0]), body]);
  message.writeUInt16BE(checksum(pseudoHeader(from, to, 58, message.length), message), 2);
  return message;
}

/** ARP for IPv4 over Ethernet (RFC 826): `operation` 1 asks, 2 answers. */
export function arp(operation: 1 | 2, sender: Station, target: Station): Buffer {
  const head = Buffer.from([0, 1, 8, 0, 6, 4, 0, operation]);
  return Buffer.concat([
    head,
    macBytes(sender.mac),
    ipv4Bytes(sender.address),
    macBytes(target.mac),
    ipv4Bytes(target.address),
  ]);
}
