import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HpackOutcome } from '../../../main/dissection/hpack.ts';
import { QpackDecoder } from '../../../main/dissection/qpack.ts';
import { QPACK_STATIC_TABLE } from '../../../main/dissection/qpack-static-table.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

function section(qpack: QpackDecoder, text: string): { fields: string[]; outcome: HpackOutcome } {
  const fields: string[] = [];
  const b = hex(text);
  const outcome = qpack.decode(b, 0, b.length, (name, value) => fields.push(`${name}=${value}`));
  return { fields, outcome };
}

const instructions = (qpack: QpackDecoder, text: string): boolean => {
  const b = hex(text);
  return qpack.instructions(b, 0, b.length);
};

const WHOLE = { unknown: false, capped: false, bad: false };

describe('the examples of RFC 9204, appendix B', () => {
  // B.1 to B.5, in their order, on one connection whose table may hold 220 bytes.
  it('are read, field for field', () => {
    const qpack = new QpackDecoder();
    qpack.maxCapacity = 220;
    expect(section(qpack, '0000 510b 2f69 6e64 6578 2e68 746d 6c')).toEqual({
      fields: [':path=/index.html'],
      outcome: WHOLE,
    });
    // B.2: the section of stream 4 needs two entries.
    const two = hex('0381 10 11');
    expect(qpack.required(two, 0, two.length)).toBe(2);
    expect(qpack.inserted).toBe(0);
    expect(instructions(qpack, '3fbd01 c00f7777772e6578616d706c652e636f6d c10c2f73616d706c652f70617468')).toBe(true);
    expect(qpack.inserted).toBe(2);
    expect(section(qpack, '0381 10 11').fields).toEqual([':authority=www.example.com', ':path=/sample/path']);
    // B.3: an entry with a name of its own.
    expect(instructions(qpack, '4a637573746f6d2d6b6579 0c637573746f6d2d76616c7565')).toBe(true);
    // B.4: one is repeated.
    expect(instructions(qpack, '02')).toBe(true);
    expect(section(qpack, '0500 80 c1 81')).toEqual({
      fields: [':authority=www.example.com', ':path=/', 'custom-key=custom-value'],
      outcome: WHOLE,
    });
    // B.5: the name of another; the table is full, the oldest goes.
    expect(instructions(qpack, '810d637573746f6d2d76616c756532')).toBe(true);
    expect(qpack.inserted).toBe(5);
    expect(section(qpack, '0600 80').fields).toEqual(['custom-key=custom-value2']);
  });

  it('the static table is that of appendix A', () => {
    expect(QPACK_STATIC_TABLE).toHaveLength(99);
    for (const [index, field] of [
      [0, ':authority='],
      [17, ':method=GET'],
      [25, ':status=200'],
      [31, 'accept-encoding=gzip, deflate, br'],
      [46, 'content-type=application/json'],
      [63, ':status=100'],
      [71, ':status=500'],
      [85, "content-security-policy=script-src 'none'; object-src 'none'; base-uri 'none'"],
      [98, 'x-frame-options=sameorigin'],
    ] as const)
      expect(QPACK_STATIC_TABLE[index]?.join('=')).toBe(field);
  });
});

describe('a table of header fields', () => {
  it('counts on when the number of entries has gone round (RFC 9204, 4.5.1.1)', () => {
    const qpack = new QpackDecoder();
    qpack.maxCapacity = 100;
    expect(instructions(qpack, '3f45')).toBe(true);
    for (let i = 0; i < 10; i++) expect(instructions(qpack, `41${(0x61 + i).toString(16)}0131`)).toBe(true);
    // Three entries fit, so the encoded number goes round at six: 9 becomes 4, ten becomes 5.
    const nine = hex('04 00');
    expect(qpack.required(nine, 0, 2)).toBe(9);
    expect(section(qpack, '05 00 80').fields).toEqual(['j=1']);
    expect(section(qpack, '05 00 82').fields).toEqual(['h=1']);
    expect(qpack.required(hex('07 00'), 0, 2)).toBe(-1);
  });

  it('tells what is not known, and what makes no sense', () => {
    const qpack = new QpackDecoder();
    expect(section(qpack, '02 00 80')).toEqual({ fields: [], outcome: { unknown: true, capped: false, bad: false } });
    expect(section(qpack, '02 00 40 01 61').fields).toEqual(['?=a']);
    expect(section(qpack, '00 00 ff80').outcome.bad).toBe(true);
    expect(section(qpack, '00 00 51ff').outcome.bad).toBe(true);
    expect(instructions(qpack, '80 00')).toBe(false);
    expect(qpack.isLost).toBe(true);
  });

  it('is bounded: a table without end, and sections that repeat a long field', () => {
    const qpack = new QpackDecoder();
    qpack.maxCapacity = 2 ** 30;
    const value = Buffer.concat([Buffer.from([0x41, 0x61, 0x7f, 0x81, 0x3e]), Buffer.alloc(8064, 0x62)]);
    expect(instructions(qpack, '3fe1ffffff03')).toBe(true);
    for (let i = 0; i < 500; i++) expect(qpack.instructions(value, 0, value.length)).toBe(true);
    expect(qpack.inserted).toBe(500);
    let told = 0;
    const block = Buffer.concat([hex('ff f6 01 00'), Buffer.alloc(2000, 0x80)]);
    const outcome = qpack.decode(block, 0, block.length, (_, v) => (told += v.length));
    expect(outcome.capped).toBe(true);
    expect(told).toBeLessThanOrEqual(256 * 1024);
    expect(told).toBeGreaterThan(200 * 1024);
  });

  it('is the same however the encoder stream is cut, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 6 }), (bytes, cuts) => {
        const whole = new QpackDecoder();
        const first = whole.instructions(bytes, 0, bytes.length);
        const pieces = new QpackDecoder();
        const at = [...new Set([0, bytes.length, ...cuts.map((n) => n % (bytes.length + 1))])].sort((a, b) => a - b);
        let sense = true;
        for (let i = 1; i < at.length; i++) {
          const piece = Buffer.from(bytes.subarray(at[i - 1], at[i]));
          sense = pieces.instructions(piece, 0, piece.length) && sense;
          piece.fill(0);
        }
        expect([pieces.inserted, pieces.isLost, sense]).toEqual([whole.inserted, whole.isLost, first]);
        const read = (qpack: QpackDecoder): string[] => {
          const fields: string[] = [];
          qpack.decode(bytes, 0, bytes.length, (name, value) => fields.push(`${name}=${value}`));
          return fields;
        };
        expect(read(pieces)).toEqual(read(whole));
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});
