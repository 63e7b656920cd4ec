import { createIntl, type IntlShape } from '@formatjs/intl';
import en from '../../../../shared/locale/en.json' with { type: 'json' };
import zhHant from '../../../../shared/locale/zh-Hant.json' with { type: 'json' };

export type Language = 'en' | 'zh-Hant';
export const languages: readonly Language[] = ['en', 'zh-Hant'];
export type WordKey = keyof typeof en;
export type Say = (key: WordKey, values?: Record<string, string | number>) => string;

function sayIn(language: Language, messages: Readonly<Record<string, string>>): Say {
  const intl: IntlShape<string> = createIntl({ locale: language, messages: { ...messages } });
  return (key, values) => intl.formatMessage({ id: key }, values);
}

/** The window's own words, so that a test follows the catalogue and not a copy of it. */
export const words: Readonly<Record<Language, Say>> = { en: sayIn('en', en), 'zh-Hant': sayIn('zh-Hant', zhHant) };
