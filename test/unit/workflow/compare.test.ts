import { describe, expect, it } from 'vitest';
import { changesBetween, comparisonCaveats, isAcrossHandsets } from '../../../main/workflow/compare.ts';
import { snapshotOf } from '../../../main/workflow/label-snapshot.ts';
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
  readonly kind?: Exhibit['kind'];
  /** What was asked; `problem` LIMIT: its output was cut. */
  readonly command?: string;
  readonly problem?: string;
  /** That it came in a file: an output that others collected, or a part of a bug report. */
  readonly imported?: true;
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

function caseOf(
  rows: readonly Row[],
  more: { readonly faults?: readonly unknown[]; readonly interrupted?: string } = {},
): [CaseReader, IndexReader] {
  const exhibits = rows.map(({ command = 'pm list packages', problem = null, imported, ...row }) => ({
    handset: 'H1',
    run: null,
    outcome: 'read',
    fault: null,
    origin: { type: 'command', command, problem, ...(imported === undefined ? {} : { imported: {} }) },
    ...row,
  }));
  const reader = {
    exhibits: ({ label }: { label?: string } = {}) =>
      exhibits.filter((one) => label === undefined || one.label === label),
    acquisitions: () =>
      [...new Set(rows.map((row) => row.acquisition))]
        .sort()
        .map((id) => ({ id, outcome: id === more.interrupted ? 'interrupted' : 'complete' })),
    nameFindings: () => [],
  };
  const records = exhibits.flatMap(({ id, label, handset, run, records: bodies = [] }) =>
    bodies.map((body) => ({ ...body, label, handset, run, exhibit: id })),
  );
  const index = {
    records: ({ label }: { label: string }) => records.filter((one) => one.label === label),
    findings: () => [],
    visibility: () => [],
    exhibitIds: () => new Set(exhibits.map(({ id }) => id)),
    faults: () => more.faults ?? [],
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
    expect(namesOf(snapshotOf(reader, index, { label: 'a', handset: null }).records)).toEqual([
      'com.x enabled',
      'com.y enabled',
      'com.y disabled',
    ]);
  });

  it('is that of the latest whole acquisition', () => {
    const [reader, index] = caseOf([
      { id: 'E1', label: 'a', collector: 'packages', acquisition: 'A1', records: [app('com.old')] },
      { id: 'E2', label: 'a', collector: 'packages', acquisition: 'A2', records: [app('com.new')] },
    ]);
    expect(namesOf(snapshotOf(reader, index, { label: 'a', handset: null }).records)).toEqual(['com.new enabled']);
  });
});

describe('what came in files under a label that was also asked directly', () => {
  const property = (name: string, value: string): Record<string, unknown> => ({ kind: 'property', name, value });
  const setting = (name: string, value: string): Record<string, unknown> => ({
    kind: 'setting',
    namespace: 'global',
    name,
    value,
  });
  const row = (id: string, acquisition: string, command: string, more: Partial<Row>): Row => ({
    id,
    label: 'a',
    collector: 'state',
    acquisition,
    command,
    ...more,
  });
  const valuesOf = (...rows: readonly Row[]): string[] => {
    const [reader, index] = caseOf(rows);
    return snapshotOf(reader, index, { label: 'a', handset: null }).records.flatMap((one) =>
      one.kind === 'property' || one.kind === 'setting' ? [`${one.name}=${one.value}`] : [],
    );
  };
  const asked = row('E1', 'A1', 'getprop', { records: [property('x', '1'), property('y', '1')] });
  const part = row('E2', 'A2', 'getprop', { imported: true, records: [property('x', '2')] });

  it('does not push out what was asked directly, be it one of several parts', () => {
    expect(valuesOf(asked, part)).toEqual(['x=1', 'y=1']);
    const table = row('E3', 'A2', 'dumpsys settings', { imported: true, records: [setting('s', '2')] });
    const own = row('E4', 'A1', 'settings list global', { records: [setting('s', '1')] });
    expect(valuesOf(asked, own, part, table)).toEqual(['x=1', 'y=1', 's=1']);
    expect(valuesOf(asked, { ...own, collector: 'other' }, part, table)).toEqual(['x=1', 'y=1', 's=1']);
  });

  it('fills in what was not, or not to its end', () => {
    const table = row('E3', 'A2', 'dumpsys settings', { imported: true, records: [setting('s', '2')] });
    expect(valuesOf(asked, part, table)).toEqual(['x=1', 'y=1', 's=2']);
    expect(valuesOf({ ...asked, problem: 'LIMIT' }, part)).toEqual(['x=2']);
    expect(valuesOf({ ...asked, problem: 'LIMIT' }, { ...part, problem: 'LIMIT' })).toEqual(['x=1', 'y=1']);
    expect(valuesOf({ ...asked, outcome: 'refused' }, part)).toContain('x=2');
    // A table of settings gives way to the same table, by whichever command it was printed; never do both stand.
    const own = row('E4', 'A1', 'settings list global', { problem: 'LIMIT', records: [setting('s', '1')] });
    expect(valuesOf(own, table)).toEqual(['s=2']);
    expect(valuesOf(own, { ...table, problem: 'LIMIT' })).toEqual(['s=1']);
  });

  it('stands for the label where nothing was asked directly', () => {
    expect(valuesOf(part, { ...part, id: 'E3', acquisition: 'A3', records: [property('x', '3')] })).toEqual(['x=3']);
  });
});

describe('the list of apps that their code was asked by', () => {
  const code: Row = { id: 'E2', label: 'a', collector: 'app-code', acquisition: 'A1', records: [app('com.old')] };
  const names = (...rows: readonly Row[]): string[] => {
    const [reader, index] = caseOf(rows);
    return namesOf(snapshotOf(reader, index, { label: 'a', handset: null }).records);
  };

  it('brings back no app that a later list of the packages does not have', () => {
    const list = (id: string, acquisition: string, name: string): Row => ({
      id,
      label: 'a',
      collector: 'packages',
      acquisition,
      records: [app(name)],
    });
    expect(names(list('E1', 'A1', 'com.old'), code, list('E3', 'A2', 'com.new'))).toEqual(['com.new enabled']);
  });

  it('stands where no other was read', () => {
    expect(names(code)).toEqual(['com.old enabled']);
  });
});

describe('the code of apps of several acquisitions of a label', () => {
  const list = (id: string, acquisition: string): Row => ({
    id,
    label: 'a',
    collector: 'app-code',
    acquisition,
    command: 'pm list packages -f',
  });
  const apk = (id: string, acquisition: string, name: string, outcome: Exhibit['outcome'] = 'read'): Row => ({
    id,
    label: 'a',
    collector: 'app-code',
    kind: 'apk',
    acquisition,
    outcome,
    records: [app(name)],
  });
  const packages: Row = { id: 'E9', label: 'a', collector: 'packages', acquisition: 'A2' };
  const first = [list('E1', 'A1'), apk('E2', 'A1', 'com.x'), apk('E3', 'A1', 'com.gone'), packages];
  const names = (rows: readonly Row[], interrupted = ''): string[] => {
    const [reader, index] = caseOf([...first, ...rows], { interrupted });
    return namesOf(snapshotOf(reader, index, { label: 'a', handset: null }).records);
  };

  it('is that of the latest that came to its end, though it had fewer apps, or none', () => {
    expect(names([list('E4', 'A2'), apk('E5', 'A2', 'com.x')])).toEqual(['com.x enabled']);
    expect(names([list('E4', 'A2'), apk('E5', 'A2', 'com.new'), apk('E6', 'A2', 'com.no', 'refused')])).toEqual([
      'com.new enabled',
    ]);
    expect(names([list('E4', 'A2')])).toEqual([]);
  });

  it('is not hidden by a later one that was cut off, between files or within one, or had no list', () => {
    const both = ['com.x enabled', 'com.gone enabled'];
    const second = [list('E4', 'A2'), apk('E5', 'A2', 'com.new')];
    expect(names(second, 'A2')).toEqual(both);
    expect(names([...second, apk('E6', 'A2', 'com.part', 'interrupted')])).toEqual(both);
    expect(names(second.slice(1))).toEqual(both);
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

const brief = (rows: readonly Row[], lang: 'en' | 'zh-Hant' = 'en'): string[] => {
  const [reader, index] = caseOf(rows);
  return changesBetween(reader, index, 'before', 'after', lang).map((one) => `${one.change} ${one.subject}`);
};
/** Those about crashes left out: no row here is a log. */
const caveats = (rows: readonly Row[], lang: 'en' | 'zh-Hant' = 'en'): string[] => {
  const [reader, index] = caseOf(rows);
  return comparisonCaveats(reader, index, 'before', 'after', lang).filter((one) => !/crashes|當機/.test(one));
};

describe('an output that was cut at its limit', () => {
  const whole = [app('com.a'), app('com.b'), app('com.c')];
  const part = [app('com.a'), app('com.b', 'disabled')];
  const row = (label: string, records: Row['records'], more: Partial<Row> = {}): Row => ({
    id: `E-${label}`,
    label,
    collector: 'packages',
    acquisition: label === 'before' ? 'A1' : 'A2',
    ...(records === undefined ? {} : { records }),
    ...more,
  });

  it('makes nothing «removed» when it is the one after, and says where it was cut', () => {
    const rows = [row('before', whole), row('after', part, { problem: 'LIMIT' })];
    expect(brief(rows)).toEqual(['changed com.b']);
    expect(caveats(rows).join()).toMatch(/in part: packages; what was read under after was cut at its limit/);
    expect(caveats(rows, 'zh-Hant').join()).toContain('僅部分比較：套件；標籤 after');
    const uncut = [row('before', whole), row('after', part)];
    expect([brief(uncut), caveats(uncut)]).toEqual([['changed com.b', 'removed com.c'], []]);
  });

  it('makes nothing «added» when it is the one before', () => {
    const rows = [row('before', part, { problem: 'LIMIT' }), row('after', whole)];
    expect(brief(rows)).toEqual(['changed com.b']);
    expect(caveats(rows).join()).toContain('read under before was cut');
  });

  it('is known by its fault as well, and by a cap of the parser', () => {
    const [reader, index] = caseOf([row('before', whole), row('after', part)], {
      faults: [{ exhibit: 'E-after', code: 'parse-cap-records:400000' }],
    });
    expect(changesBetween(reader, index, 'before', 'after', 'en').map((one) => one.subject)).toEqual(['com.b']);
    expect(comparisonCaveats(reader, index, 'before', 'after', 'en').join()).toContain('in part: packages');
  });

  it('is not taken where another acquisition read the same to its end', () => {
    const rows = [
      row('before', whole),
      row('after', part, { problem: 'LIMIT', acquisition: 'A3' }),
      row('after', whole, { id: 'E9' }),
    ];
    expect([brief(rows), caveats(rows)]).toEqual([[], []]);
  });

  it('of one namespace of settings leaves the others compared', () => {
    const setting = (namespace: string, name: string): Record<string, unknown> => ({
      kind: 'setting',
      namespace,
      name,
      value: '1',
    });
    const ask = (namespace: string): Partial<Row> => ({ collector: 'settings', command: `settings list ${namespace}` });
    const rows = [
      row('before', [setting('system', 'a'), setting('system', 'b')], { id: 'E1', ...ask('system') }),
      row('before', [setting('secure', 'a'), setting('secure', 'b')], { id: 'E2', ...ask('secure') }),
      row('after', [setting('system', 'a')], { id: 'E3', ...ask('system'), problem: 'LIMIT' }),
      row('after', [setting('secure', 'a')], { id: 'E4', ...ask('secure') }),
    ];
    expect(brief(rows)).toEqual(['removed secure/b']);
    expect(caveats(rows).join()).toContain('settings (system)');
  });
});

describe('facts of the system’s state', () => {
  const fact = (topic: string, name: string, value: string): Record<string, unknown> => ({
    kind: 'fact',
    topic,
    package: null,
    name,
    value,
    atHandset: null,
  });
  const row = (label: string, command: string, more: Partial<Row> = {}): Row => ({
    id: `${label} ${command}`,
    label,
    collector: command,
    acquisition: label === 'before' ? 'A1' : 'A2',
    command,
    ...more,
  });
  const managed = [fact('policy', 'Device managed', 'true')];

  it('are compared list by list; one that was refused makes nothing «removed»', () => {
    const before = row('before', 'dumpsys user', { records: managed });
    const refused = row('after', 'dumpsys user', { outcome: 'refused' });
    expect(brief([before, refused])).toEqual([]);
    expect(caveats([before, refused])).toEqual([
      'Not compared: state of the system (dumpsys user); nothing of this kind was read under after.',
    ]);
    expect(caveats([before, refused], 'zh-Hant')).toEqual([
      '未比較：系統狀態 (dumpsys user)；標籤 after 下未讀取此類資料。',
    ]);
    const other = row('after', 'dumpsys user', { records: [fact('policy', 'Max users', '4')] });
    expect(brief([before, other])).toEqual(['removed policy/Device managed', 'added policy/Max users']);
  });

  it('of settings are known to be gone where their table was read, whatever command read it', () => {
    const listener = fact('listener', 'secure/enabled_accessibility_services', 'com.spy/.Ear');
    const before = row('before', 'content query --uri content://settings/secure', { records: [listener] });
    expect(brief([before, row('after', 'settings list secure')])).toEqual([
      'removed listener/secure/enabled_accessibility_services',
    ]);
    expect(brief([before, row('after', 'settings list global')])).toEqual([]);
    expect(brief([before, row('after', 'dumpsys settings')])).toHaveLength(1);
    // The dump asked for one of the three tables tells of that one.
    const dumpFor = (collector: string): Row => row('after', 'dumpsys settings', { collector });
    expect(brief([before, dumpFor('settings-secure')])).toHaveLength(1);
    expect(brief([before, dumpFor('settings-global')])).toEqual([]);
  });

  it('that a parser did not find all of are compared in part', () => {
    const jobs = [fact('job', 'a/.A', 'PERIODIC: x'), fact('job', 'b/.B', 'PERIODIC: x')];
    const rows = [
      row('before', 'dumpsys jobscheduler', { records: jobs }),
      row('after', 'dumpsys jobscheduler', { records: jobs.slice(0, 1) }),
    ];
    expect(brief(rows)).toEqual(['removed job/b/.B']);
    const [reader, index] = caseOf(rows, { faults: [{ exhibit: rows[1]?.id, code: 'parse-jobs:1-of-2' }] });
    expect(changesBetween(reader, index, 'before', 'after', 'en')).toEqual([]);
    expect(comparisonCaveats(reader, index, 'before', 'after', 'en').join()).toContain(
      'in part: state of the system (dumpsys jobscheduler)',
    );
  });
});

describe('labels that stand for several handsets', () => {
  const of = (handset: string, label: string, ...names: readonly string[]): Row => ({
    id: `E-${handset}-${label}`,
    label,
    handset,
    collector: 'packages',
    acquisition: `A-${handset}-${label}`,
    records: names.map((name) => app(name)),
  });

  it('compare each handset with itself, and each change says whose it is', () => {
    const rows = [
      of('H1', 'before', 'com.x', 'com.one'),
      of('H2', 'before', 'com.x', 'com.two'),
      of('H1', 'after', 'com.x'),
      of('H2', 'after', 'com.x', 'com.two', 'com.new'),
    ];
    const [reader, index] = caseOf(rows);
    const changes = changesBetween(reader, index, 'before', 'after', 'en');
    expect(changes.map((one) => [one.facts?.['handset'], one.change, one.subject])).toEqual([
      ['H1', 'removed', 'com.one'],
      ['H2', 'added', 'com.new'],
    ]);
    expect(changes[0]?.meaning).toMatch(/^H1: /);
    expect([isAcrossHandsets(reader, 'before', 'after'), caveats(rows)]).toEqual([false, []]);
  });

  it('say which handset they leave out', () => {
    const rows = [of('H1', 'before', 'com.x'), of('H2', 'before', 'com.two'), of('H1', 'after', 'com.x')];
    expect([brief(rows), caveats(rows)]).toEqual([
      [],
      [
        'Left out: H2; they stand under one of the labels before and after only, and a handset is compared with itself.',
      ],
    ]);
  });

  it('compare nothing where no handset stands under both and several under one', () => {
    const rows = [of('H1', 'before', 'com.x'), of('H2', 'before', 'com.two'), of('H3', 'after', 'com.y')];
    expect(brief(rows)).toEqual([]);
    expect(caveats(rows)).toHaveLength(1);
    expect(caveats(rows)[0]).toMatch(/^Not compared: before stands for H1, H2 and after for H3/);
    expect(caveats(rows, 'zh-Hant')[0]).toContain('H1、H2');
  });

  it('compare two different handsets, one a label, and say that they are two', () => {
    const rows = [of('H1', 'before', 'com.x'), of('H2', 'after', 'com.y')];
    expect(brief(rows)).toEqual(['removed com.x', 'added com.y']);
    expect(caveats(rows).join()).toContain('Two models');
  });

  it('do not count a capture that was assigned to none', () => {
    const capture: Row = { id: 'E9', label: 'before', handset: 'unassigned', collector: 'file', acquisition: 'A9' };
    const rows = [of('H1', 'before', 'com.x'), capture, of('H1', 'after', 'com.x')];
    expect([brief(rows), caveats(rows)]).toEqual([[], []]);
  });
});
