import { applicationCode } from './applications.ts';
import { textOf, u16, u8 } from './bytes.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { type FramedMessage, FramedParser } from './framed-parser.ts';
import { claim, type StreamProtocol } from './stream-protocol.ts';

const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const UNSUBSCRIBE = 10;
const MQTT_5 = 5;
const MAX_TOPICS = 256;

/** MQTT 3.1, 3.1.1, 5.0, 2.1: type and flags, then the length in up to four groups of seven bits, the lowest first. */
function mqttLength(b: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  const type = u8(b, at) >>> 4;
  const flags = u8(b, at) & 15;
  // Quality 3 does not exist; elsewhere only the bits that 3.1 and 3.1.1 set may stand.
  if (type === 0 || (type === PUBLISH ? (flags & 6) === 6 : (flags & 5) !== 0)) return -1;
  const length = remaining(b, at + 1, end);
  return length === null ? (end - at > 4 ? -1 : 0) : length.value + (length.next - at);
}

/** A variable byte integer and the position after it; null when it is not whole or too long. */
function remaining(b: Uint8Array, from: number, end: number): { readonly value: number; readonly next: number } | null {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    if (from + i >= end) return null;
    const byte = u8(b, from + i);
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  return null;
}

/** Reads the fields of one packet in turn; `ok` turns false when one does not fit. */
class Reader {
  ok = true;
  at: number;
  private readonly b: Uint8Array;
  private readonly end: number;

  constructor(b: Uint8Array, at: number, end: number) {
    this.b = b;
    this.at = at;
    this.end = end;
  }

  get more(): boolean {
    return this.ok && this.at < this.end;
  }

  skip(n: number): number {
    const from = this.at;
    if (from + n > this.end) this.ok = false;
    else this.at = from + n;
    return from;
  }

  byte(): number {
    const at = this.skip(1);
    return this.ok ? u8(this.b, at) : 0;
  }

  /** A text behind two bytes of length: its range. */
  range(): [from: number, to: number] {
    const at = this.skip(2);
    const from = this.skip(this.ok ? u16(this.b, at) : 0);
    return [from, this.ok ? this.at : from];
  }

  properties(): void {
    const length = remaining(this.b, this.at, this.end);
    if (length === null) this.ok = false;
    else this.skip(length.next - this.at + length.value);
  }
}

/** MQTT in one direction: who connects, what is published and subscribed to; payloads are searched as they lie. */
class MqttMessages {
  private readonly out: Emitter;
  private readonly d: Direction;
  version = 4;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
  }

  take(message: FramedMessage): void {
    const type = u8(message.bytes, message.start) >>> 4;
    if (type !== CONNECT && type !== PUBLISH && type !== SUBSCRIBE && type !== UNSUBSCRIBE) return;
    const header = remaining(message.bytes, message.start + 1, message.end);
    if (header === null) return;
    const reader = new Reader(message.bytes, header.next, message.end);
    const index = this.out.newMessage();
    this.mark(message, message.start, 'mqtt', index);
    if (type === CONNECT) this.connect(message, reader, index);
    else if (type === PUBLISH) this.publish(message, reader, index);
    else this.subscribe(message, reader, index, type);
    if (!reader.ok) this.out.note(this.d.connection.row, 'malformed');
    this.mark(message, message.start + message.length, null, null);
  }

  private connect(m: FramedMessage, reader: Reader, index: number): void {
    reader.range();
    this.version = reader.byte() & 0x7f;
    const flags = reader.byte();
    reader.skip(2);
    if (this.version >= MQTT_5) reader.properties();
    const clientId = this.field(m, reader, 'mqtt.clientid', index);
    if ((flags & 4) !== 0) {
      if (this.version >= MQTT_5) reader.properties();
      this.field(m, reader, 'mqtt.willtopic', index);
      this.field(m, reader, 'mqtt.willmsg', index);
    }
    const userName = (flags & 0x80) === 0 ? null : this.field(m, reader, 'mqtt.username', index);
    // A password is evidence in the exhibit, no text for lists and reports: its length is told.
    const passwordBytes = (flags & 0x40) === 0 ? null : this.stretch(m, reader, 'mqtt.passwd', index);
    const version = this.version === 3 ? '3.1' : this.version === 4 ? '3.1.1' : String(this.version);
    this.tell('mqtt-connect', index, { version, clientId, userName, passwordBytes });
  }

  private publish(m: FramedMessage, reader: Reader, index: number): void {
    const topic = this.field(m, reader, 'mqtt.topic', index);
    if (((u8(m.bytes, m.start) >>> 1) & 3) > 0) reader.skip(2);
    if (this.isFive()) reader.properties();
    this.mark(m, reader.at, 'mqtt.msg', index);
    this.tell('mqtt-publish', index, { topic, payloadBytes: m.length - (reader.at - m.start) });
  }

  private subscribe(m: FramedMessage, reader: Reader, index: number, type: number): void {
    reader.skip(2);
    if (this.isFive()) reader.properties();
    const topics: string[] = [];
    while (reader.more && topics.length < MAX_TOPICS) {
      topics.push(this.field(m, reader, 'mqtt.topic', index));
      if (type === SUBSCRIBE) reader.skip(1);
    }
    if (reader.more) this.out.note(this.d.connection.row, 'cap-message');
    this.tell(type === SUBSCRIBE ? 'mqtt-subscribe' : 'mqtt-unsubscribe', index, { topics });
  }

  /** The server does not say which version it speaks: the client did, in the other direction. */
  private isFive(): boolean {
    const other = this.d.connection.directions[this.d.side === 0 ? 1 : 0].parser;
    return Math.max(this.version, other instanceof MqttStream ? other.messages.version : 0) >= MQTT_5;
  }

  /** Marks a field. @returns its length */
  private stretch(m: FramedMessage, reader: Reader, field: string, index: number): number {
    const [from, to] = reader.range();
    this.mark(m, from, field, index);
    return to - from;
  }

  private field(m: FramedMessage, reader: Reader, field: string, index: number): string {
    const [from, to] = reader.range();
    this.mark(m, from, field, index);
    return textOf(m.bytes, from, to);
  }

  private mark(m: FramedMessage, at: number, field: string | null, index: number | null): void {
    const room = this.d.marks.add(m.position + (at - m.start), field, index);
    if (!room) this.out.note(this.d.connection.row, 'cap-marks');
  }

  private tell(kind: string, index: number, fields: object): void {
    const { out, d } = this;
    out.message(d.connection.row, d.way, index, d.feedFrame, d.feedUs, kind, fields);
  }
}

class MqttStream extends FramedParser {
  readonly messages: MqttMessages;

  constructor(out: Emitter, d: Direction) {
    const messages = new MqttMessages(out, d);
    super(out, d, {
      application: 'mqtt',
      length: mqttLength,
      upgrades: false,
      headOnly: true,
      message: (message) => messages.take(message),
    });
    this.messages = messages;
  }
}

/** The first packet of a client names the protocol: `MQTT` or, before 3.1.1, `MQIsdp`. */
function isConnect(b: Uint8Array, start: number, end: number): 'yes' | 'perhaps' | 'no' {
  if (u8(b, start) !== CONNECT << 4) return 'no';
  const length = remaining(b, start + 1, end);
  if (length === null) return end - start > 4 ? 'no' : 'perhaps';
  if (end - length.next < 8) return 'perhaps';
  const [from, to] = new Reader(b, length.next, end).range();
  const name = textOf(b, from, to);
  return name === 'MQTT' || name === 'MQIsdp' ? 'yes' : 'no';
}

export const mqtt: StreamProtocol = {
  application: 'mqtt',
  likeness(b, start, end, out, d) {
    const known = out.table.application[d.connection.row] === applicationCode('mqtt');
    if (known && mqttLength(b, start, end) >= 0) return 'yes';
    return isConnect(b, start, end);
  },
  begin(out, d, b, start, end) {
    claim(out, d, 'mqtt', 'cleartext', isConnect(b, start, end) === 'yes' ? true : null);
    return new MqttStream(out, d);
  },
};
