import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PcapBoundaries } from '../../../main/capture/pcap-boundaries.ts';

interface Shape {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
}

function u32(value: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (littleEndian) bytes.writeUInt32LE(value >>> 0);
  else bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function pcap(records: readonly Uint8Array[], { littleEndian, nanoseconds }: Shape): Buffer {
  const n = (value: number): Buffer => u32(value, littleEndian);
  const header = [n(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4), n(0x00040002), n(0), n(0), n(262_144), n(276)];
  const body = records.flatMap((data, index) => [
    n(1_407_405_600 + index),
    n(nanoseconds ? 123_456_789 : 123_456),
    n(data.length),
    n(data.length),
    Buffer.from(data),
  ]);
  return Buffer.concat([...header, ...body]);
}

const shapes = fc.record({ littleEndian: fc.boolean(), nanoseconds: fc.boolean() });
const records = fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 12 });

function feed(bytes: Buffer, places: readonly number[]): PcapBoundaries {
  const tracker = new PcapBoundaries();
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [index, end] of sorted.slice(1).entries()) tracker.push(bytes.subarray(sorted[index] ?? 0, end));
  return tracker;
}

describe('record boundaries of a pcap stream', () => {
  test('however it is cut: every packet is counted, and the whole file ends at a boundary', () => {
    fc.assert(
      fc.property(shapes, records, fc.array(fc.nat(3000), { maxLength: 20 }), (shape, list, places) => {
        const file = pcap(list, shape);
        const tracker = feed(file, places);
        expect(tracker).toMatchObject({
          packets: list.length,
          bytes: file.length,
          boundaryBytes: file.length,
          violation: null,
        });
        expect(tracker).toMatchObject({ atBoundary: true, linkType: 276, snapLength: 262_144 });
        if (list.length > 0) expect(tracker.lastPacketUs).toBe((1_407_405_600 + list.length - 1) * 1e6 + 123_456);
      }),
    );
  });

  test('a file that stops anywhere: the boundary is the end of the last whole packet', () => {
    fc.assert(
      fc.property(shapes, records, fc.nat(), (shape, list, place) => {
        const file = pcap(list, shape);
        const cut = place % (file.length + 1);
        const ends = list.reduce<number[]>((all, data) => [...all, (all.at(-1) ?? 0) + 16 + data.length], [24]);
        const whole = ends.filter((end) => end <= cut);
        const tracker = feed(file.subarray(0, cut), []);
        expect(tracker.boundaryBytes).toBe(whole.at(-1) ?? 0);
        expect(tracker.packets).toBe(Math.max(0, whole.length - 1));
        expect(tracker.atBoundary).toBe(cut >= 24 && whole.at(-1) === cut);
      }),
    );
  });

  test('text in place of a capture is a violation, and its bytes are still counted', () => {
    const tracker = feed(Buffer.from('/system/bin/sh: tcpdump: inaccessible or not found\n'), [3]);
    expect(tracker).toMatchObject({ hasFileHeader: false, atBoundary: false, packets: 0, bytes: 51 });
    expect(tracker.violation).toContain('pcap header');
  });

  test('a record that claims 4 GB is a violation at its own offset', () => {
    const file = pcap([Buffer.alloc(10)], { littleEndian: true, nanoseconds: false });
    const bad = Buffer.concat([file, Buffer.alloc(8), Buffer.alloc(4, 0xff), Buffer.alloc(4), Buffer.alloc(100)]);
    const tracker = feed(bad, [30]);
    expect(tracker).toMatchObject({ packets: 1, boundaryBytes: file.length, bytes: bad.length, atBoundary: false });
    expect(tracker.violation).toContain(`byte ${file.length}`);
  });
});
