import { createIntl, type IntlShape } from '@formatjs/intl';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import type { Language } from '../../shared/contract/operation.ts';
import en from '../../shared/locale/en.json';
import zhHant from '../../shared/locale/zh-Hant.json';

export type WordKey = keyof typeof en;
export type Values = Record<string, string | number>;

export interface Words {
  readonly language: Language;
  /** A key of the catalogue; the compiler knows them. */
  readonly say: (key: WordKey, values?: Values) => string;
  /** A key made elsewhere (problem codes, collectors); `otherwise` where the catalogue does not know it. */
  readonly sayIfKnown: (key: string, otherwise: string, values?: Values) => string;
  readonly number: (value: number) => string;
  readonly bytes: (value: number) => string;
}

const catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, 'zh-Hant': zhHant };
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

function wordBytes(intl: IntlShape<string>, value: number): string {
  let amount = value;
  let unit = 0;
  while (amount >= 1024 && unit < byteUnits.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 100 ? 0 : 1;
  return `${intl.formatNumber(amount, { maximumFractionDigits: digits })} ${byteUnits[unit] ?? 'B'}`;
}

export function createWords(language: Language): Words {
  const messages = catalogues[language];
  const intl = createIntl({ locale: language, messages: { ...messages } });
  return {
    language,
    say: (key, values) => intl.formatMessage({ id: key }, values),
    sayIfKnown: (key, otherwise, values) =>
      Object.hasOwn(messages, key) ? intl.formatMessage({ id: key }, values) : otherwise,
    number: (value) => intl.formatNumber(value),
    bytes: (value) => wordBytes(intl, value),
  };
}

const WordsContext = createContext<Words | null>(null);

export function WordsProvider({ language, children }: { readonly language: Language; readonly children: ReactNode }) {
  const words = useMemo(() => createWords(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === null) throw new Error('useWords outside of WordsProvider');
  return words;
}
