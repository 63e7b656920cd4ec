import type { ParseSink } from './parse-result.ts';

/** A line of a dump: its 1-based number, its text without what stands around it, and how far it is set in. */
export interface DumpLine {
  readonly line: number;
  readonly indent: number;
  readonly text: string;
}

const maxLine = 5000;

/**
 * The lines of a dump that hold anything, one after the other: the closing line of `dumpsys` and of a bug report's section is
 * left out, and a line of more than 5,000 characters is told as one that was not read.
 */
export function eachDumpLine(text: string, sink: ParseSink, visit: (line: DumpLine) => void): void {
  text.split('\n').forEach((raw, i) => {
    const trimmed = raw.trim();
    if (trimmed === '' || /^-{9}/.test(raw)) return;
    if (raw.length > maxLine) return sink.skip(i + 1, raw, 'line-too-long');
    visit({ line: i + 1, indent: raw.length - raw.trimStart().length, text: trimmed });
  });
}

/** `Key: value`; an empty value is a heading. Null for other lines. */
export function keyAndValue(text: string): { readonly key: string; readonly value: string } | null {
  const at = text.indexOf(':');
  if (at < 1 || at > 120) return null;
  return { key: text.slice(0, at), value: text.slice(at + 1).trim() };
}
