import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeShellPacket, ShellV2Decoder, shellPacket } from '../../../main/handset/shell-v2.ts';

interface Packet {
  readonly id: number;
  readonly payload: Uint8Array;
}

const packets = fc.array(
  fc.record({
    id: fc.constantFrom(shellPacket.stdout, shellPacket.stderr),
    payload: fc.uint8Array({ maxLength: 300 }),
  }),
  { maxLength: 12 },
);

function encode(list: readonly Packet[]): Buffer {
  return Buffer.concat(list.map(({ id, payload }) => encodeShellPacket(id, payload)));
}

/** Cuts `bytes` at the given places, in any order. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index] ?? 0, end));
}

function joined(list: readonly Packet[], id: number): Buffer {
  return Buffer.concat(list.filter((packet) => packet.id === id).map(({ payload }) => payload));
}

describe('shell protocol v2', () => {
  test('however the bytes are cut, the streams and the exit status come out whole', () => {
    fc.assert(
      fc.property(
        packets,
        fc.integer({ min: 0, max: 255 }),
        fc.array(fc.nat(5000), { maxLength: 20 }),
        (list, code, places) => {
          const wire = Buffer.concat([encode(list), encodeShellPacket(shellPacket.exit, Buffer.from([code]))]);
          const decoder = new ShellV2Decoder();
          const parts = cut(wire, places).flatMap((chunk) => [...decoder.push(chunk)]);
          const of = (stream: string): Buffer =>
            Buffer.concat(parts.filter((p) => p.stream === stream).map((p) => p.bytes));
          expect(decoder.violation).toBeNull();
          expect(decoder.exitCode).toBe(code);
          expect(decoder.atBoundary).toBe(true);
          expect(of('stdout').equals(joined(list, shellPacket.stdout))).toBe(true);
          expect(of('stderr').equals(joined(list, shellPacket.stderr))).toBe(true);
        },
      ),
    );
  });

  test('a stream cut anywhere before its end has no exit status and loses nothing that came', () => {
    fc.assert(
      fc.property(packets, fc.nat(), (list, place) => {
        const wire = Buffer.concat([encode(list), encodeShellPacket(shellPacket.exit, Buffer.from([0]))]);
        const decoder = new ShellV2Decoder();
        const parts = decoder.push(wire.subarray(0, place % wire.length));
        expect(decoder.exitCode).toBeNull();
        const stdout = Buffer.concat(parts.filter((p) => p.stream === 'stdout').map((p) => p.bytes));
        expect(joined(list, shellPacket.stdout).subarray(0, stdout.length).equals(stdout)).toBe(true);
      }),
    );
  });

  test('bytes that look like an exit packet inside stdout are stdout', () => {
    const fake = encodeShellPacket(shellPacket.exit, Buffer.from([0]));
    const decoder = new ShellV2Decoder();
    const parts = decoder.push(encodeShellPacket(shellPacket.stdout, fake));
    expect(decoder.exitCode).toBeNull();
    expect(Buffer.concat(parts.map((p) => p.bytes)).equals(fake)).toBe(true);
  });

  test('a length of 4 GB is not waited for: its bytes are handed on as they come', () => {
    const header = Buffer.from([shellPacket.stdout, 0xff, 0xff, 0xff, 0xff]);
    const decoder = new ShellV2Decoder();
    decoder.push(header);
    expect(decoder.push(Buffer.from('abc')).map((p) => p.bytes.toString())).toEqual(['abc']);
    expect(decoder.atBoundary).toBe(false);
  });

  test.each([
    ['an unknown packet id', Buffer.from([9, 1, 0, 0, 0, 0])],
    ['an exit packet of 4 bytes', encodeShellPacket(shellPacket.exit, Buffer.alloc(4))],
    ['an exit packet of 0 bytes', encodeShellPacket(shellPacket.exit, Buffer.alloc(0))],
    [
      'bytes after the exit packet',
      Buffer.concat([
        encodeShellPacket(shellPacket.exit, Buffer.from([0])),
        encodeShellPacket(shellPacket.stdout, Buffer.from('x')),
      ]),
    ],
  ])('%s breaks the protocol', (words, wire) => {
    const decoder = new ShellV2Decoder();
    decoder.push(wire);
    expect(decoder.violation).toContain(words);
  });
});
