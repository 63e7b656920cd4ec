import type { Language } from '../../shared/contract/operation.ts';

/** `China (CN)`; the code alone where the language has no name for it. ISO 3166-1 alpha-2. */
export function countryText(code: string, language: Language): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  const locale = language === 'zh-Hant' ? 'zh-TW' : 'en-GB';
  const name = new Intl.DisplayNames([locale], { type: 'region', style: 'short', fallback: 'none' }).of(code);
  if (name === undefined) return code;
  return language === 'zh-Hant' ? `${name}（${code}）` : `${name} (${code})`;
}
