import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  commands,
  createPacketReader,
  encodePacket,
  payloadChecksum,
} from '../../handset-simulator/transport/packets.ts';

const packet = fc.record({
  command: fc.constantFrom(...Object.values(commands)),
  arg0: fc.nat(0xffffffff),
  arg1: fc.nat(0xffffffff),
  payload: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
});

describe('ADB packets', () => {
  it('come out as they went in, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 8 }),
        fc.integer({ min: 1, max: 97 }),
        fc.boolean(),
        (packets, cut, sums) => {
          const bytes = Buffer.concat(packets.map((each) => encodePacket(each, sums)));
          const reader = createPacketReader({ maxPayload: 1024, checkSums: () => sums });
          const out = [];
          for (let at = 0; at < bytes.length; at += cut) out.push(...reader.push(bytes.subarray(at, at + cut)).packets);
          expect(out).toEqual(packets);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('have the header that AOSP describes', () => {
    const bytes = encodePacket(
      { command: commands.CNXN, arg0: 0x01000000, arg1: 4096, payload: Buffer.from('host::') },
      true,
    );
    expect(bytes.toString('hex')).toBe(
      '434e584e00000001001000000600000032020000bcb1a7b1' + Buffer.from('host::').toString('hex'),
    );
    expect(payloadChecksum(Buffer.from('host::'))).toBe(0x232);
  });

  it('are refused when the magic, the length or the checksum is wrong', () => {
    const good = encodePacket({ command: commands.WRTE, arg0: 1, arg1: 2, payload: Buffer.from('abc') }, true);
    const fault = (change: (bytes: Buffer) => void, maxPayload = 4096): string | null => {
      const bytes = Buffer.from(good);
      change(bytes);
      return createPacketReader({ maxPayload, checkSums: () => true }).push(bytes).fault;
    };
    expect(fault(() => undefined)).toBeNull();
    expect(fault((bytes) => bytes.writeUInt32LE(7, 20))).toBe('magic');
    expect(fault((bytes) => bytes.writeUInt32LE(5000, 12))).toBe('too-long');
    expect(fault(() => undefined, 2)).toBe('too-long');
    expect(fault((bytes) => bytes.write('x', 24))).toBe('checksum');
  });
});
