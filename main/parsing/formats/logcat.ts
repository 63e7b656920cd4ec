import { assumeYear, bufferHeading, bufferOf, readLogLine } from '../log-line.ts';
import type { LogLine } from '../log-line.ts';
import { eventOfLogLine } from '../log-events.ts';
import { findSilentSms } from '../silent-sms.ts';
import { makeCrashReader } from '../log-crashes.ts';
import { handsetReadingAt, isCalendarReading, writeHandsetInstant } from '../handset-time.ts';
import type { ClockReading } from '../handset-time.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';

/** A log record keeps at most this much of one message; the exhibit keeps the line. */
const maxMessage = 4000;

/**
 * `logcat -d` of any buffer, in the formats threadtime, time and brief: a `log` record per line, and from them crashes,
 * events (consent acts, stimuli, canaries) and the service's silent SMS. Lines without a year get the one that fits the
 * handset's clock at the acquisition, and say so.
 */
export function parseLogcat({ text, command, context }: FormatInput, sink: ParseSink): void {
  const now = handsetReadingAt(context.collectedAt, context.handsetClock);
  const fallbackZone = context.handsetClock?.zone ?? null;
  const crashes = makeCrashReader(sink);
  const asked = bufferOf(command);
  let buffer = asked ?? 'main';
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const heading = bufferHeading(line);
    if (heading !== null) {
      buffer = asked ?? heading;
      return;
    }
    const read = readLogLine(line);
    if (read === null || (read.reading !== null && !isPossible(read, now)))
      return sink.skip(i + 1, line, 'not-a-log-line');
    const at = instantOf(read, now, fallbackZone);
    if (read.reading !== null && !read.hasYear) sink.limit(`year-assumed:${now.year}`);
    if (read.reading !== null && read.zone === null && fallbackZone === null) sink.limit('zone-unknown');
    addLine(read, at, buffer, sink);
    crashes.line(read, at);
  });
  crashes.end();
}

function isPossible(line: LogLine, now: ClockReading): boolean {
  if (line.reading === null) return false;
  // 29 February needs a year that has it.
  return isCalendarReading(line.hasYear ? line.reading : assumeYear(line.reading, now));
}

function instantOf(line: LogLine, now: ClockReading, fallbackZone: string | null): string | null {
  if (line.reading === null) return null;
  const reading = line.hasYear ? line.reading : assumeYear(line.reading, now);
  return writeHandsetInstant(reading, line.zone ?? fallbackZone);
}

function addLine(line: LogLine, atHandset: string | null, buffer: string, sink: ParseSink): void {
  if (line.message.length > maxMessage) sink.limit(`cap-log-message:${maxMessage}`);
  sink.add({
    kind: 'log',
    buffer,
    atHandset,
    yearAssumed: atHandset !== null && !line.hasYear,
    pid: line.pid,
    priority: line.priority,
    tag: line.tag,
    message: line.message.slice(0, maxMessage),
  });
  const sms = findSilentSms(line.message);
  if (sms) sink.add({ kind: 'silent-sms', atHandset, destination: sms.destination, text: sms.text });
  const event = atHandset === null ? null : eventOfLogLine(line.tag.slice(0, 100), line.message.slice(0, 1000));
  if (event && atHandset !== null) sink.add({ kind: 'event', eventKind: event.eventKind, atHandset, text: event.text });
}
