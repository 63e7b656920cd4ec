import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketClock } from '../../handset-simulator/services/packet-clock.ts';

function record(seconds: number, microseconds: number, body: string): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(seconds, 0);
  header.writeUInt32LE(microseconds, 4);
  header.writeUInt32LE(body.length, 8);
  header.writeUInt32LE(body.length, 12);
  return Buffer.concat([header, Buffer.from(body)]);
}

const fileHeader = Buffer.alloc(24);
fileHeader.writeUInt32LE(0xa1b2c3d4, 0);
const file = (seconds: number, microseconds: number): Buffer =>
  Buffer.concat([fileHeader, record(1000, 7, 'first'), record(seconds, microseconds, ''), record(1000, 7, 'third')]);

it('moves each packet’s time and nothing else, in whatever pieces the bytes come', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 });
  fc.assert(
    fc.property(cuts, (sizes) => {
      const clock = new PacketClock(() => 37_500.25);
      const bytes = file(2000, 999_999);
      const out: Buffer[] = [];
      for (let at = 0, i = 0; at < bytes.length; i += 1) {
        const size = sizes[i % sizes.length] ?? 1;
        out.push(Buffer.from(clock.take(bytes.subarray(at, at + size))));
        at += size;
      }
      const moved = Buffer.concat([...out, clock.rest()]);
      expect(moved).toEqual(
        Buffer.concat([
          fileHeader,
          record(1037, 500_257, 'first'),
          record(2038, 500_249, ''),
          record(1037, 500_257, 'third'),
        ]),
      );
    }),
  );
});
