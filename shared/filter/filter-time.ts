/** Microseconds since 1970, or of the day in UTC; both ends belong to it. A daily span may run over midnight. */
export type TimeSpan =
  | { readonly type: 'instants'; readonly fromUs: number; readonly toUs: number }
  | { readonly type: 'daily'; readonly fromUs: number; readonly toUs: number };

interface Moment {
  readonly daily: boolean;
  readonly firstUs: number;
  readonly lastUs: number;
}

const clock = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?`;
const dayPattern = /^(\d{4}-\d{2}-\d{2})$/;
const clockPattern = new RegExp(`^${clock}$`);
const instantPattern = new RegExp(String.raw`^(\d{4}-\d{2}-\d{2})T${clock}Z?$`);
const daySpanUs = 86_400_000_000;

/**
 * `10:00..10:05`, `2014-08-07`, `2014-08-07T10:00:00Z..`, `..10:05`: UTC. An end stands for its whole unit, so `10:05` lasts until
 * 10:05:59.999999. Null for what cannot be read.
 */
export function timeSpanOf(text: string): TimeSpan | null {
  const dots = text.indexOf('..');
  if (dots < 0) {
    const moment = momentOf(text);
    return moment === null ? null : spanOf(moment, moment);
  }
  const from = text.slice(0, dots);
  const to = text.slice(dots + 2);
  const first = from === '' ? null : momentOf(from);
  const last = to === '' ? null : momentOf(to);
  if ((first === null && from !== '') || (last === null && to !== '')) return null;
  if (first !== null && last !== null) return first.daily === last.daily ? spanOf(first, last) : null;
  if (first !== null)
    return spanOf(first, {
      daily: first.daily,
      firstUs: 0,
      lastUs: first.daily ? daySpanUs - 1 : Number.POSITIVE_INFINITY,
    });
  if (last !== null)
    return spanOf({ daily: last.daily, firstUs: last.daily ? 0 : Number.NEGATIVE_INFINITY, lastUs: 0 }, last);
  return null;
}

function spanOf(first: Moment, last: Moment): TimeSpan | null {
  if (first.daily) return { type: 'daily', fromUs: first.firstUs, toUs: last.lastUs };
  return first.firstUs > last.lastUs ? null : { type: 'instants', fromUs: first.firstUs, toUs: last.lastUs };
}

function momentOf(text: string): Moment | null {
  const day = dayPattern.exec(text)?.[1];
  if (day !== undefined) {
    const us = dayUs(day);
    return us === null ? null : { daily: false, firstUs: us, lastUs: us + daySpanUs - 1 };
  }
  const ofDay = clockPattern.exec(text);
  if (ofDay !== null) {
    const part = clockUs(ofDay[1], ofDay[2], ofDay[3], ofDay[4]);
    return part === null ? null : { daily: true, ...part };
  }
  const instant = instantPattern.exec(text);
  if (instant === null) return null;
  const us = dayUs(instant[1] ?? '');
  const part = clockUs(instant[2], instant[3], instant[4], instant[5]);
  return us === null || part === null ? null : { daily: false, firstUs: us + part.firstUs, lastUs: us + part.lastUs };
}

/** Null for a day that no calendar has: `Date.parse` takes 30 February for 2 March. */
function dayUs(day: string): number | null {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? null : ms * 1000;
}

function clockUs(
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): Omit<Moment, 'daily'> | null {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return null;
  const digits = fraction ?? '';
  const firstUs =
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second ?? 0)) * 1_000_000 + Number(digits.padEnd(6, '0'));
  const unitUs = second === undefined ? 60_000_000 : 10 ** (6 - digits.length);
  return { firstUs, lastUs: firstUs + unitUs - 1 };
}

/** An instant of ours, to the microsecond, as `time:` takes it. */
export function instantText(us: number): string {
  const ms = Math.floor(us / 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(Math.round(us - ms * 1000)).padStart(3, '0')}Z`;
}
