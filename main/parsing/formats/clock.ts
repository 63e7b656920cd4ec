import type { FormatInput, ParseSink } from '../parse-result.ts';

/** The measurement that the acquisition stores as JSON (`ClockOffset` of shared/model/handset.ts). */
export function parseClock({ text }: FormatInput, sink: ParseSink): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return sink.skip(1, text, 'not-json');
  }
  if (typeof value !== 'object' || value === null) return sink.skip(1, text, 'not-a-clock');
  const { offsetMs, boundMs, zone } = value as Record<string, unknown>;
  if (typeof offsetMs !== 'number' || typeof boundMs !== 'number') return sink.skip(1, text, 'not-a-clock');
  sink.add({ kind: 'clock', offsetMs, boundMs, zone: typeof zone === 'string' ? zone : null });
}
