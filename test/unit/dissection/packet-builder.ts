/** Hand-made packets and capture files for the dissection tests. */

export interface TcpOptions {
  readonly from?: string;
  readonly to?: string;
  readonly sourcePort?: number;
  readonly targetPort?: number;
  readonly seq: number;
  readonly ack?: number;
  readonly flags?: string;
  readonly payload?: Uint8Array | string;
}

export const CLIENT = '10.0.0.5';
export const SERVER = '192.0.2.80';
export const CLIENT_PORT = 51234;

export function bytesOf(data: Uint8Array | string | undefined): Buffer {
  if (data === undefined) return Buffer.alloc(0);
  return typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data);
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

export function ethernet(payload: Uint8Array, etherType = 0x0800, tags: readonly number[] = []): Buffer {
  const addresses = Buffer.from('020000000001020000000002', 'hex');
  // Each tag: its EtherType, then priority and VLAN number.
  const tagBytes = tags.map((t) => Buffer.concat([u16(t), u16(42)]));
  return Buffer.concat([addresses, ...tagBytes, u16(etherType), payload]);
}

export function u16(value: number): Buffer {
  const b = Buffer.alloc(2);
  b.writeUInt16BE(value & 0xffff);
  return b;
}

export function u32(value: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(value >>> 0);
  return b;
}

export interface IpOptions {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly id?: number;
  readonly fragmentOffset?: number;
  readonly more?: boolean;
}

export function ipv4(payload: Uint8Array, o: IpOptions): Buffer {
  const h = Buffer.alloc(20);
  h[0] = 0x45;
  h.writeUInt16BE(20 + payload.length, 2);
  h.writeUInt16BE(o.id ?? 1, 4);
  h.writeUInt16BE(((o.fragmentOffset ?? 0) >> 3) | (o.more === true ? 0x2000 : 0), 6);
  h[8] = 64;
  h[9] = o.protocol;
  ipv4Bytes(o.from).copy(h, 12);
  ipv4Bytes(o.to).copy(h, 16);
  return Buffer.concat([h, payload]);
}

export function ipv6(payload: Uint8Array, next: number, from: string, to: string): Buffer {
  const h = Buffer.alloc(40);
  h[0] = 0x60;
  h.writeUInt16BE(payload.length, 4);
  h[6] = next;
  h[7] = 64;
  Buffer.from(from, 'hex').copy(h, 8);
  Buffer.from(to, 'hex').copy(h, 24);
  return Buffer.concat([h, payload]);
}

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

export function tcpHeader(o: TcpOptions): Buffer {
  const h = Buffer.alloc(20);
  h.writeUInt16BE(o.sourcePort ?? CLIENT_PORT, 0);
  h.writeUInt16BE(o.targetPort ?? 80, 2);
  h.writeUInt32BE(o.seq >>> 0, 4);
  h.writeUInt32BE((o.ack ?? 0) >>> 0, 8);
  h[12] = 0x50;
  h[13] = Array.from(o.flags ?? 'A').reduce((sum, f) => sum | (FLAGS[f] ?? 0), 0);
  return h;
}

/** An Ethernet frame with a TCP segment, from the client unless said otherwise. */
export function tcp(o: TcpOptions): Buffer {
  const segment = Buffer.concat([tcpHeader(o), bytesOf(o.payload)]);
  return ethernet(ipv4(segment, { from: o.from ?? CLIENT, to: o.to ?? SERVER, protocol: 6 }));
}

/** The same from the server back. */
export function tcpBack(o: TcpOptions): Buffer {
  return tcp({
    from: SERVER,
    to: CLIENT,
    sourcePort: o.targetPort ?? 80,
    targetPort: o.sourcePort ?? CLIENT_PORT,
    ...omitPorts(o),
  });
}

function omitPorts(o: TcpOptions): TcpOptions {
  const { seq, ack, flags, payload } = o;
  return {
    seq,
    ...(ack === undefined ? {} : { ack }),
    ...(flags === undefined ? {} : { flags }),
    ...(payload === undefined ? {} : { payload }),
  };
}

export function udpDatagram(sourcePort: number, targetPort: number, payload: Uint8Array | string): Buffer {
  const data = bytesOf(payload);
  return Buffer.concat([u16(sourcePort), u16(targetPort), u16(8 + data.length), u16(0), data]);
}

export function udp(
  sourcePort: number,
  targetPort: number,
  payload: Uint8Array | string,
  from = CLIENT,
  to = SERVER,
): Buffer {
  return ethernet(ipv4(udpDatagram(sourcePort, targetPort, payload), { from, to, protocol: 17 }));
}

export interface PcapOptions {
  readonly magic?: number;
  readonly littleEndian?: boolean;
  readonly linkType?: number;
  readonly startSeconds?: number;
  /** Time of each packet after the start, in units of the file; default one millisecond apart. */
  readonly stepUnits?: number;
}

/** A classic capture file. A packet given with `wire` was longer on the wire than what was captured. */
export function pcap(packets: readonly (Buffer | { bytes: Buffer; wire: number })[], o: PcapOptions = {}): Buffer {
  const little = o.littleEndian ?? true;
  const w32 = (v: number): Buffer => (little ? Buffer.from(u32(v)).reverse() : u32(v));
  const w16 = (v: number): Buffer => (little ? Buffer.from(u16(v)).reverse() : u16(v));
  const magic = o.magic ?? 0xa1b2c3d4;
  const kuznetzov = magic === 0xa1b2cd34;
  const parts = [w32(magic), w16(2), w16(4), w32(0), w32(0), w32(65_535), w32(o.linkType ?? 1)];
  packets.forEach((p, i) => {
    const bytes = Buffer.isBuffer(p) ? p : p.bytes;
    const wire = Buffer.isBuffer(p) ? p.length : p.wire;
    const units = i * (o.stepUnits ?? 1000);
    parts.push(
      w32((o.startSeconds ?? 1_407_405_600) + Math.floor(units / 1e6)),
      w32(units % 1e6),
      w32(bytes.length),
      w32(wire),
    );
    if (kuznetzov) parts.push(Buffer.alloc(8));
    parts.push(bytes);
  });
  return Buffer.concat(parts);
}

/** A pcapng block of the given byte order. */
export function block(type: number, body: Uint8Array, little: boolean): Buffer {
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  const w32 = (v: number): Buffer => (little ? Buffer.from(u32(v)).reverse() : u32(v));
  return Buffer.concat([w32(type), w32(padded.length + 12), padded, w32(padded.length + 12)]);
}

export class PcapngBuilder {
  private readonly parts: Buffer[] = [];
  private readonly little: boolean;

  constructor(little = true) {
    this.little = little;
  }

  w32(v: number): Buffer {
    return this.little ? Buffer.from(u32(v)).reverse() : u32(v);
  }

  w16(v: number): Buffer {
    return this.little ? Buffer.from(u16(v)).reverse() : u16(v);
  }

  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }

  section(): this {
    return this.raw(
      block(
        0x0a0d0d0a,
        Buffer.concat([this.w32(0x1a2b3c4d), this.w16(1), this.w16(0), Buffer.alloc(8, 0xff)]),
        this.little,
      ),
    );
  }

  interface(linkType: number, resolution?: number, snapLength = 0): this {
    const option =
      resolution === undefined
        ? Buffer.alloc(0)
        : Buffer.concat([this.w16(9), this.w16(1), Buffer.from([resolution, 0, 0, 0]), this.w32(0)]);
    return this.raw(
      block(1, Buffer.concat([this.w16(linkType), this.w16(0), this.w32(snapLength), option]), this.little),
    );
  }

  enhanced(face: number, units: bigint, packet: Buffer, captured = packet.length): this {
    const head = [face, Number(units >> 32n), Number(units & 0xffffffffn), captured, packet.length].map((v) =>
      this.w32(v),
    );
    return this.raw(block(6, Buffer.concat([...head, packet]), this.little));
  }

  simple(packet: Buffer, wire = packet.length): this {
    return this.raw(block(3, Buffer.concat([this.w32(wire), packet]), this.little));
  }

  obsolete(face: number, units: bigint, packet: Buffer): this {
    const words = [Number(units >> 32n), Number(units & 0xffffffffn), packet.length, packet.length].map((v) =>
      this.w32(v),
    );
    return this.raw(block(2, Buffer.concat([this.w16(face), this.w16(0), ...words, packet]), this.little));
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** A DNS query or answer with one question; `answer` is the data of one record. */
export function dns(name: string, type: number, answer?: { readonly type: number; readonly data: Buffer }): Buffer {
  const labels = name.split('.').map((l) => Buffer.concat([Buffer.from([l.length]), Buffer.from(l, 'latin1')]));
  const question = Buffer.concat([...labels, Buffer.from([0]), u16(type), u16(1)]);
  const head = [
    u16(0x1234),
    u16(answer === undefined ? 0x0100 : 0x8180),
    u16(1),
    u16(answer === undefined ? 0 : 1),
    u32(0),
  ];
  if (answer === undefined) return Buffer.concat([...head, question]);
  const record = Buffer.concat([u16(0xc00c), u16(answer.type), u16(1), u32(60), u16(answer.data.length), answer.data]);
  return Buffer.concat([...head, question, record]);
}

/** A TLS record with a ClientHello that names `name`. */
export function clientHello(
  name: string,
  o: { readonly versions?: readonly number[]; readonly alpn?: readonly string[] } = {},
): Buffer {
  const ext = (type: number, body: Buffer): Buffer => Buffer.concat([u16(type), u16(body.length), body]);
  const host = Buffer.from(name, 'latin1');
  const sni = ext(0, Buffer.concat([u16(host.length + 3), Buffer.from([0]), u16(host.length), host]));
  const protocols = Buffer.concat((o.alpn ?? []).map((a) => Buffer.concat([Buffer.from([a.length]), Buffer.from(a)])));
  const alpn = o.alpn === undefined ? Buffer.alloc(0) : ext(16, Buffer.concat([u16(protocols.length), protocols]));
  const list = Buffer.concat((o.versions ?? []).map(u16));
  const versions =
    o.versions === undefined ? Buffer.alloc(0) : ext(43, Buffer.concat([Buffer.from([list.length]), list]));
  const extensions = Buffer.concat([sni, alpn, versions]);
  const body = Buffer.concat([
    u16(0x0303),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    u16(2),
    u16(0xc02f),
    Buffer.from([1, 0]),
    u16(extensions.length),
    extensions,
  ]);
  return Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
}

export function tlsRecord(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3]), u16(body.length), body]);
}
