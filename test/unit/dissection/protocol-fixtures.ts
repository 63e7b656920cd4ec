import { u16, u32 } from './packet-builder.ts';

/** Messages of small protocols, built from their RFCs and specifications; tshark 4.0.17 finds them well-formed. */

export const IMEI = '490154203237518';
export const IMSI = '466920123456789';
export const NUMBER = '886912345678';
export const MAC = Buffer.from('ac37439a0b1c', 'hex');
export const MAC_TEXT = 'ac:37:43:9a:0b:1c';

export const bytes = (...values: number[]): Buffer => Buffer.from(values);
export const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

export interface DhcpOptions {
  readonly options: readonly (readonly [code: number, value: Buffer])[];
  readonly sname?: Buffer;
  readonly file?: Buffer;
  readonly chaddr?: Buffer;
  readonly op?: number;
}

/** RFC 2131, figure 1, with the magic cookie and the options given. */
export function dhcpMessage(o: DhcpOptions): Buffer {
  const fixed = Buffer.alloc(236);
  fixed[0] = o.op ?? 1;
  fixed[1] = 1;
  fixed[2] = 6;
  fixed.writeUInt32BE(0x3903f326, 4);
  (o.chaddr ?? MAC).copy(fixed, 28);
  o.sname?.copy(fixed, 44);
  o.file?.copy(fixed, 108);
  const options = o.options.map(([code, value]) => Buffer.concat([bytes(code, value.length), value]));
  return Buffer.concat([fixed, u32(0x63825363), ...options, bytes(255)]);
}

/** RFC 8415, 8: type, transaction, options. */
export function dhcpv6Message(type: number, options: readonly (readonly [code: number, value: Buffer])[]): Buffer {
  const list = options.map(([code, value]) => Buffer.concat([u16(code), u16(value.length), value]));
  return Buffer.concat([bytes(type, 0x10, 0x08, 0x74), ...list]);
}

/** A name as DNS labels. */
export function labels(name: string): Buffer {
  const parts = name.split('.').map((label) => Buffer.concat([bytes(label.length), latin(label)]));
  return Buffer.concat([...parts, bytes(0)]);
}

/** Digits in telephony BCD, filled up with a half byte of ones. */
export function tbcd(digits: string): Buffer {
  const even = digits.length % 2 === 0 ? digits : `${digits}f`;
  return Buffer.from(even.replace(/(.)(.)/g, '$2$1'), 'hex');
}

const tv = (type: number, value: Buffer): Buffer => Buffer.concat([bytes(type), value]);
const tlv1 = (type: number, value: Buffer): Buffer => Buffer.concat([bytes(type), u16(value.length), value]);
/** An information element of GTPv2-C (3GPP TS 29.274, 8.2.1). */
export const gtpV2Element = (type: number, value: Buffer): Buffer =>
  Buffer.concat([bytes(type), u16(value.length), bytes(0), value]);

/** Create PDP Context Request (3GPP TS 29.060, 7.3.1), with a sequence number. */
export function gtpV1Create(): Buffer {
  const body = Buffer.concat([
    tv(2, tbcd(IMSI)),
    tv(15, bytes(0xfc)),
    tv(16, u32(0x1001)),
    tv(17, u32(0x1002)),
    tv(20, bytes(0)),
    tlv1(128, bytes(0xf1, 0x21)),
    tlv1(131, latin('\x08internet')),
    tlv1(133, bytes(10, 0, 0, 1)),
    tlv1(133, bytes(10, 0, 0, 1)),
    tlv1(134, Buffer.concat([bytes(0x91), tbcd(NUMBER)])),
    tlv1(135, bytes(0, 0, 0)),
    tlv1(154, tbcd(`${IMEI.slice(0, 14)}01`)),
  ]);
  return Buffer.concat([bytes(0x32, 16), u16(body.length + 4), u32(0), u16(7), bytes(0, 0), body]);
}

/** Create Session Request (3GPP TS 29.274, 7.2.1). */
export function gtpV2Create(): Buffer {
  const body = Buffer.concat([
    gtpV2Element(1, tbcd(IMSI)),
    gtpV2Element(76, tbcd(NUMBER)),
    gtpV2Element(75, tbcd(`${IMEI.slice(0, 14)}01`)),
    gtpV2Element(82, bytes(6)),
    gtpV2Element(71, latin('\x03ims')),
    gtpV2Element(93, gtpV2Element(73, bytes(5))),
  ]);
  return Buffer.concat([bytes(0x48, 32), u16(body.length + 8), u32(0), bytes(0, 0, 9, 0), body]);
}

/** An AVP (RFC 6733, 4.1), padded to four bytes. */
export function avp(code: number, value: Buffer, vendor = 0): Buffer {
  const head = vendor === 0 ? 8 : 12;
  const length = head + value.length;
  return Buffer.concat([
    u32(code),
    bytes(vendor === 0 ? 0x40 : 0xc0, 0),
    u16(length),
    ...(vendor === 0 ? [] : [u32(vendor)]),
    value,
    Buffer.alloc((4 - (length % 4)) % 4),
  ]);
}

export function diameterMessage(command: number, application: number, avps: readonly Buffer[], flags = 0xc0): Buffer {
  const body = Buffer.concat(avps);
  const head = Buffer.concat([bytes(1, 0), u16(20 + body.length), bytes(flags, 0), u16(command), u32(application)]);
  return Buffer.concat([head, u32(0x11), u32(0x22), body]);
}

/** S6a Update-Location-Request (3GPP TS 29.272, 7.2.3) with terminal information and a number. */
export function updateLocation(): Buffer {
  const terminal = Buffer.concat([avp(1402, latin(IMEI.slice(0, 14)), 10_415), avp(1403, latin('01'), 10_415)]);
  return diameterMessage(316, 16_777_251, [
    avp(263, latin('mme.example;1;2')),
    avp(277, u32(1)),
    avp(264, latin('mme.example')),
    avp(296, latin('example')),
    avp(1, latin(IMSI)),
    avp(1401, terminal, 10_415),
    avp(701, tbcd(NUMBER), 10_415),
    avp(1032, u32(1004), 10_415),
    avp(1405, u32(0x22), 10_415),
    avp(1407, bytes(0x64, 0xf6, 0x29), 10_415),
  ]);
}

const mqttText = (text: string): Buffer => Buffer.concat([u16(text.length), latin(text)]);

/** A packet with its length in groups of seven bits (MQTT 5.0, 2.1.4). */
export function mqttPacket(first: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.concat([bytes(first, ...length), body]);
}

export function mqttConnect(version: 3 | 4 | 5): Buffer {
  const properties = version === 5 ? bytes(5, 0x11, 0, 0, 0, 60) : bytes();
  return mqttPacket(
    0x10,
    mqttText(version === 3 ? 'MQIsdp' : 'MQTT'),
    bytes(version, 0xc2, 0, 60),
    properties,
    mqttText(`android-${IMEI}`),
    mqttText(`u${NUMBER}`),
    mqttText('geheim'),
  );
}

export function mqttPublish(topic: string, payload: string, version: 4 | 5 = 4): Buffer {
  return mqttPacket(0x32, mqttText(topic), u16(10), version === 5 ? bytes(0) : bytes(), latin(payload));
}

export function mqttSubscribe(topics: readonly string[], version: 4 | 5 = 4): Buffer {
  const list = topics.map((topic) => Buffer.concat([mqttText(topic), bytes(1)]));
  return mqttPacket(0x82, u16(11), version === 5 ? bytes(0) : bytes(), ...list);
}

export const REGISTER = [
  'REGISTER sip:ims.mnc092.mcc466.3gppnetwork.org SIP/2.0',
  'Via: SIP/2.0/TCP 10.0.0.5:5060;branch=z9hG4bKnashds8',
  'Max-Forwards: 70',
  `f: <sip:${IMSI}@ims.mnc092.mcc466.3gppnetwork.org>;tag=1`,
  `To: <sip:${IMSI}@ims.mnc092.mcc466.3gppnetwork.org>`,
  'Call-ID: 1@10.0.0.5',
  'CSeq: 1 REGISTER',
  `Contact: <sip:10.0.0.5:5060>;+sip.instance="<urn:gsma:imei:${IMEI.slice(0, 8)}-${IMEI.slice(8, 14)}-0>"`,
  'P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=4669200010019B01',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

export const INVITE_BODY = 'v=0\r\no=- 1 1 IN IP4 10.0.0.5\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\n';
export const INVITE = [
  `INVITE tel:+${NUMBER} SIP/2.0`,
  'Via: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1',
  'From: <sip:a@example.com>;tag=1',
  `To: <tel:+${NUMBER}>`,
  'Call-ID: 2@10.0.0.5',
  'CSeq: 2 INVITE',
  'Content-Type: application/sdp',
  `Content-Length: ${INVITE_BODY.length}`,
  '',
  INVITE_BODY,
].join('\r\n');

/** An attribute of STUN, padded to four bytes (RFC 8489, 14). */
export function stunAttribute(type: number, value: string): Buffer {
  const data = latin(value);
  return Buffer.concat([u16(type), u16(data.length), data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

export function stunMessage(type: number, ...attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes);
  return Buffer.concat([u16(type), u16(body.length), u32(0x2112a442), Buffer.alloc(12, 7), body]);
}

/** First-level encoding of a NetBIOS name (RFC 1001, 14.1). */
export function netbiosName(name: string, kind: number): string {
  const padded = Buffer.concat([latin(name.padEnd(15, ' ')), bytes(kind)]);
  return [...padded].map((c) => String.fromCharCode(65 + (c >>> 4), 65 + (c & 15))).join('');
}

/** CoAP GET with a host, a path and a query (RFC 7252, 3). */
export function coapGet(): Buffer {
  const option = (delta: number, text: string): Buffer =>
    Buffer.concat([
      text.length < 13 ? bytes((delta << 4) | text.length) : bytes((delta << 4) | 13, text.length - 13),
      latin(text),
    ]);
  return Buffer.concat([
    bytes(0x42, 0x01, 0x12, 0x34, 0xaa, 0xbb),
    option(3, 'iot.example'),
    option(8, 'v1'),
    option(0, 'report'),
    option(4, `imei=${IMEI}`),
    bytes(0xff),
    latin('{"t":21}'),
  ]);
}
