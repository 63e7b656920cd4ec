import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIntl } from '@formatjs/intl';
import { describe, expect, test } from 'vitest';
import en from '../../../shared/locale/en.json' with { type: 'json' };
import zhHant from '../../../shared/locale/zh-Hant.json' with { type: 'json' };
import { identifierReasons } from '../../../main/analysis/identifiers/identifier-problem.ts';
import { collectors, planAcquisition } from '../../../main/acquisition/plan.ts';
import { handsetStates } from '../../../shared/model/handset.ts';
import { problemCodes } from '../../../shared/model/problem.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, 'zh-Hant': zhHant };

/** Names of the arguments a message takes. */
function argumentsOf(message: string): readonly string[] {
  return [...new Set([...message.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? ''))].sort();
}

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield readFileSync(path, 'utf8');
  }
}

describe('the words of both languages', () => {
  test('have the same keys and the same arguments', () => {
    expect(Object.keys(zhHant).sort()).toEqual(Object.keys(en).sort());
    const wrong = Object.keys(en).filter((key) => {
      const english = argumentsOf(catalogues['en']?.[key] ?? '');
      // A message with a plural may leave out the formatted figure in a language that needs no plural.
      const chinese = argumentsOf(catalogues['zh-Hant']?.[key] ?? '');
      return chinese.some((name) => !english.includes(name));
    });
    expect(wrong).toEqual([]);
  });

  test.each(['en', 'zh-Hant'])('every message of %s can be formatted', (locale) => {
    const messages = catalogues[locale] ?? {};
    const faults: string[] = [];
    const intl = createIntl({ locale, messages: { ...messages }, onError: (error) => faults.push(error.message) });
    for (const [key, message] of Object.entries(messages)) {
      const values = Object.fromEntries(argumentsOf(message).map((name) => [name, name === 'count' ? 3 : 'x']));
      expect(intl.formatMessage({ id: key }, values)).not.toMatch(/[{}]/);
    }
    expect(faults).toEqual([]);
  });

  test('leave no English in the Chinese catalogue, but for names that are the same', () => {
    const same = Object.entries(zhHant)
      .filter(([, text]) => !/\p{Script=Han}/u.test(text))
      .map(([, text]) => text);
    expect(same.filter((text) => !/^[A-Za-z0-9 .\-{}／/…+%]*$/.test(text))).toEqual([]);
    expect(new Set(same)).toEqual(
      new Set([
        'Handsight {version}',
        'DTLS',
        'QUIC',
        'TLS',
        'BSSID',
        'SSID',
        'ICCID',
        'IMEI',
        'IMSI',
        'MEID',
        'Android ID',
        'TLS Client Hello',
        'TLS Server Hello',
        'QUIC Client Hello',
        'QUIC Server Hello',
        'BCD',
        'UTF-16',
        'base64',
        'base64url',
        'gzip',
        'zlib',
        'MD5',
        'SHA-1',
        'SHA-256',
        'SHA-384',
        'SHA-512',
        'USB',
        '{done}／{total}',
      ]),
    );
  });

  test('word every problem, every state of a handset and every collector', () => {
    for (const catalogue of Object.values(catalogues)) {
      for (const code of problemCodes) expect(catalogue[`problem.${code}`], code).toBeTruthy();
      for (const state of handsetStates) {
        expect(catalogue[`advice.${state}`], state).toBeTruthy();
        expect(catalogue[`ui.handset-state.${state}`], state).toBeTruthy();
      }
      for (const reason of identifierReasons) expect(catalogue[`ui.identifier-warning.${reason}`], reason).toBeTruthy();
      for (const collector of collectors) expect(catalogue[collector.titleKey], collector.id).toBeTruthy();
    }
  });

  test('the fullest profile says whether it reads the code of apps, as its plan has it', () => {
    const facts = { release: '14', sdk: 34, features: new Set(['shell_v2', 'cmd']), phoneCalls: [] };
    const commands = planAcquisition('full', facts).flatMap((one) => one.commands.map(({ command }) => command));
    const readsCode = commands.some((command) => /^pull .*\.apk|^pm path /.test(command));
    const without = { en: /code of the apps is not among/, 'zh-Hant': /不含應用程式程式碼/ };
    for (const [lang, pattern] of Object.entries(without)) {
      expect(pattern.test(catalogues[lang]?.['ui.profile-about.full'] ?? ''), lang).toBe(!readsCode);
    }
  });

  test('problems say what to do next: at least two sentences', () => {
    for (const code of problemCodes)
      expect((en as Record<string, string>)[`problem.${code}`], code).toMatch(/[.;:,] .+\.$/);
  });

  test('hold nothing that no screen uses', () => {
    const code = [...sources(join(checkout, 'renderer')), ...sources(join(checkout, 'main/shell'))].join('\n');
    const literals = new Set([...code.matchAll(/['"`](ui\.[\w.-]+)['"`]/g)].map((match) => match[1] ?? ''));
    const families = [...code.matchAll(/`(ui\.[\w.-]*?)\$\{/g)].map((match) => match[1] ?? '');
    const unused = Object.keys(en).filter(
      (key) => key.startsWith('ui.') && !literals.has(key) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });

  test('do not claim more than evidence can carry', () => {
    const claims = Object.entries(en).filter(([, text]) =>
      /\b(proves?|proven|guarantees?|always|undoubtedly)\b/i.test(text),
    );
    expect(claims).toEqual([]);
  });
});
