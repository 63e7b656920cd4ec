import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../shared/model/identifier.ts';
import { identifiersWithDoubts } from '../../../main/workflow/identifier-doubts.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';

function row(id: string, value: string, source: string): Identifier {
  return {
    id,
    handset: 'H1',
    kind: 'imei',
    value,
    original: value,
    source,
    addedAt: '2026-01-01T00:00:00.000000Z',
    warnings: [],
  };
}

function doubtsOf(rows: readonly Identifier[]): (readonly string[])[] {
  const reader = { identifiers: () => rows } as unknown as CaseReader;
  return identifiersWithDoubts(reader).map((one) => one.warnings);
}

describe('two sources of one identifier', () => {
  it('that disagree put a doubt on both, even when several exhibits of the handset say the same', () => {
    const rows = [
      row('I1', '490154203237518', 'E004'),
      row('I1', '490154203237518', 'E009'),
      row('I2', '356938035643809', 'label'),
    ];
    expect(doubtsOf(rows)).toEqual([['contradicted'], ['contradicted'], ['contradicted']]);
  });

  it('that agree, or a single source, leave none', () => {
    expect(doubtsOf([row('I1', '490154203237518', 'E004'), row('I1', '490154203237518', '*#06#')])).toEqual([[], []]);
    expect(doubtsOf([row('I1', '490154203237518', 'E004'), row('I2', '356938035643809', 'E005')])).toEqual([[], []]);
  });
});
