import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { languageForSystem, openSettingsStore } from '../../../main/shell/settings-store.ts';
import { startMode } from '../../../main/shell/start-mode.ts';
import { createWords } from '../../../main/shell/words.ts';

describe('how the program is started', () => {
  test('opens the window, whatever Chromium is told', () => {
    expect(startMode(['/app', '--no-sandbox', '--user-data-dir=/tmp/x'])).toEqual({ kind: 'window' });
  });
  test('prints, tests itself, or says what is wrong', () => {
    expect(startMode(['/app', '--print-pdf', 'a b.html', 'out.pdf'])).toEqual({
      kind: 'print-pdf',
      html: 'a b.html',
      pdf: 'out.pdf',
    });
    expect(startMode(['--self-test'])).toEqual({ kind: 'self-test' });
    expect(startMode(['--print-pdf', 'a.html']).kind).toBe('wrong-usage');
    expect(startMode(['--print-pdf', 'a.html', '--no-sandbox']).kind).toBe('wrong-usage');
  });
});

describe('settings', () => {
  const folder = (): string => mkdtempSync(join(tmpdir(), 'handsight-settings-'));

  test('begin with the system’s language and survive a restart', () => {
    const file = join(folder(), 'deep', 'settings.json');
    const store = openSettingsStore(file, 'zh-TW');
    expect(store.get()).toEqual({ language: 'zh-Hant', adbPath: null, recent: [], filters: [], collectors: [] });
    store.set({ adbPath: '/opt/adb' });
    store.set({ filters: [{ name: 'in the clear', filter: 'channel:cleartext' }] });
    store.set({ collectors: ['packages'] });
    expect(openSettingsStore(file, 'en-GB').get()).toEqual({
      language: 'zh-Hant',
      adbPath: '/opt/adb',
      recent: [],
      filters: [{ name: 'in the clear', filter: 'channel:cleartext' }],
      collectors: ['packages'],
    });
    expect(readdirSync(join(file, '..'))).toEqual(['settings.json']);
  });

  test('a file of an earlier version, which kept no filters and no selection of collectors, is read', () => {
    const file = join(folder(), 'settings.json');
    writeFileSync(file, '{"language":"zh-Hant","adbPath":"/opt/adb","recent":[]}');
    expect(openSettingsStore(file, 'en-GB').get()).toMatchObject({ adbPath: '/opt/adb', filters: [], collectors: [] });
  });

  test.each(['', '{', '{"language":"fr"}', '[]', '{"language":"en","adbPath":3,"recent":[]}'])(
    'a damaged file (%s) means defaults, and is whole after the next change',
    (text) => {
      const file = join(folder(), 'settings.json');
      writeFileSync(file, text);
      const store = openSettingsStore(file, 'en-US');
      expect(store.get().language).toBe('en');
      store.set({ language: 'zh-Hant' });
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ language: 'zh-Hant' });
    },
  );

  test('Chinese systems get Traditional Chinese', () => {
    expect(['zh-TW', 'zh-Hant-HK', 'zh', 'en-GB', 'de'].map(languageForSystem)).toEqual([
      'zh-Hant',
      'zh-Hant',
      'zh-Hant',
      'en',
      'en',
    ]);
  });
});

test('dialogs and menus are worded in both languages', () => {
  expect(createWords('en')('ui.closing.message', { count: 2 })).toBe('2 tasks are still running.');
  expect(createWords('zh-Hant')('ui.closing.message', { count: 2 })).toBe('仍有 2 項工作進行中。');
});
