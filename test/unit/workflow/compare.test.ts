import { describe, expect, it } from 'vitest';
import { changesBetween, comparisonCaveats, isAcrossHandsets, snapshotOf } from '../../../main/workflow/compare.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';

interface Row {
  readonly id: string;
  readonly label: string;
  readonly handset?: string;
  readonly collector: string;
  readonly acquisition: string;
  readonly outcome?: Exhibit['outcome'];
  readonly records?: readonly Record<string, unknown>[];
}

const app = (name: string, state = 'enabled'): Record<string, unknown> => ({
  kind: 'package',
  name,
  state,
  system: false,
  versionName: '1',
  versionCode: '1',
  installer: null,
  path: null,
  uid: null,
  firstInstallTime: null,
  lastUpdateTime: null,
  stopped: false,
});

function caseOf(rows: readonly Row[]): [CaseReader, IndexReader] {
  const exhibits = rows.map((row) => ({ handset: 'H1', run: null, outcome: 'read', ...row }));
  const reader = {
    exhibits: ({ label }: { label?: string } = {}) =>
      exhibits.filter((one) => label === undefined || one.label === label),
    acquisitions: () => [...new Set(rows.map((row) => row.acquisition))].sort().map((id) => ({ id })),
    nameFindings: () => [],
  };
  const records = exhibits.flatMap(({ id, label, handset, run, records: bodies = [] }) =>
    bodies.map((body) => ({ ...body, label, handset, run, exhibit: id })),
  );
  const index = {
    records: ({ label }: { label: string }) => records.filter((one) => one.label === label),
    findings: () => [],
    visibility: () => [],
  };
  return [reader as unknown as CaseReader, index as unknown as IndexReader];
}

const namesOf = (records: readonly SnapshotRecord[]): string[] =>
  records.flatMap((record) => (record.kind === 'package' ? [`${record.name} ${record.state}`] : []));

describe('the snapshot of a label', () => {
  it('is not hidden by a second acquisition that was interrupted within a collector', () => {
    const [reader, index] = caseOf([
      { id: 'E1', label: 'a', collector: 'packages', acquisition: 'A1', records: [app('com.x'), app('com.y')] },
      { id: 'E2', label: 'a', collector: 'packages', acquisition: 'A1', records: [app('com.y', 'disabled')] },
      { id: 'E3', label: 'a', collector: 'packages', acquisition: 'A2', records: [app('com.x')] },
      {
        id: 'E4',
        label: 'a',
        collector: 'packages',
        acquisition: 'A2',
        outcome: 'interrupted',
        records: [app('com.z')],
      },
    ]);
    expect(namesOf(snapshotOf(reader, index, 'a'))).toEqual(['com.x enabled', 'com.y enabled', 'com.y disabled']);
  });

  it('is that of the latest whole acquisition', () => {
    const [reader, index] = caseOf([
      { id: 'E1', label: 'a', collector: 'packages', acquisition: 'A1', records: [app('com.old')] },
      { id: 'E2', label: 'a', collector: 'packages', acquisition: 'A2', records: [app('com.new')] },
    ]);
    expect(namesOf(snapshotOf(reader, index, 'a'))).toEqual(['com.new enabled']);
  });
});

describe('comparing labels', () => {
  it('of which one was used for two handsets takes the handset that both speak of', () => {
    const [reader, index] = caseOf([
      { id: 'E1', label: 'before', collector: 'packages', acquisition: 'A1', records: [app('com.x')] },
      {
        id: 'E2',
        label: 'before',
        handset: 'H2',
        collector: 'packages',
        acquisition: 'A2',
        records: [app('com.other')],
      },
      { id: 'E3', label: 'after', collector: 'packages', acquisition: 'A3', records: [app('com.x')] },
    ]);
    expect(isAcrossHandsets(reader, 'before', 'after')).toBe(false);
    expect(changesBetween(reader, index, 'before', 'after', 'en')).toEqual([]);
  });

  it('says what was read on one side only, the logs of crashes too', () => {
    const [reader, index] = caseOf([
      { id: 'E1', label: 'before', collector: 'packages', acquisition: 'A1', records: [app('com.x')] },
      { id: 'E2', label: 'before', collector: 'dropbox', acquisition: 'A1', outcome: 'refused' },
      { id: 'E3', label: 'after', collector: 'dropbox', acquisition: 'A2', outcome: 'empty' },
    ]);
    expect(comparisonCaveats(reader, index, 'before', 'after', 'en')).toEqual([
      'Not compared: packages; nothing of this kind was read under after.',
      'Not compared: crashes; nothing of this kind was read under before.',
    ]);
  });
});
