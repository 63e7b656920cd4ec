import { describe, expect, it } from 'vitest';
import { listedIdentifiers, listedRecord } from '../../../main/workflow/mask-accounts.ts';
import type { Identifier } from '../../../shared/model/identifier.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';

const row = (id: string, kind: Identifier['kind'], value: string, source: string): Identifier => ({
  id,
  handset: 'H1',
  kind,
  value,
  original: value,
  source,
  addedAt: '2026-01-01T00:00:00.000000Z',
  warnings: [],
});

const rows = [
  row('I1', 'account', '10002000', 'E004'),
  row('I2', 'email', 'demo.person@example.org', 'E004'),
  row('I3', 'imei', '490154203237518', 'E005'),
  row('I4', 'account', 'typed', 'invoice'),
  row('I4', 'account', 'typed', 'E004'),
];

describe('lists of identifiers', () => {
  it('mask the names of accounts that only the handset told, and say so', () => {
    expect(listedIdentifiers(rows, false).map(({ value, original, masked }) => [value, original, masked])).toEqual([
      ['1•••••••', '1•••••••', true],
      [`d${'•'.repeat(22)}`, `d${'•'.repeat(22)}`, true],
      ['490154203237518', '490154203237518', undefined],
      ['typed', 'typed', undefined],
      ['typed', 'typed', undefined],
    ]);
  });

  it('show them where they are asked for, and leave the rows as they were', () => {
    expect(listedIdentifiers(rows, true)).toBe(rows);
    expect(rows[0]?.value).toBe('10002000');
  });
});

describe('a listed record', () => {
  const record = (identifierKind: string, value: string): SnapshotRecord => ({
    kind: 'identifier',
    identifierKind,
    value,
    method: 'dumpsys account, type com.xiaomi',
    label: 'before',
    handset: 'H1',
    run: null,
    exhibit: 'E004',
  });

  it('of an account keeps its type, not its name', () => {
    expect(listedRecord(record('account', '10002000'), false)).toMatchObject({
      value: '1•••••••',
      masked: true,
      method: 'dumpsys account, type com.xiaomi',
    });
    expect(listedRecord(record('account', '10002000'), true)).toEqual(record('account', '10002000'));
    expect(listedRecord(record('imei', '490154203237518'), false)).toEqual(record('imei', '490154203237518'));
  });
});
