import { expect, it } from 'vitest';
import { instantOf } from '../../../main/workflow/instants.ts';

it('takes instants with a zone over as UTC', () => {
  expect(instantOf('2014-08-07T18:00:00.0001+08:00')).toBe('2014-08-07T10:00:00.000100Z');
  expect(instantOf('2014-12-31 23:59:59.999999999-01:30')).toBe('2015-01-01T01:29:59.999999Z');
});

it('refuses what names no instant: without a zone, with one that does not exist, on a day that does not exist', () => {
  const wrong = ['T10:00:00', 'T10:00:00+99:99', 'T10:00:00+08:60', 'T10:00:00+24:00', 'T25:00:00Z', 'T10:00:60Z'];
  for (const time of wrong) expect(instantOf(`2014-08-07${time}`)).toBeNull();
  expect(instantOf('2014-02-30T10:00:00Z')).toBeNull();
});
