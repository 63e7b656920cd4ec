import { expect, it } from 'vitest';
import { instantOf, instantOfUs } from '../../../main/workflow/instants.ts';

it('takes instants with a zone over as UTC', () => {
  expect(instantOf('2014-08-07T18:00:00.0001+08:00')).toBe('2014-08-07T10:00:00.000100Z');
  expect(instantOf('2014-12-31 23:59:59.999999999-01:30')).toBe('2015-01-01T01:29:59.999999Z');
});

it('refuses what names no instant: without a zone, with one that does not exist, on a day that does not exist', () => {
  const wrong = ['T10:00:00', 'T10:00:00+99:99', 'T10:00:00+08:60', 'T10:00:00+24:00', 'T25:00:00Z', 'T10:00:60Z'];
  for (const time of wrong) expect(instantOf(`2014-08-07${time}`)).toBeNull();
  expect(instantOf('2014-02-30T10:00:00Z')).toBeNull();
});

it('writes microseconds as an instant, whatever was written before', () => {
  const first = Date.UTC(2014, 7, 7, 10) * 1000 + 5;
  const seconds = Array.from({ length: 600 }, (_, i) => i * 64);
  for (const after of [...seconds, ...seconds.toReversed(), -1, 0]) {
    const us = first + after * 1_000_000;
    expect(instantOfUs(us)).toBe(`${new Date((us - 5) / 1000).toISOString().slice(0, 19)}.000005Z`);
  }
  expect(instantOfUs(-1)).toBe('1969-12-31T23:59:59.999999Z');
  for (let i = 0; i < 2; i++) expect(() => instantOfUs(9e18)).toThrow(RangeError);
});
