import type { Language } from '../../shared/contract/operation.ts';

/** `China (CN)`, and `United States (US)` although that is `US` in short; the code alone where the language has no name for it. ISO 3166-1 alpha-2. */
export function countryText(code: string, language: Language): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  const locale = language === 'zh-Hant' ? 'zh-TW' : 'en-GB';
  const nameIn = (style: 'short' | 'long'): string | undefined =>
    new Intl.DisplayNames([locale], { type: 'region', style, fallback: 'none' }).of(code);
  const short = nameIn('short');
  const name = short === code ? nameIn('long') : short;
  if (name === undefined) return code;
  return language === 'zh-Hant' ? `${name}（${code}）` : `${name} (${code})`;
}
