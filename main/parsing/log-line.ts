import type { ClockReading } from './handset-time.ts';

/** One line of logcat, split. */
export interface LogLine {
  readonly reading: ClockReading | null;
  /** False where the format has no year (before 7, or without `-v year`). */
  readonly hasYear: boolean;
  /** `+0800`, with `-v zone`. */
  readonly zone: string | null;
  readonly pid: number | null;
  readonly priority: string;
  readonly tag: string;
  readonly message: string;
}

const stamp = String.raw`(?:(\d{4})-)?(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3,9})(?: ([+-]\d{4}))?`;
/** `-v threadtime` (with or without `-v year -v zone -v uid`): stamp, [uid], pid, tid, priority; tag and message follow. */
const threadtime = new RegExp(
  String.raw`^${stamp} {1,12}(?:[a-z]\w{0,20} {1,12}|\d{1,10} {1,12}(?=\d{1,10} {1,12}\d{1,10} {1,12}[VDIWEFAS] ))?(\d{1,10}) {1,12}(\d{1,10}) ([VDIWEFAS]) `,
);
/** `-v time`: stamp, priority/tag(pid): message. */
const time = new RegExp(String.raw`^${stamp} ([VDIWEFAS])\/([^\n]{0,200}?) {0,30}\( {0,10}(\d{1,10})\): `);
/** `-v brief`, the oldest default: no instant at all. */
const brief = /^([VDIWEFAS])\/([^\n]{0,200}?) {0,30}\( {0,10}(\d{1,10})\): /;

function readingOf(m: RegExpExecArray): ClockReading {
  return {
    year: Number(m[1] ?? '0'),
    month: Number(m[2]),
    day: Number(m[3]),
    hour: Number(m[4]),
    minute: Number(m[5]),
    second: Number(m[6]),
    fraction: m[7] ?? '',
  };
}

type Head = Pick<LogLine, 'pid' | 'priority' | 'tag' | 'message'>;

function stamped(match: RegExpExecArray, head: Head): LogLine {
  return { reading: readingOf(match), hasYear: match[1] !== undefined, zone: match[8] ?? null, ...head };
}

/** Reads one line of any of logcat's text formats; null where it is none. A message may be empty. */
export function readLogLine(line: string): LogLine | null {
  // threadtime ends a message-less line with a blank that editors and PTYs strip.
  const text = line.endsWith(':') ? `${line} ` : line;
  const t = threadtime.exec(text);
  if (t) {
    const rest = text.slice(t[0].length);
    const colon = rest.indexOf(': ');
    if (colon < 0) return null;
    const tag = rest.slice(0, Math.min(colon, 1000)).trim();
    return stamped(t, { pid: Number(t[9]), priority: t[11] ?? '', tag, message: rest.slice(colon + 2) });
  }
  const s = time.exec(text);
  if (s) {
    const message = text.slice(s[0].length);
    return stamped(s, { pid: Number(s[11]), priority: s[9] ?? '', tag: s[10] ?? '', message });
  }
  const b = brief.exec(text);
  if (b === null) return null;
  const message = text.slice(b[0].length);
  return {
    reading: null,
    hasYear: false,
    zone: null,
    pid: Number(b[3]),
    priority: b[1] ?? '',
    tag: b[2] ?? '',
    message,
  };
}

/** `--------- beginning of main` and its older form with the device's path; null for any other line. */
export function bufferHeading(line: string): string | null {
  return /^-{5,} (?:beginning of|switch to) (?:\/dev\/log\/)?([\w.]+)\s*$/.exec(line)?.[1] ?? null;
}

/** The buffer that a command asks for with `-b`; null for `all`, several, or the default ones. */
export function bufferOf(command: string): string | null {
  const asked = [...command.matchAll(/-b[ =]?([\w,]+)/g)].flatMap((m) => (m[1] ?? '').split(','));
  const only = asked.length === 1 ? asked[0] : undefined;
  return only === undefined || only === 'all' || only === 'default' ? null : only;
}

/**
 * A log without years: the latest year in which the line does not lie more than a day after the handset's own «now»
 * (a log of 31 December read on 1 January is last year's).
 */
export function assumeYear(reading: ClockReading, now: ClockReading): ClockReading {
  const ms = (r: ClockReading): number => Date.UTC(r.year, r.month - 1, r.day, r.hour, r.minute, r.second);
  const sameYear = { ...reading, year: now.year };
  return ms(sameYear) > ms(now) + 86_400_000 ? { ...reading, year: now.year - 1 } : sameYear;
}
