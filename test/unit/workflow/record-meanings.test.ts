import { describe, expect, it } from 'vitest';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import { makersOf, withMeaning } from '../../../main/workflow/record-meanings.ts';
import type { RecordBody, SnapshotRecord } from '../../../shared/model/record.ts';

const of = (handset: string, label: string, body: RecordBody): SnapshotRecord => ({
  ...body,
  handset,
  label,
  run: null,
  exhibit: 'E001',
});
const property = (name: string, value: string): RecordBody => ({ kind: 'property', name, value });
const used: RecordBody = { kind: 'setting', namespace: 'system', name: 'mx_used', value: '1' };

let asked = 0;

function indexOf(records: readonly SnapshotRecord[], sha256: string): IndexReader {
  const index = {
    pointer: { generation: 1, sha256, inputs: 'i' },
    records: ({ kind }: { kind: string }) => {
      asked += 1;
      return records.filter((one) => one.kind === kind);
    },
  };
  return index as unknown as IndexReader;
}

describe('the meaning of records', () => {
  it('comes from the table of the system that the handset had under the label', () => {
    const makers = makersOf(
      indexOf(
        [
          of('H1', 'before', property('ro.miui.ui.version.name', 'V5')),
          of('H1', 'after', property('ro.build.version.release', '15')),
          of('H2', 'before', property('ro.build.version.oneui', '60101')),
        ],
        '',
      ),
    );
    expect(makers({ handset: 'H1', label: 'before' })?.maker).toBe('miui');
    expect(withMeaning(of('H1', 'before', used), makers, 'en')).toMatchObject({
      name: 'mx_used',
      meaning: 'MIUI Cloud Messaging (network SMS): has been in use',
      meaningSource: expect.stringContaining('MIUI messaging app of 2012'),
      meaningSeenOn: expect.stringContaining('MIUI 5'),
    });
    const chinese = withMeaning(of('H1', 'before', used), makers, 'zh-Hant');
    expect(chinese.meaning).toBe('MIUI 網路簡訊服務：曾啟用');
    expect(chinese.meaningSource).toBe('2012 年的 MIUI 簡訊程式（公開反編譯）');
    // Another system after the upgrade, another maker, and a label of which no property was read.
    expect(withMeaning(of('H1', 'after', used), makers, 'en').meaning).toBeUndefined();
    expect(withMeaning(of('H2', 'before', used), makers, 'en').meaning).toBeUndefined();
    expect(makers({ handset: 'H1', label: 'third' })?.maker).toBe('miui');
    // No property of it at all: any table may speak.
    expect(makers({ handset: 'H3', label: 'x' })).toBeNull();
    expect(withMeaning(of('H3', 'x', used), makers, 'en').meaning).toContain('MIUI');
  });

  it('is worked out once an index, and anew for the next', () => {
    const rows = [of('H1', 'a', property('ro.miui.ui.version.name', 'V5'))];
    asked = 0;
    makersOf(indexOf(rows, 'first'));
    makersOf(indexOf(rows, 'first'));
    expect(asked).toBe(1);
    expect(makersOf(indexOf([], 'second'))({ handset: 'H1', label: 'a' })).toBeNull();
    expect(asked).toBe(2);
  });
});
