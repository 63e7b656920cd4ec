import { createIntl, createIntlCache } from '@formatjs/intl';
import cliEn from '../../shared/locale/cli.en.json' with { type: 'json' };
import cliZhHant from '../../shared/locale/cli.zh-Hant.json' with { type: 'json' };
import windowEn from '../../shared/locale/en.json' with { type: 'json' };
import en from '../../shared/locale/report.en.json' with { type: 'json' };
import zhHant from '../../shared/locale/report.zh-Hant.json' with { type: 'json' };
import windowZhHant from '../../shared/locale/zh-Hant.json' with { type: 'json' };
import type { ReportLang } from './report-input.ts';

const cache = createIntlCache();

export interface Words {
  (key: string, params?: Readonly<Record<string, string | number>>): string;
  readonly lang: ReportLang;
  /** Whether a key has a word. */
  readonly has: (key: string) => boolean;
  /** The word of a code, or the code itself where there is none: raw evidence is not translated. */
  readonly code: (family: string, code: string) => string;
}

const catalogues: Readonly<Record<ReportLang, Readonly<Record<string, string>>>> = {
  en: { ...cliEn, ...windowEn, ...en },
  'zh-Hant': { ...cliZhHant, ...windowZhHant, ...zhHant },
};

/** Words of the report, and of the codes that it shares with the window; a key without a word is said as itself. */
export function reportWords(lang: ReportLang): Words {
  const messages = catalogues[lang];
  const intl = createIntl({ locale: lang, messages: { ...messages }, onError: () => undefined }, cache);
  const words = (key: string, params?: Readonly<Record<string, string | number>>): string =>
    key in messages ? String(intl.formatMessage({ id: key }, params)) : key;
  const has = (key: string): boolean => key in messages;
  return Object.assign(words, {
    lang,
    has,
    code: (family: string, code: string) => (has(`${family}.${code}`) ? words(`${family}.${code}`) : code),
  });
}
