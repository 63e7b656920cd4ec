import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalRow, hashLink, hashRow, rawValue, zeroHash } from '../../../main/evidence/canonical.ts';

describe('the canonical row', () => {
  test('is table, then column, type, length and bytes of each field', () => {
    const row = canonicalRow('handset', [
      ['id', rawValue('H1')],
      ['label', rawValue('紅米')],
      ['serial', rawValue(null)],
      ['count', rawValue(-12)],
      ['blob', rawValue(new Uint8Array([0, 10]))],
    ]);
    expect(row.toString('latin1')).toBe(
      `handset\nid:text:2:H1\nlabel:text:6:${Buffer.from('紅米').toString('latin1')}\nserial:null:0:\ncount:integer:3:-12\nblob:blob:2:\0\n\n`,
    );
  });

  test('hashes version, nonce and row, as documented', () => {
    const nonce = Buffer.alloc(16, 7);
    const row = canonicalRow('t', [['a', rawValue('x')]]);
    const expected = createHash('sha256')
      .update(Buffer.concat([Buffer.from('handsight-row 1\n'), nonce, Buffer.from('t\na:text:1:x\n')]))
      .digest('hex');
    expect(hashRow(1, nonce, row)).toBe(expected);
  });

  test('refuses numbers that SQLite would not give back', () => {
    expect(() => rawValue(1.5)).toThrow(RangeError);
    expect(() => rawValue(2 ** 53)).toThrow(RangeError);
  });
});

test('a custody entry hashes everything that is published of it', () => {
  const link = {
    seq: 1,
    at: '2014-08-07T10:00:00.000000Z',
    actor: 'Lin',
    action: 'case-created',
    subject: 'case_info/1',
    note: null,
    rowHash: 'a'.repeat(64),
    previousHash: zeroHash,
  };
  const canonical = `custody\nseq:integer:1:1\nat:text:27:${link.at}\nactor:text:3:Lin\naction:text:12:case-created\nsubject:text:11:case_info/1\nnote:null:0:\nrow_hash:text:64:${link.rowHash}\nprevious_hash:text:64:${zeroHash}\n`;
  const expected = createHash('sha256').update(`handsight-custody 1\n${canonical}`).digest('hex');
  expect(hashLink(link)).toBe(expected);
  const others = [
    { seq: 2 },
    { at: '' },
    { actor: '' },
    { action: '' },
    { subject: null },
    { note: '' },
    { rowHash: null },
  ];
  const hashes = [...others, { previousHash: 'b'.repeat(64) }].map((over) => hashLink({ ...link, ...over }));
  expect(new Set([expected, ...hashes]).size).toBe(others.length + 2);
});
