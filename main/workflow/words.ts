import { createIntl, createIntlCache } from '@formatjs/intl';
import cliEn from '../../shared/locale/cli.en.json' with { type: 'json' };
import cliZhHant from '../../shared/locale/cli.zh-Hant.json' with { type: 'json' };
import en from '../../shared/locale/en.json' with { type: 'json' };
import zhHant from '../../shared/locale/zh-Hant.json' with { type: 'json' };
import type { Lang } from './conduct.ts';

const catalogues: Readonly<Record<Lang, Readonly<Record<string, string>>>> = {
  en: { ...en, ...cliEn },
  'zh-Hant': { ...zhHant, ...cliZhHant },
};
const cache = createIntlCache();

export type Words = (key: string, params?: Readonly<Record<string, string | number>>) => string;

/** Words of both languages, by key; a missing key is said as itself so that a reader still has something to quote. */
export function wordsFor(lang: Lang): Words {
  const messages = catalogues[lang];
  const intl = createIntl({ locale: lang, messages: { ...messages }, onError: () => undefined }, cache);
  return (key, params) => (key in messages ? String(intl.formatMessage({ id: key }, params)) : key);
}
