import type { ReportLang } from './report-input.ts';

/** The regulator's own clock. */
const localZone = 'Asia/Taipei';

/** An instant twice: as the evidence has it, and as a clock on the wall in Taipei had it. */
export interface BothTimes {
  readonly utc: string;
  /** Without the name of the zone: a column head may carry it. */
  readonly local: string;
  /** As `local`, with the zone named; empty for a text that is no instant. */
  readonly localNamed: string;
}

const wallClock = new Intl.DateTimeFormat('en-CA-u-nu-latn', {
  timeZone: localZone,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** First year of the Republic: 1912. */
const rocOffset = 1911;

/** RFC 3339 → both times; a text that is no instant stands as it is. ROC years in Chinese (handbook: investigation.md). */
export function bothTimes(at: string, lang: ReportLang): BothTimes {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return { utc: at, local: '', localNamed: '' };
  const utc = `${at
    .replace('T', ' ')
    .replace(/\.0+Z$/, 'Z')
    .replace(/\.(\d+)Z$/, (_, digits: string) => `.${digits.padEnd(digits.length > 3 ? 6 : 3, '0')}Z`)
    .replace(/Z$/, '')} UTC`;
  const part = Object.fromEntries(wallClock.formatToParts(date).map(({ type, value }) => [type, value]));
  const two = (text: string | undefined): string => (text ?? '').padStart(2, '0');
  const clock = `${two(part['hour'])}:${two(part['minute'])}:${two(part['second'])}`;
  const year = Number(part['year']);
  const day =
    lang === 'zh-Hant' && year > rocOffset
      ? `民國 ${year - rocOffset} 年 ${Number(part['month'])} 月 ${Number(part['day'])} 日`
      : `${part['year'] ?? ''}-${two(part['month'])}-${two(part['day'])}`;
  const local = `${day} ${clock}`;
  return { utc, local, localNamed: lang === 'zh-Hant' ? `${local}（臺北）` : `${local} (Taipei)` };
}

/** A day that was only known as a day (midnight UTC) without the false precision of an hour; else both times on one line. */
export function dayOrTimes(at: string, lang: ReportLang): string {
  const { utc, local, localNamed } = bothTimes(at, lang);
  if (/T00:00:00(?:\.0+)?Z$/.test(at)) return lang === 'zh-Hant' ? local.replace(/ [\d:]+$/, '') : utc.slice(0, 10);
  return localNamed === '' ? utc : `${utc} · ${localNamed}`;
}
