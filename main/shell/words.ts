import { createIntl, type IntlShape } from '@formatjs/intl';
import en from '../../shared/locale/en.json' with { type: 'json' };
import zhHant from '../../shared/locale/zh-Hant.json' with { type: 'json' };
import type { Language } from '../../shared/contract/operation.ts';

const catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, 'zh-Hant': zhHant };

/** Words one key for dialogs and menus. */
export type Say = (key: string, values?: Record<string, string | number>) => string;

export function createWords(language: Language): Say {
  const intl: IntlShape<string> = createIntl({
    locale: language,
    messages: { ...catalogues[language] },
    onError(error) {
      throw error;
    },
  });
  return (key, values) => intl.formatMessage({ id: key }, values);
}
