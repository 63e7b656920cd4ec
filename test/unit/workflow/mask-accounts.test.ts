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
  const masked = { names: false, texts: false };
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
    expect(listedRecord(record('account', '10002000'), masked)).toMatchObject({
      value: '1•••••••',
      masked: true,
      method: 'dumpsys account, type com.xiaomi',
    });
    expect(listedRecord(record('account', '10002000'), { ...masked, names: true })).toEqual(
      record('account', '10002000'),
    );
    expect(listedRecord(record('imei', '490154203237518'), masked)).toEqual(record('imei', '490154203237518'));
  });

  it('of a text message keeps who and when, not even how long it is; names do not open it', () => {
    const message = (value: string): SnapshotRecord => ({
      kind: 'fact',
      topic: 'message-text',
      package: null,
      name: 'received/9/55123',
      value,
      atHandset: '2026-08-07T10:00:01.000000+08:00',
      label: 'before',
      handset: 'H1',
      run: null,
      exhibit: 'E004',
    });
    for (const text of ['a', 'a long text with a code: 482915'])
      expect(listedRecord(message(text), { names: true, texts: false })).toEqual({
        ...message('••••••••'),
        masked: true,
      });
    expect(listedRecord(message('a'), { names: false, texts: true })).toEqual(message('a'));
    expect(listedRecord(message(''), masked)).toEqual(message(''));
  });
});
