import type { Language } from '../../shared/contract/operation.ts';

/** `2014-08-07 10:00:00.000 UTC`: milliseconds are enough for people, the full value stays in the attribute. */
export function utcTime(at: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?Z$/.exec(at);
  if (match === null) return at;
  const [, date = '', time = '', fraction = ''] = match;
  const milliseconds = fraction === '' ? '' : `.${fraction.padEnd(3, '0').slice(0, 3)}`;
  return `${date} ${time}${milliseconds} UTC`;
}

/** The examiner's clock: Asia/Taipei, with the ROC year in Traditional Chinese. */
export function localTime(at: string, language: Language): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const locale = language === 'zh-Hant' ? 'zh-TW-u-ca-roc' : 'en-GB';
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'Asia/Taipei',
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(date);
}
