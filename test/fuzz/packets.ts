import {
  block,
  ethernet,
  ipv4,
  PcapngBuilder,
  tcp,
  tcpBack,
  udp,
  udpDatagram,
} from '../unit/dissection/packet-builder.ts';
import { initial } from '../unit/dissection/quic-builder.ts';
import { chunk, data, filledWith, init, interleaved, sctp, sctpInUdp } from '../unit/dissection/sctp-builder.ts';
import { snap, wlanData } from '../unit/dissection/link-fixtures.ts';
import { gre, gtp, vxlan } from '../unit/dissection/tunnel-fixtures.ts';
import { FRAMES, IP4, PAYLOADS, QUIC_FRAMES, QUIC_VERSIONS, TALKS } from './corpus.ts';
import type { Frame, Talk } from './corpus.ts';
import type { Dice } from './dice.ts';
import { mutate } from './mutate.ts';

const LINK_TYPES = [...new Set(FRAMES.map(({ linkType }) => linkType))];
const OUTER = { from: '198.51.100.1', to: '198.51.100.2' } as const;
const CLIENT = '10.0.0.5';
const SERVER = '192.0.2.80';

function anyBytes(dice: Dice): Buffer {
  const choice = dice.below(3);
  if (choice === 0) return dice.pick(FRAMES).bytes;
  return choice === 1 ? dice.pick(PAYLOADS)[1] : dice.pick(TALKS).client;
}

/** A frame of some link or tunnel, changed. */
function frames(dice: Dice): Frame[] {
  const frame = dice.pick(FRAMES);
  return [{ ...frame, bytes: mutate(dice, frame.bytes, anyBytes(dice)) }];
}

const onEthernet = (bytes: Buffer): Frame => ({ name: 'Ethernet', linkType: 1, bytes });

/** One datagram's payload changed; headers fit, so that it gets where it is read. */
function datagrams(dice: Dice): Frame[] {
  const [port, payload] = dice.pick(PAYLOADS);
  const bytes = mutate(dice, payload, anyBytes(dice)).subarray(0, 60_000);
  const client = 50_000 + dice.below(3);
  return [onEthernet(dice.once(4) ? udp(port, client, bytes, SERVER, CLIENT) : udp(client, port, bytes))];
}

/** QUIC Initials that open, with changed frames inside: offsets of CRYPTO, lengths, hellos. */
function quic(dice: Dice): Frame[] {
  const [version, salt, label] = dice.pick(QUIC_VERSIONS);
  const keyId = dice.bytes(8).toString('hex');
  const count = 1 + dice.below(4);
  return Array.from({ length: count }, (_, number) => {
    const changed = mutate(dice, QUIC_FRAMES, anyBytes(dice)).subarray(0, 1200);
    const payload = Buffer.concat([changed, Buffer.alloc(30)]);
    const sealed = initial({ version, salt, label, keyId, from: 'client', target: keyId, source: '', number, payload });
    const sent = dice.once(5) ? mutate(dice, sealed, anyBytes(dice)).subarray(0, 60_000) : sealed;
    return onEthernet(udp(50_100 + dice.below(4), 443, sent));
  });
}

/** An IP packet in pieces whose offsets, order, overlap and completeness are not what they should be. */
function fragments(dice: Dice): Frame[] {
  const [port, payload] = dice.pick(PAYLOADS);
  const body = udpDatagram(50_000, port, Buffer.concat([payload, dice.bytes(dice.below(200))]).subarray(0, 9000));
  const whole = dice.once(3) ? mutate(dice, body, payload).subarray(0, 60_000) : body;
  const id = dice.below(50);
  const pieces: Frame[] = [];
  const step = 8 * (1 + dice.below(20));
  for (let at = 0; at < whole.length && pieces.length < 64; at += step) {
    if (dice.once(12)) continue;
    const fragmentOffset = dice.once(10) ? dice.below(8192) * 8 : at;
    const piece = whole.subarray(at, at + (dice.once(8) ? dice.below(200) : step));
    const more = dice.once(15) ? dice.once(2) : at + step < whole.length;
    pieces.push(
      onEthernet(ethernet(ipv4(piece, { from: CLIENT, to: SERVER, protocol: 17, id, fragmentOffset, more }))),
    );
  }
  return shuffledALittle(dice, pieces);
}

/** A packet in fragments of 802.11 that are lost, repeated, reordered or changed. */
function wlanFragments(dice: Dice): Frame[] {
  const [port, payload] = dice.pick(PAYLOADS);
  const ip = ipv4(udpDatagram(50_000, port, payload.subarray(0, 3000)), { from: CLIENT, to: SERVER, protocol: 17 });
  const body = snap(ip);
  const step = Math.max(1 + dice.below(400), Math.ceil(body.length / 16));
  const number = dice.below(4) << 4;
  const pieces: Frame[] = [];
  for (let at = 0; at < body.length; at += step) {
    if (dice.once(20)) continue;
    const piece = body.subarray(at, at + step);
    const bytes = dice.once(15) ? mutate(dice, piece, body).subarray(0, 3000) : piece;
    const control = at + step < body.length === !dice.once(30) ? '0805' : '0801';
    const frame = wlanData(control, bytes, { sequence: number | (at / step) });
    pieces.push({ name: '802.11 fragment', linkType: 105, bytes: frame });
    if (dice.once(10)) pieces.push({ name: '802.11 fragment', linkType: 105, bytes: frame });
  }
  return shuffledALittle(dice, pieces);
}

/** Tunnels in tunnels, up to a hundred deep. */
function nested(dice: Dice): Frame[] {
  let inner = IP4;
  for (let depth = 1 + dice.below(100); depth > 0 && inner.length < 50_000; depth--) {
    const kind = dice.below(4);
    if (kind === 0) inner = ipv4(inner, { ...OUTER, protocol: 4 });
    else if (kind === 1) inner = ipv4(gre('0000', 0x0800, '', inner), { ...OUTER, protocol: 47 });
    else if (kind === 2) inner = ipv4(udpDatagram(2152, 2152, gtp('30', '', inner)), { ...OUTER, protocol: 17 });
    else inner = ipv4(udpDatagram(50_000, 4789, vxlan(ethernet(inner))), { ...OUTER, protocol: 17 });
  }
  return [onEthernet(ethernet(dice.once(2) ? inner : mutate(dice, inner, IP4)))];
}

/** Messages of SCTP in pieces that are lost, repeated, reordered or changed, beside control chunks, in IP and in UDP. */
function associations(dice: Dice): Frame[] {
  const said = dice.once(3) ? mutate(dice, dice.pick(TALKS).client, anyBytes(dice)) : dice.pick(TALKS).client;
  const options = { sourcePort: 60_000 + dice.below(50), targetPort: dice.pick([3868, 36_412]), back: dice.once(3) };
  const make = dice.once(3) ? interleaved : data;
  const tsn = dice.once(4) ? 0xfffffff8 : dice.below(1000);
  const most = dice.pick([20, 300, 5000]);
  const message = { stream: dice.below(3), number: dice.below(3), payload: dice.pick([0, 46, 47]) };
  const chunks: Buffer[] = [];
  for (let at = 0; at < said.length && chunks.length < 40;) {
    const piece = said.subarray(at, at + 1 + dice.below(most));
    const flags = `${at === 0 ? 'B' : ''}${at + piece.length === said.length ? 'E' : ''}${dice.once(9) ? 'U' : ''}`;
    const number = (tsn + chunks.length) >>> 0;
    if (!dice.once(20)) chunks.push(make(number, piece, { ...message, flags, piece: chunks.length }));
    if (dice.once(20)) chunks.push(make(number, mutate(dice, piece, said).subarray(0, 3000), { ...message, flags }));
    at += piece.length;
  }
  if (dice.once(4)) chunks.unshift(init(dice.once(2) ? 1 : 2, tsn, dice.bytes(dice.below(20))));
  if (dice.once(4)) chunks.push(chunk(dice.below(256), dice.below(256), dice.bytes(dice.below(40))));
  return shuffledALittle(
    dice,
    chunks.map((one) => filledUp(dice, one)),
  ).map((one) => {
    const bytes = dice.once(10) ? mutate(dice, one, said).subarray(0, 60_000) : one;
    return onEthernet((dice.once(5) ? sctpInUdp : sctp)([bytes], { ...options, tag: dice.once(30) ? 9 : 8 }));
  });
}

/** A chunk, sometimes with bytes that are not zero up to the next one. */
function filledUp(dice: Dice, one: Buffer): Buffer {
  const room = one.length - one.readUInt16BE(2);
  return room > 0 && dice.once(4) ? filledWith(dice.bytes(room).toString('latin1'), one) : one;
}

function shuffledALittle<T>(dice: Dice, items: T[]): T[] {
  for (let i = 0; i + 1 < items.length; i++) {
    if (!dice.once(6)) continue;
    const j = Math.min(items.length - 1, i + 1 + dice.below(4));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

/** A TCP connection whose sides say changed things, in segments that are lost, repeated, reordered, overlap or contradict. */
function talks(dice: Dice): Frame[] {
  const talk = dice.pick(TALKS);
  const other = dice.pick(TALKS);
  const sourcePort = 51_000 + dice.below(5000);
  const targetPort = dice.once(10) ? dice.pick([80, 443, 53, 5222, 9999]) : talk.port;
  const seqs = { client: dice.once(4) ? 0xffffff00 : dice.below(2 ** 31), server: dice.below(2 ** 31) };
  const ports = { sourcePort, targetPort };
  const packets: Buffer[] = [];
  if (!dice.once(8)) packets.push(tcp({ ...ports, seq: seqs.client++, flags: 'S' }));
  if (!dice.once(8)) packets.push(tcpBack({ ...ports, seq: seqs.server++, ack: seqs.client, flags: 'SA' }));
  (talk.opening ?? []).forEach((_, i) => say(i === 0));
  const changed = sidesOf(dice, talk, other);
  const segments = [segmentsOf(true, changed[0]), segmentsOf(false, changed[1])];
  // Both speak at once; who comes first is drawn.
  while (segments.some((s) => s.length > 0)) {
    const next = segments[dice.below(2)]?.shift();
    if (next !== undefined) packets.push(next);
  }
  if (!dice.once(3)) {
    packets.push(
      tcp({ ...ports, seq: seqs.client + changed[0].length, ack: seqs.server, flags: dice.once(4) ? 'R' : 'FA' }),
    );
    packets.push(tcpBack({ ...ports, seq: seqs.server + changed[1].length, ack: seqs.client, flags: 'FA' }));
  }
  return packets.map(onEthernet);

  function say(client: boolean): void {
    const payload = (talk.opening ?? [])[client ? 0 : 1] ?? Buffer.alloc(0);
    packets.push(segment(client, 0, payload));
    if (client) seqs.client += payload.length;
    else seqs.server += payload.length;
  }
  function segment(client: boolean, offset: number, payload: Buffer): Buffer {
    if (client) return tcp({ ...ports, seq: seqs.client + offset, ack: seqs.server, flags: 'PA', payload });
    return tcpBack({ ...ports, seq: seqs.server + offset, ack: seqs.client, flags: 'PA', payload });
  }
  function segmentsOf(client: boolean, said: Buffer): Buffer[] {
    const list: Buffer[] = [];
    const most = dice.pick([3, 40, 200, 1400, 1400]);
    for (let at = 0; at < said.length && list.length < 60;) {
      const n = 1 + dice.below(most);
      const piece = said.subarray(at, at + n);
      if (!dice.once(40)) list.push(segment(client, at, piece));
      if (dice.once(25)) list.push(segment(client, at, mutate(dice, piece, said).subarray(0, 3000)));
      if (dice.once(25)) list.push(segment(client, Math.max(0, at - dice.below(30)), piece));
      if (dice.once(200)) list.push(segment(client, at + dice.below(3_000_000), piece));
      at += n;
    }
    return shuffledALittle(dice, list);
  }
}

function sidesOf(dice: Dice, talk: Talk, other: Talk): [Buffer, Buffer] {
  const which = dice.below(3);
  const side = (b: Buffer, changes: boolean): Buffer => (changes ? mutate(dice, b, other.client) : b);
  return [side(talk.client, which !== 1), side(talk.server, which !== 0)];
}

const SOURCES: readonly ((dice: Dice) => Frame[])[] = [
  frames,
  frames,
  frames,
  frames,
  datagrams,
  datagrams,
  datagrams,
  datagrams,
  quic,
  fragments,
  wlanFragments,
  nested,
  associations,
  talks,
  talks,
];

/** A pcapng with an interface for every link type and exactly `packets` packets, some cut short by a snapshot length. */
export function fuzzedCapture(dice: Dice, packets: number): { readonly bytes: Buffer; readonly captured: number } {
  const little = !dice.once(4);
  const file = new PcapngBuilder(little).section();
  for (const linkType of LINK_TYPES) file.interface(linkType);
  let captured = 0;
  let us = 1_407_405_600_000_000n;
  for (let count = 0; count < packets;) {
    for (const { linkType, bytes } of dice
      .pick(SOURCES)(dice)
      .slice(0, packets - count)) {
      const kept = dice.once(50) ? bytes.subarray(0, dice.below(bytes.length + 1)) : bytes;
      us += BigInt(dice.once(500) ? 700_000_000 : dice.below(5000));
      const words = [
        LINK_TYPES.indexOf(linkType),
        Number(us >> 32n),
        Number(us & 0xffffffffn),
        kept.length,
        bytes.length,
      ];
      file.raw(block(6, Buffer.concat([...words.map((v) => file.w32(v)), kept]), little));
      captured += kept.length;
      count++;
    }
  }
  return { bytes: file.bytes(), captured };
}
