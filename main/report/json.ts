import { escapeHidden } from '../../shared/model/hidden-characters.ts';
import { maskReport } from './masked-report.ts';
import type { ReportInput, ReportLang } from './report-input.ts';

/** The report as canonical JSON (keys in order, one document): what can be hashed and checked by machine. */
export function reportJson(input: ReportInput, lang: ReportLang): string {
  const report = { format: 'handsight-report', formatVersion: 1, lang, ...maskReport(input) };
  // JSON itself leaves C1 controls, direction marks and line separators as they are: whoever opens the file would not see them.
  const lines = JSON.stringify(ordered(report), null, 1).split('\n');
  return `${lines.map(escapeHidden).join('\n')}\n`;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => [key, ordered(item)]),
  );
}
