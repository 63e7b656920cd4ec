import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackLz4 } from '../../../main/analysis/search/lz4-frame.ts';
import { lz4Frame } from './lz4-frames.ts';

const text =
  '{"model":"HM 1SW","deviceId":"490154203237518","events":["open","open","open","open","close","open","open","open","close"],"deviceId2":"490154203237518"}';
/** What `lz4 -9` makes of it, with check sums of blocks and content, or of the content alone. */
const packed = [
  'BCJNGGRAp1wAAAD/MXsibW9kZWwiOiJITSAxU1ciLCJkZXZpY2VJZCI6IjQ5MDE1NDIwMzIzNzUxOCIsImV2ZW50cyI6WyJvcGVuIiwHAANfY2xvc2UdAAsWXWkAGzJqAFA1MTgifQAAAAAW6TYy',
  'BCJNGHRAvVwAAAD/MXsibW9kZWwiOiJITSAxU1ciLCJkZXZpY2VJZCI6IjQ5MDE1NDIwMzIzNzUxOCIsImV2ZW50cyI6WyJvcGVuIiwHAANfY2xvc2UdAAsWXWkAGzJqAFA1MTgifatW1ogAAAAAFuk2Mg==',
].map((one) => Buffer.from(one, 'base64'));

const said = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1');

describe('an LZ4 frame', () => {
  it.each(packed)('gives what was packed, and says where it ends', (frame) => {
    const unpacked = unpackLz4(Buffer.concat([frame, Buffer.from('more')]), 10_000);
    expect(said(unpacked?.bytes)).toBe(text);
    expect(unpacked).toMatchObject({ complete: true, consumed: frame.length, capped: false });
  });

  it('cut anywhere gives the beginning of it', () => {
    for (const frame of packed) {
      for (let end = 11; end < frame.length; end++) {
        const unpacked = unpackLz4(frame.subarray(0, end), 10_000);
        expect(unpacked?.complete).toBe(false);
        expect(text.startsWith(said(unpacked?.bytes))).toBe(true);
      }
    }
  });

  it('of several blocks, and no more than was asked for', () => {
    expect(said(unpackLz4(lz4Frame(text), 10_000)?.bytes)).toBe(text);
    expect(unpackLz4(lz4Frame(text), 70)).toMatchObject({ capped: true, complete: false });
    expect(said(unpackLz4(lz4Frame(text), 70)?.bytes)).toBe(text.slice(0, 70));
  });

  it('with a distance beyond what was written, another version or a dictionary is none', () => {
    const frame = Buffer.from(packed[0] ?? []);
    const at = frame.indexOf(Buffer.from([7, 0, 3]));
    frame[at] = 0xff;
    frame[at + 1] = 0xff;
    expect(unpackLz4(frame, 10_000)).toBeNull();
    for (const flags of [0x24, 0x65])
      expect(unpackLz4(Buffer.from(packed[0] ?? []).fill(flags, 4, 5), 10_000)).toBeNull();
  });

  it('with a block that makes no sense gives those before it', () => {
    const frame = lz4Frame(text);
    const second = 7 + 4 + frame.readUInt32LE(7);
    for (const spoil of [
      (bytes: Buffer): unknown => bytes.writeUInt32LE(0x7f_ff_ff_ff, second),
      // A match of what lies before all output.
      (bytes: Buffer): unknown => bytes.fill(Buffer.from([0, 0xff, 0xff, 0]), second + 4, second + 8),
    ]) {
      const bytes = Buffer.from(frame);
      spoil(bytes);
      const unpacked = unpackLz4(bytes, 10_000);
      expect(said(unpacked?.bytes)).toBe(text.slice(0, 60));
      expect(unpacked).toMatchObject({ complete: false, damaged: true, consumed: second });
    }
  });

  it('of anything neither throws nor grows beyond what was asked for', () => {
    const head = Buffer.from('04224d18604082', 'hex');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (body) => {
        const size = Buffer.alloc(4);
        size.writeUInt32LE(body.length);
        const unpacked = unpackLz4(Buffer.concat([head, size, body]), 5000);
        expect(unpacked?.bytes.length ?? 0).toBeLessThanOrEqual(5000);
      }),
    );
  });
});
