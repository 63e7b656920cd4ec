import type { FormatInput, ParseSink } from '../parse-result.ts';

/** What stands for a command where a live capture stores its measurements, one a line (`ClockOffset`). */
export const captureClockCommand = 'clock-offset during the capture';

/** The measurement that an acquisition stores as JSON (`ClockOffset` of shared/model/handset.ts), or those of a capture. */
export function parseClock({ text, command }: FormatInput, sink: ParseSink): void {
  if (command !== captureClockCommand) return addClock(1, text, sink, false);
  for (const [i, line] of text.split('\n').entries()) if (line.trim() !== '') addClock(i + 1, line, sink, true);
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

function addClock(line: number, text: string, sink: ParseSink, several: boolean): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return sink.skip(line, text, 'not-json');
  }
  if (typeof value !== 'object' || value === null) return sink.skip(line, text, 'not-a-clock');
  const { offsetMs, boundMs, zone, measuredAt } = value as Record<string, unknown>;
  if (typeof offsetMs !== 'number' || typeof boundMs !== 'number') return sink.skip(line, text, 'not-a-clock');
  const clock = { kind: 'clock', offsetMs, boundMs, zone: typeof zone === 'string' ? zone : null } as const;
  if (!several) return sink.add(clock);
  if (typeof measuredAt !== 'string' || !instant.test(measuredAt)) return sink.skip(line, text, 'not-a-clock');
  sink.add({ ...clock, measuredAt });
}
