import type { FormatInput, ParseSink } from '../parse-result.ts';

const lineStart = /^\[([^\]\n]{1,512})\]: \[/;
const inLineStart = /\[([^[\]\n]{1,512})\]: \[/g;

/**
 * `getprop` (every release): `[name]: [value]`, where a value may hold line breaks, brackets and 26 kB of text.
 * Some dumps hold every property on one line.
 */
export function parseGetprop({ text }: FormatInput, sink: ParseSink): void {
  const lines = text.split('\n');
  const starts = lines.reduce((n, line) => n + (lineStart.test(line) ? 1 : 0), 0);
  if (starts <= 1 && oneLineEntries(text) > 1) parseOneLine(text, sink);
  else parseLines(lines, sink);
}

function oneLineEntries(text: string): number {
  return [...text.matchAll(inLineStart)].length;
}

/** An entry ends at a `]` at the end of a line whose successor begins another entry, is blank, or is not there. */
function endsEntry(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (!line.trimEnd().endsWith(']')) return false;
  const next = lines[at + 1];
  return next === undefined || next.trim() === '' || lineStart.test(next) || !lineBelongsToValue(next);
}

/** After a closing bracket, only an entry or foreign text can follow; a line that itself closes a bracket continues the value. */
function lineBelongsToValue(line: string): boolean {
  return line.trimEnd().endsWith(']');
}

function parseLines(lines: readonly string[], sink: ParseSink): void {
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] ?? '';
    const start = lineStart.exec(line);
    if (start === null) {
      if (line.trim() !== '') sink.skip(i + 1, line, 'not-a-property');
      i += 1;
      continue;
    }
    let end = i;
    // A value that was never closed ends where the next entry begins.
    while (!endsEntry(lines, end) && end + 1 < lines.length && !lineStart.test(lines[end + 1] ?? '')) end += 1;
    const body = lines
      .slice(i, end + 1)
      .join('\n')
      .trimEnd()
      .slice(start[0].length);
    if (body.endsWith(']')) {
      sink.add({ kind: 'property', name: start[1] ?? '', value: sink.value(body.slice(0, -1)) });
    } else sink.skip(i + 1, line, 'value-not-closed');
    i = end + 1;
  }
}

function parseOneLine(text: string, sink: ParseSink): void {
  const found = [...text.matchAll(inLineStart)];
  sink.limit('one-line-dump');
  found.forEach((match, at) => {
    const from = match.index + match[0].length;
    const body = text.slice(from, found[at + 1]?.index ?? text.length).trimEnd();
    if (body.endsWith(']')) sink.add({ kind: 'property', name: match[1] ?? '', value: sink.value(body.slice(0, -1)) });
    else sink.skip(1, match[0], 'value-not-closed');
  });
}
