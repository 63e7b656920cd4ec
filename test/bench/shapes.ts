import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapFileHeader, pcapRecord } from '../traffic-generator/capture-writer.ts';
import { ethernet, ipv4, tcp, udp } from '../traffic-generator/packets.ts';

/** An IMEI in a GET that begins and in one that ends each shape: a shape that is skipped would lose the second. */
export interface Shape {
  readonly name: string;
  /** Writes the capture. @returns its bytes and packets */
  readonly write: (path: string, megabytes: number, imei: string) => { bytes: number; packets: number };
}

const macs = ['02:00:5e:10:00:02', '02:00:5e:10:00:01'] as const;
const server = '198.51.100.7';
const beginUs = Date.UTC(2014, 7, 7, 2) * 1000;
const flags = { syn: 2, ack: 16, pushAck: 24 };
const segmentBytes = 1448;

/** Writes records in blocks, and counts. */
class Records {
  bytes = 0;
  packets = 0;
  readonly #file: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    this.#keep(pcapFileHeader());
  }

  packet(frame: Buffer): void {
    this.#keep(pcapRecord(beginUs + this.packets * 3, frame));
    this.packets += 1;
  }

  #keep(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    this.bytes += bytes.length;
    if (this.#heldBytes > 4_000_000) this.#flush();
  }

  #flush(): void {
    const all = Buffer.concat(this.#held);
    for (let at = 0; at < all.length;) at += writeSync(this.#file, all, at);
    this.#held = [];
    this.#heldBytes = 0;
  }

  end(): { bytes: number; packets: number } {
    this.#flush();
    closeSync(this.#file);
    return { bytes: this.bytes, packets: this.packets };
  }
}

function segment(client: string, port: number, seq: number, flag: number, payload: Buffer): Buffer {
  const fields = { seq: seq >>> 0, ack: 1, flags: flag, window: 1000, options: Buffer.alloc(0) };
  return ethernet(
    ...macs,
    0x0800,
    ipv4(client, server, 6, tcp(client, port, server, 80, fields, payload), { id: 1, ttl: 64 }),
  );
}

/** A GET that carries the number, on a connection of its own. */
function telling(records: Records, imei: string, port: number): void {
  const client = '192.168.43.99';
  records.packet(segment(client, port, 100, flags.syn, Buffer.alloc(0)));
  const request = Buffer.from(`GET /r?imei=${imei}&p=${port} HTTP/1.1\r\nHost: shape.example\r\n\r\n`);
  records.packet(segment(client, port, 101, flags.pushAck, request));
}

function wrapped(path: string, imei: string, fill: (records: Records) => void): { bytes: number; packets: number } {
  const records = new Records(path);
  telling(records, imei, 40_001);
  fill(records);
  telling(records, imei, 40_002);
  return records.end();
}

/** A scan: every SYN is a conversation. 70 bytes of file each, so the megabytes decide how many. */
const syns: Shape = {
  name: 'SYNs, each of another conversation',
  write: (path, megabytes, imei) =>
    wrapped(path, imei, (records) => {
      for (let n = 0; records.bytes < megabytes * 1e6; n += 1) {
        const client = `10.${(n >>> 21) & 255}.${(n >>> 13) & 255}.${(n >>> 5) & 255}`;
        records.packet(segment(client, 1024 + (n & 31), n * 7919, flags.syn, Buffer.alloc(0)));
      }
    }),
};

/** One connection that carries one body from beginning to end. */
const flow: Shape = {
  name: 'one conversation',
  write: (path, megabytes, imei) =>
    wrapped(path, imei, (records) => {
      const client = '192.168.43.17';
      const head = Buffer.from(
        `POST /up HTTP/1.1\r\nHost: one.example\r\nContent-Length: ${megabytes * 1_000_000}\r\n\r\n`,
      );
      // Bytes without a pattern; a different beginning each time, so that nothing repeats at a power of two.
      const noise = Buffer.alloc(segmentBytes * 257);
      for (let i = 0, state = 7; i < noise.length; i += 1) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        noise[i] = state >>> 24;
      }
      let seq = 1;
      records.packet(segment(client, 50_000, 0, flags.syn, Buffer.alloc(0)));
      records.packet(segment(client, 50_000, seq, flags.pushAck, head));
      seq += head.length;
      for (let n = 0; records.bytes < megabytes * 1e6; n += 1) {
        const at = (n % 256) * segmentBytes + (n % 97);
        records.packet(segment(client, 50_000, seq, flags.ack, noise.subarray(at, at + segmentBytes)));
        seq += segmentBytes;
      }
    }),
};

const zeros: Shape = {
  name: 'zeros',
  write: (path, megabytes, imei) =>
    wrapped(path, imei, (records) => {
      const payload = Buffer.alloc(1400);
      const datagram = udp('192.168.43.17', 50_000, server, 9000, payload);
      const frame = ethernet(...macs, 0x0800, ipv4('192.168.43.17', server, 17, datagram, { id: 1, ttl: 64 }));
      while (records.bytes < megabytes * 1e6) records.packet(frame);
    }),
};

export const shapes: readonly (readonly [shape: Shape, megabytes: number])[] = [
  [syns, 70],
  [flow, 4000],
  [zeros, 1000],
];
