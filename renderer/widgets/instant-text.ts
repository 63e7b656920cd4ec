import type { Language } from '../../shared/contract/operation.ts';

/** `2014-08-07 10:00:00.000 UTC`: milliseconds are enough for people, the full value stays in the attribute. */
export function utcTime(at: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?Z$/.exec(at);
  if (match === null) return at;
  const [, date = '', time = '', fraction = ''] = match;
  const milliseconds = fraction === '' ? '' : `.${fraction.padEnd(3, '0').slice(0, 3)}`;
  return `${date} ${time}${milliseconds} UTC`;
}

/** The examiner's clock: Asia/Taipei, with the ROC year in Traditional Chinese; the zone is said beside it. */
export function localTime(at: string, language: Language): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const parts = new Map(
    new Intl.DateTimeFormat(language === 'zh-Hant' ? 'zh-TW-u-ca-roc' : 'en-GB', {
      timeZone: 'Asia/Taipei',
      era: language === 'zh-Hant' ? 'short' : undefined,
      year: 'numeric',
      month: language === 'zh-Hant' ? 'numeric' : 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const two = (type: Intl.DateTimeFormatPartTypes): string => part(type).padStart(2, '0');
  const clock = `${two('hour')}:${two('minute')}:${two('second')}`;
  return language === 'zh-Hant'
    ? `${part('era')} ${part('year')} 年 ${part('month')} 月 ${part('day')} 日 ${clock}`
    : `${part('day')} ${part('month')} ${part('year')}, ${clock}`;
}
