import { maskReport } from './masked-report.ts';
import type { ReportInput } from './report-input.ts';

/** The report as canonical JSON (keys in order, one document): what can be hashed and checked by machine. */
export function reportJson(input: ReportInput): string {
  return (
    JSON.stringify({ format: 'handsight-report', formatVersion: 1, ...ordered(maskReport(input)) }, null, 1) + '\n'
  );
}

function ordered(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, orderedValue(item)]),
  );
}

function orderedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(orderedValue);
  return typeof value === 'object' && value !== null ? ordered(value) : value;
}
