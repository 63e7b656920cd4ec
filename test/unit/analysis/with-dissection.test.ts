import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findingsIn } from './findings-of-capture.ts';

const u16 = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
const u32 = (n: number): Buffer => Buffer.concat([u16(Math.floor(n / 65536)), u16(n % 65536)]);

interface Segment {
  readonly toServer: boolean;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload: Buffer;
}

/** One Ethernet/IPv4/TCP packet; checksums are left at zero, which readers take for offloading. */
function packet(segment: Segment): Buffer {
  const [client, server] = [Buffer.from([192, 168, 7, 20]), Buffer.from([42, 62, 48, 17])];
  const ends = segment.toServer ? [client, server, u16(51234), u16(80)] : [server, client, u16(80), u16(51234)];
  const [from, to, fromPort, toPort] = ends as [Buffer, Buffer, Buffer, Buffer];
  const tcp = Buffer.concat([
    fromPort,
    toPort,
    u32(segment.seq),
    u32(segment.ack),
    Buffer.from([0x50, segment.flags]),
    u16(65535),
    u16(0),
    u16(0),
    segment.payload,
  ]);
  const ip = Buffer.concat([
    Buffer.from([0x45, 0]),
    u16(20 + tcp.length),
    u16(1),
    u16(0),
    Buffer.from([64, 6]),
    u16(0),
    from,
    to,
    tcp,
  ]);
  return Buffer.concat([Buffer.alloc(12, 2), u16(0x0800), ip]);
}

/** A capture of one connection that sends `parts` to the server, each in a packet of its own. */
function captureOf(parts: readonly Buffer[]): Buffer {
  const packets: Buffer[] = [];
  let seq = 1001;
  const empty = Buffer.alloc(0);
  packets.push(packet({ toServer: true, seq: 1000, ack: 0, flags: 2, payload: empty }));
  packets.push(packet({ toServer: false, seq: 5000, ack: 1001, flags: 0x12, payload: empty }));
  packets.push(packet({ toServer: true, seq, ack: 5001, flags: 0x10, payload: empty }));
  for (const payload of parts) {
    packets.push(packet({ toServer: true, seq, ack: 5001, flags: 0x18, payload }));
    seq += payload.length;
  }
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  const records = packets.map((bytes, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1407405600 + i, 0);
    record.writeUInt32LE(i, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([header, ...records]);
}

const imei = '490154203237518';
const head = (more: string): Buffer =>
  Buffer.from(`POST /report?v=1 HTTP/1.1\r\nHost: api.account.xiaomi.com\r\n${more}\r\n`);
const body = Buffer.from(`{"a":"${'x'.repeat(40)}","imei":"${imei}","z":1}`);
const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const last = Buffer.from('0\r\n\r\n');
const gz = gzipSync(body);
const inside = body.indexOf(imei) + 6;

const cases: [string, Buffer[], number[]][] = [
  ['in the URI', [Buffer.from(`GET /x?imei=${imei}&y=1 HTTP/1.1\r\nHost: h\r\n\r\n`)], [4]],
  [
    'split over two segments',
    [Buffer.from(`GET /x?imei=${imei.slice(0, 6)}`), Buffer.from(`${imei.slice(6)}&y=1 HTTP/1.1\r\nHost: h\r\n\r\n`)],
    [4, 5],
  ],
  ['in a body', [head(`Content-Length: ${body.length}\r\n`), body], [5]],
  ['whole in one chunk', [head('Transfer-Encoding: chunked\r\n'), Buffer.concat([chunk(body), last])], [5]],
  [
    'split over two chunks',
    [
      head('Transfer-Encoding: chunked\r\n'),
      chunk(body.subarray(0, inside)),
      Buffer.concat([chunk(body.subarray(inside)), last]),
    ],
    [5, 6],
  ],
  ['in a gzip body', [head(`Content-Encoding: gzip\r\nContent-Length: ${gz.length}\r\n`), gz], [5]],
  ['in a gzip body that no header announces', [head(`Content-Length: ${gz.length}\r\n`), gz], [5]],
];

const tshark = spawnSync('tshark', ['--version']).status === 0;

describe('through dissection', () => {
  it.each(cases)('%s: one finding, its frames, its field', (_, parts, frames) => {
    const found = findingsIn(captureOf(parts));
    expect(found.map((f) => [f.rule, f.identifier?.kind, f.representation === 'pseudonymised', f.field])).toEqual([
      ['identifier-transmitted', 'imei', false, 'imei'],
    ]);
    expect(found[0]?.frames.map((f) => f.frame)).toEqual(frames);
    expect(found[0]?.channel).toBe('cleartext');
    expect(found[0]?.confidence).toBe('certain');
  });

  it.skipIf(!tshark)('tshark yields our frames with our filter (needs tshark)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'analysis-'));
    try {
      for (const [name, parts] of cases) {
        const capture = captureOf(parts);
        const file = join(folder, 'c.pcap');
        writeFileSync(file, capture);
        for (const finding of findingsIn(capture)) {
          const shown = execFileSync(
            'tshark',
            ['-r', file, '-Y', finding.filter ?? 'false', '-T', 'fields', '-e', 'frame.number'],
            { stdio: ['ignore', 'pipe', 'ignore'] },
          );
          expect(shown.toString().trim().split('\n').map(Number), name).toEqual(finding.frames.map((f) => f.frame));
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
