import { createIntl, createIntlCache } from '@formatjs/intl';
import en from '../../shared/locale/report.en.json' with { type: 'json' };
import zhHant from '../../shared/locale/report.zh-Hant.json' with { type: 'json' };
import type { ReportLang } from './report-input.ts';

const cache = createIntlCache();

export type Words = (key: string, params?: Readonly<Record<string, string | number>>) => string;

/** Words of the report; a key without a word is said as itself, so that nothing is blank. */
export function reportWords(lang: ReportLang): Words {
  const messages: Record<string, string> = lang === 'en' ? en : zhHant;
  const intl = createIntl({ locale: lang, messages, onError: () => undefined }, cache);
  return (key, params) => (key in messages ? String(intl.formatMessage({ id: key }, params)) : key);
}
