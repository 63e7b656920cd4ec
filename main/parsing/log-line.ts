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
/** `-v threadtime` (with or without `-v year -v zone -v uid`): stamp, [uid], pid, tid, priority, tag: message. */
const threadtime = new RegExp(
  String.raw`^${stamp} +(?:[a-z]\w* +|\d+ +(?=\d+ +\d+ +[VDIWEFAS] ))?(\d+) +(\d+) ([VDIWEFAS]) (.*?) *: (.*)$`,
);
/** `-v time`: stamp, priority/tag(pid): message. */
const time = new RegExp(String.raw`^${stamp} ([VDIWEFAS])\/(.*?) *\( *(\d+)\): (.*)$`);
/** `-v brief`, the oldest default: no instant at all. */
const brief = /^([VDIWEFAS])\/(.*?) *\( *(\d+)\): (.*)$/;

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

/** Reads one line of any of logcat's text formats; null where it is none. A message may be empty. */
export function readLogLine(line: string): LogLine | null {
  // threadtime ends a message-less line with a blank that editors and PTYs strip.
  const text = line.endsWith(':') ? `${line} ` : line;
  if (text.length > 64 * 1024) return readLogLine(`${text.slice(0, 64 * 1024 - 1)}…`);
  const t = threadtime.exec(text);
  if (t) {
    const [, year, , , , , , , zone, pid, , priority, tag, message] = t;
    return {
      reading: readingOf(t),
      hasYear: year !== undefined,
      zone: zone ?? null,
      pid: Number(pid),
      priority: priority ?? '',
      tag: tag ?? '',
      message: message ?? '',
    };
  }
  const s = time.exec(text);
  if (s) {
    const [, year, , , , , , , zone, priority, tag, pid, message] = s;
    return {
      reading: readingOf(s),
      hasYear: year !== undefined,
      zone: zone ?? null,
      pid: Number(pid),
      priority: priority ?? '',
      tag: tag ?? '',
      message: message ?? '',
    };
  }
  const b = brief.exec(text);
  if (b === null) return null;
  return {
    reading: null,
    hasYear: false,
    zone: null,
    pid: Number(b[3]),
    priority: b[1] ?? '',
    tag: b[2] ?? '',
    message: b[4] ?? '',
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
