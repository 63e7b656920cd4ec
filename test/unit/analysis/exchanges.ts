/** Bytes of one direction of a connection: each part travels in a packet of its own. */
export interface Exchange {
  readonly parts: readonly Buffer[];
  /** `repeated`: every packet comes twice. `swapped`: the packets after the first come in reverse order. */
  readonly order?: 'repeated' | 'swapped';
  /** What the server says after the first part. */
  readonly answer?: Buffer;
}

const u16 = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
const u32 = (n: number): Buffer => Buffer.concat([u16(Math.floor(n / 65536)), u16(n % 65536)]);

interface Segment {
  readonly port: number;
  readonly toServer: boolean;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload: Buffer;
}

/** One Ethernet/IPv4/TCP packet; checksums are left at zero, which readers take for offloading. */
function packet(segment: Segment): Buffer {
  const [client, server] = [Buffer.from([192, 168, 7, 20]), Buffer.from([42, 62, 48, 17])];
  const ends = segment.toServer
    ? [client, server, u16(segment.port), u16(80)]
    : [server, client, u16(80), u16(segment.port)];
  const [from, to, fromPort, toPort] = ends as [Buffer, Buffer, Buffer, Buffer];
  const numbers = [fromPort, toPort, u32(segment.seq), u32(segment.ack)];
  const tcp = Buffer.concat([...numbers, Buffer.from([0x50, segment.flags]), u16(65535), u32(0), segment.payload]);
  const ip = Buffer.concat([
    Buffer.from([0x45, 0]),
    u16(20 + tcp.length),
    u32(0x00010000),
    Buffer.from([64, 6]),
    u16(0),
    from,
    to,
    tcp,
  ]);
  return Buffer.concat([Buffer.alloc(12, 2), u16(0x0800), ip]);
}

function packetsOf(exchange: Exchange, port: number): Buffer[] {
  const empty = Buffer.alloc(0);
  const begin = { port, seq: 1001, ack: 5001, flags: 0x10, payload: empty };
  const packets = [
    packet({ ...begin, toServer: true, seq: 1000, ack: 0, flags: 2 }),
    packet({ ...begin, toServer: false, seq: 5000, ack: 1001, flags: 0x12 }),
    packet({ ...begin, toServer: true }),
  ];
  let seq = 1001;
  const data = exchange.parts.map((payload) => {
    const bytes = packet({ ...begin, toServer: true, seq, flags: 0x18, payload });
    seq += payload.length;
    return bytes;
  });
  if (exchange.order === 'swapped') data.splice(1, data.length, ...data.slice(1).reverse());
  const [said, told] = [exchange.answer ?? empty, exchange.parts[0]?.length ?? 0];
  data.forEach((bytes, i) => {
    packets.push(...(exchange.order === 'repeated' ? [bytes, bytes] : [bytes]));
    if (i === 0 && said.length > 0)
      packets.push(packet({ ...begin, toServer: false, seq: 5001, ack: 1001 + told, flags: 0x18, payload: said }));
  });
  packets.push(packet({ ...begin, toServer: true, seq, flags: 0x11 }));
  packets.push(packet({ ...begin, toServer: false, seq: 5001 + said.length, ack: seq + 1, flags: 0x11 }));
  return packets;
}

/** Frame numbers of the parts of each exchange in `captureOfExchanges(exchanges)`: of the first packet that carries each. */
export function framesOfParts(exchanges: readonly Exchange[]): readonly (readonly number[])[] {
  let frame = 0;
  return exchanges.map((exchange) => {
    const { parts, order, answer } = exchange;
    const first = frame + 4;
    frame += 5 + parts.length * (order === 'repeated' ? 2 : 1) + (answer === undefined ? 0 : 1);
    return parts.map((_, i) => {
      const place = order === 'swapped' && i > 0 ? parts.length - i : order === 'repeated' ? i * 2 : i;
      return first + place + (answer !== undefined && place > 0 ? 1 : 0);
    });
  });
}

/** A capture (pcap, µs) of one connection for each exchange, one after the other: exchange n is flow n. */
export function captureOfExchanges(exchanges: readonly Exchange[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  const records = exchanges.flatMap((exchange, flow) =>
    packetsOf(exchange, 10_000 + flow).map((bytes, i) => {
      const record = Buffer.alloc(16);
      record.writeUInt32LE(1407405600 + flow, 0);
      record.writeUInt32LE(i, 4);
      record.writeUInt32LE(bytes.length, 8);
      record.writeUInt32LE(bytes.length, 12);
      return Buffer.concat([record, bytes]);
    }),
  );
  return Buffer.concat([header, ...records]);
}
