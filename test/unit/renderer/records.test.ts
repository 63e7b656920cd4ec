import { describe, expect, test } from 'vitest';
import { asByteString, needlesOf, placeIn } from '../../../renderer/screens/records/raw-place.ts';
import {
  durationText,
  recordContent,
  recordFields,
  recordSubject,
} from '../../../renderer/screens/records/record-text.ts';
import { createWords } from '../../../renderer/words/words.tsx';
import { recordKinds, type RecordRow } from '../../../shared/contract/exhibits.ts';
import { factTopics, type RecordBody } from '../../../shared/model/record.ts';

const bodies: readonly RecordBody[] = [
  { kind: 'property', name: 'ro.product.model', value: 'HM 1SW' },
  { kind: 'setting', namespace: 'secure', name: 'android_id', value: '9774d56d682e549c' },
  {
    kind: 'package',
    name: 'com.xiaomi.xmsf',
    state: 'disabled-user',
    system: true,
    versionName: '2.1',
    versionCode: '21000',
    installer: null,
    path: '/system/app/x.apk',
    uid: 10_021,
    firstInstallTime: null,
    lastUpdateTime: null,
    stopped: false,
  },
  { kind: 'permission', package: 'a.b', name: 'android.permission.READ_SMS', granted: false, scope: 'runtime' },
  {
    kind: 'component',
    package: 'a.b',
    name: '.Boot',
    type: 'receiver',
    enabled: false,
    actions: ['x.BOOT', 'x.PING'],
    bootReceiver: true,
  },
  { kind: 'app-op', package: 'a.b', op: 'AUTO_START', mode: 'allow', lastAccess: null },
  { kind: 'crash', package: null, process: 'a.b:ui', tag: 'x', atHandset: null, exception: null, summary: 'died' },
  {
    kind: 'log',
    buffer: 'main',
    atHandset: '2014-08-07T10:00:00.000',
    yearAssumed: true,
    pid: 1234,
    priority: 'I',
    tag: 'Mx',
    message: 'sent\u202e',
  },
  { kind: 'identifier', identifierKind: 'imei', value: '490154203237518', method: 'service-call' },
  { kind: 'event', eventKind: 'stimulus', atHandset: '2014-08-07T10:00:00.000', text: 'contact opened' },
  { kind: 'clock', offsetMs: -1520, boundMs: 12, zone: 'Asia/Taipei' },
  { kind: 'silent-sms', atHandset: null, destination: null, text: 'AC:1' },
  { kind: 'fact', topic: 'user', package: null, name: '11/Restrictions', value: 'no_sms', atHandset: null },
];
const rows: readonly RecordRow[] = bodies.map((body, id) => ({
  ...body,
  id,
  label: 'before',
  handset: 'H1',
  run: 'R1',
  exhibit: 'E001',
}));
const row = (kind: RecordRow['kind']): RecordRow => {
  const found = rows.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(kind);
  return found;
};
const en = createWords('en');
const zh = createWords('zh-Hant');
const line = (kind: RecordRow['kind'], words = en): string =>
  recordContent(row(kind), words)
    .map(({ text }) => text)
    .join(' · ');

describe('records in words', () => {
  test('there is one of every kind here', () => {
    expect(rows.map(({ kind }) => kind)).toEqual(recordKinds);
  });

  test('each is told by what it is about and what it says', () => {
    expect(recordSubject(row('setting'), en)).toEqual({ text: 'secure/android_id', ours: false });
    expect(recordSubject(row('identifier'), en)).toEqual({ text: 'IMEI', ours: true });
    expect(recordSubject(row('crash'), en).text).toBe('a.b:ui');
    expect(line('package')).toBe('disabled by the user · 2.1 · system app');
    expect(line('permission')).toBe('android.permission.READ_SMS · not granted · at run time');
    expect(line('component')).toBe('.Boot · receiver of broadcasts · starts at boot · disabled');
    expect(line('app-op', zh)).toBe('AUTO_START · 允許');
    expect(recordSubject(row('fact'), zh)).toEqual({ text: '使用者', ours: true });
    expect(line('fact')).toBe('11/Restrictions · no_sms');
    expect(line('clock')).toBe('1.52 s behind the workstation (within 0.012 s) · Asia/Taipei');
  });

  test('differences of clocks are told in the units that people count in', () => {
    expect(durationText(0, en)).toBe('0 s');
    expect(durationText(4491 * 86_400_000 + 3_600_000, en)).toBe('4,491 d 1 h 0 min 0 s');
    expect(durationText(61_000, en)).toBe('1 min 1 s');
    expect(durationText(388_076_703_106.223, en)).toBe('4,491 d 15 h 5 min 3.1 s');
    expect(durationText(86_400_000, zh)).toBe('1 日 0 時 0 分 0 秒');
  });

  test('what the handset said is never taken for a word of ours', () => {
    for (const record of rows) {
      const told = [recordSubject(record, en), ...recordContent(record, en), ...recordFields(record, en)];
      const values = new Set(
        Object.entries(record).flatMap(([field, value]) =>
          ['name', 'value', 'message', 'text', 'summary', 'path', 'tag', 'op'].includes(field) ? [value] : [],
        ),
      );
      for (const { text, ours } of told) if (values.has(text)) expect(ours).toBe(false);
    }
  });

  test('the detail has every field, and says what was not told', () => {
    for (const record of rows) {
      const { id: _id, kind: _kind, label: _label, handset: _handset, run: _run, exhibit: _exhibit, ...own } = record;
      expect(recordFields(record, en).map(({ field }) => field)).toEqual(Object.keys(own));
    }
    const app = Object.fromEntries(recordFields(row('package'), en).map(({ field, text }) => [field, text]));
    expect(app).toMatchObject({ installer: 'not told by the handset', stopped: 'no', uid: '10021', system: 'yes' });
    const clock = Object.fromEntries(recordFields(row('clock'), zh).map(({ field, text }) => [field, text]));
    expect(clock).toMatchObject({ offsetMs: '-1,520 毫秒', boundMs: '12 毫秒' });
    const component = recordFields(row('component'), en).find(({ field }) => field === 'actions');
    expect(component).toEqual({ field: 'actions', text: 'x.BOOT\nx.PING', ours: false });
  });

  test('every field and value has its words in both languages', () => {
    for (const words of [en, zh]) {
      for (const { field } of rows.flatMap((record) => recordFields(record, words))) {
        expect(words.sayIfKnown(`ui.record-field.${field}`, '')).not.toBe('');
      }
      for (const topic of factTopics)
        expect(words.sayIfKnown(`ui.record-value.topic.${topic}`, ''), topic).not.toBe('');
    }
  });
});

describe('the place of a record in its raw output', () => {
  const output = asByteString('Resolver a.b 台\nPackage [x.y]\n  READ_SMS\nPackage [a.b]\n  READ_SMS: granted=false\n');

  const permission = row('permission');
  const smsOf = permission.kind === 'permission' ? { ...permission, name: 'READ_SMS' } : permission;

  test('is that of its own package, counted in bytes', () => {
    const at = placeIn(output, ['Package [a.b]', 'READ_SMS']);
    expect(at).toBe(Buffer.from('Resolver a.b 台\nPackage [x.y]\n  READ_SMS\nPackage [a.b]\n  ').length);
    expect(placeIn(output, needlesOf(smsOf))).toBe(at);
  });

  test('passes over what is written in another way, and says when nothing is there', () => {
    expect(placeIn(output, ['Package: a.b', '台'])).toBe(13);
    expect(placeIn(output, ['', '490154203237518'])).toBeNull();
    expect(placeIn(output, needlesOf(row('clock')))).toBeNull();
  });
});
