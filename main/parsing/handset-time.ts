import type { HandsetClock } from './parse-result.ts';

/** Minutes east of UTC for a zone as a handset names it, at a given instant; null where the name says nothing certain (`CST`). */
export function zoneOffsetMinutes(zone: string | null, atUtcMs: number): number | null {
  if (zone === null) return null;
  const text = zone.trim();
  if (/^(?:UTC|GMT|Z)$/i.test(text)) return 0;
  const numeric = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(text);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? '0');
    return minutes > 18 * 60 ? null : numeric[1] === '-' ? -minutes : minutes;
  }
  // Three-letter abbreviations are ambiguous (CST is Taipei, Chicago and Havana); only Area/City names are taken.
  return text.includes('/') ? namedZoneMinutes(text, atUtcMs) : null;
}

const zoneFormats = new Map<string, Intl.DateTimeFormat | null>();

function zoneFormat(zone: string): Intl.DateTimeFormat | null {
  const known = zoneFormats.get(zone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    format = null; // a name the handset invented
  }
  if (zoneFormats.size < 64) zoneFormats.set(zone, format);
  return format;
}

function namedZoneMinutes(zone: string, atUtcMs: number): number | null {
  const format = zoneFormat(zone);
  if (format === null || !Number.isFinite(atUtcMs)) return null;
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(atUtcMs)) part[type] = Number(value);
  const local = Date.UTC(
    part['year'] ?? 1970,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  );
  return Math.round((local - Math.floor(atUtcMs / 1000) * 1000) / 60_000);
}

/** A reading of a handset's clock, as its text gave it. */
export interface ClockReading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits after the decimal point, 0 to 9 of them. */
  readonly fraction: string;
}

const two = (n: number): string => String(n).padStart(2, '0');

function localMs(r: ClockReading): number {
  return Date.UTC(r.year, r.month - 1, r.day, r.hour, r.minute, r.second);
}

/** True for a date that the calendar has (no 31 February, no 25 o'clock). */
export function isCalendarReading(r: ClockReading): boolean {
  const date = new Date(localMs(r));
  return (
    date.getUTCFullYear() === r.year &&
    date.getUTCMonth() === r.month - 1 &&
    date.getUTCDate() === r.day &&
    r.hour < 24 &&
    r.minute < 60 &&
    r.second < 60
  );
}

/**
 * Minutes east of UTC that a clock in a zone can have had when it read so, the earlier instant first: two in the hour that the end of
 * daylight saving repeats, none in the hour that its begin leaves out. Null where the zone says nothing certain.
 */
function offsetsAt(readingMs: number, zone: string | null): readonly number[] | null {
  const minute = Math.floor(readingMs / 60_000);
  if (latest.zone !== zone || latest.minute !== minute) {
    latest.zone = zone;
    latest.minute = minute;
    latest.offsets = offsetsInMinute(minute * 60_000, zone);
  }
  return latest.offsets;
}

/** Lines of a log come by the hundred in one minute, and no zone changes its clock within one. */
const latest: { zone: string | null; minute: number; offsets: readonly number[] | null } = {
  zone: null,
  minute: Number.NaN,
  offsets: null,
};

function offsetsInMinute(readingMs: number, zone: string | null): readonly number[] | null {
  // Any change of the clock lies within a day of the reading, whatever the zone.
  const around = [readingMs - dayMs, readingMs + dayMs].map((ms) => zoneOffsetMinutes(zone, ms));
  const candidates = [...new Set(around)].filter((minutes) => minutes !== null);
  if (candidates.length === 0) return null;
  return candidates
    .filter((minutes) => zoneOffsetMinutes(zone, readingMs - minutes * 60_000) === minutes)
    .sort((a, b) => b - a);
}

const dayMs = 86_400_000;

/**
 * Writes a reading of the handset's clock as `…AtHandset`: RFC 3339 with the zone's offset where the zone is known and the reading
 * stands there once (`2014-08-07T18:00:00.123000+08:00`), else without one: `doubtOfHour` tells why. It stays the handset's own
 * clock: no measured offset is applied.
 */
export function writeHandsetInstant(r: ClockReading, zone: string | null): string {
  const offsets = offsetsAt(localMs(r), zone) ?? [];
  const [only] = offsets;
  return writeReading(r, offsets.length === 1 && only !== undefined ? only : null);
}

function writeReading(r: ClockReading, minutesEast: number | null): string {
  const text = `${String(r.year).padStart(4, '0')}-${two(r.month)}-${two(r.day)}T${two(r.hour)}:${two(r.minute)}:${two(r.second)}.${r.fraction.padEnd(6, '0').slice(0, 6)}`;
  if (minutesEast === null) return text;
  const size = Math.abs(minutesEast);
  return `${text}${minutesEast < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const printed = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;

/** `2020-01-08 15:29:43.118` as dumps print it, written as `…AtHandset`; null for anything else, and for no date of the calendar. */
export function readHandsetInstant(text: string, zone: string | null): string | null {
  const m = printed.exec(text);
  if (m === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m.slice(1, 7).map(Number);
  const reading = { year, month, day, hour, minute, second, fraction: m[7] ?? '' };
  return isCalendarReading(reading) ? writeHandsetInstant(reading, zone) : null;
}

/** The handset's own clock at an instant of the workstation, as a reading in its zone (UTC where the zone is unknown). */
export function handsetReadingAt(workstationAt: string, clock: HandsetClock | null): ClockReading {
  const utcMs = Date.parse(workstationAt) + (clock?.offsetMs ?? 0);
  const safe = Number.isFinite(utcMs) ? utcMs : 0;
  const date = new Date(safe + (zoneOffsetMinutes(clock?.zone ?? null, safe) ?? 0) * 60_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction: String(date.getUTCMilliseconds()).padStart(3, '0'),
  };
}

/** Milliseconds since 1970 by the handset's clock, written as `…AtHandset` in its zone; null for what is no instant of this age. */
export function epochOnHandset(ms: number, clock: HandsetClock | null): string | null {
  if (!Number.isSafeInteger(ms) || ms <= 0 || ms > 4_000_000_000_000) return null;
  const zone = clock?.zone ?? 'UTC';
  const own = { offsetMs: 0, boundMs: 0, zone };
  // The instant is known, also in an hour that the clock shows twice.
  return writeReading(handsetReadingAt(new Date(ms).toISOString(), own), zoneOffsetMinutes(zone, ms));
}

const written = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/;

function readingMsOf(match: RegExpExecArray): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Why an `…AtHandset` instant does not stand once in the handset's zone, and by how much the two instants of a repeated one differ. */
export type DoubtOfHour =
  { readonly why: 'hour-repeated'; readonly apartMs: number } | { readonly why: 'hour-skipped' } | null;

/** Null where the instant stands once, tells its own offset, or no zone with daylight saving is known. */
export function doubtOfHour(atHandset: string, zone: string | null): DoubtOfHour {
  const m = written.exec(atHandset);
  if (m === null || m[8] !== undefined) return null;
  const offsets = offsetsAt(readingMsOf(m), zone);
  if (offsets === null || offsets.length === 1) return null;
  const [first, second] = offsets;
  return first === undefined || second === undefined
    ? { why: 'hour-skipped' }
    : { why: 'hour-repeated', apartMs: (first - second) * 60_000 };
}

/**
 * An `…AtHandset` instant on the workstation's clock: RFC 3339 UTC with microseconds, the measured offset taken off.
 * Null where the text is no instant, or names no zone and the clock knows none; or stands not at all in the clock's zone. Of a
 * repeated hour it is the earlier instant: `doubtOfHour` tells the other.
 */
export function handsetInstantToUtc(atHandset: string, clock: HandsetClock | null): string | null {
  const m = written.exec(atHandset);
  if (m === null) return null;
  const local = readingMsOf(m);
  const minutes =
    m[8] === undefined
      ? (offsetsAt(local, clock?.zone ?? null)?.[0] ?? null)
      : zoneOffsetMinutes(m[8] === 'Z' ? 'UTC' : m[8], local);
  if (minutes === null) return null;
  const micros = Number((m[7] ?? '').padEnd(6, '0').slice(0, 6));
  const totalUs = (local - minutes * 60_000) * 1000 + micros - Math.round((clock?.offsetMs ?? 0) * 1000);
  const seconds = Math.floor(totalUs / 1_000_000);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return `${date.toISOString().slice(0, 19)}.${String(totalUs - seconds * 1_000_000).padStart(6, '0')}Z`;
}
