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

/** A dump on one line is some tens of kilobytes; what is longer is not searched for one. */
const maxOneLineCharacters = 4 * 1024 * 1024;

function oneLineEntries(text: string): number {
  if (text.length > maxOneLineCharacters) return 0;
  return [...text.matchAll(inLineStart)].length;
}

/** A value reaches to the last line that closes a bracket before the next entry begins: it may hold brackets and blank lines itself. */
function parseLines(lines: readonly string[], sink: ParseSink): void {
  let i = 0;
  while (i < lines.length) {
    const start = lineStart.exec(lines[i] ?? '');
    let next = i + 1;
    while (next < lines.length && !lineStart.test(lines[next] ?? '')) next += 1;
    let last = start === null ? i - 1 : next - 1;
    while (last >= i && !(lines[last] ?? '').trimEnd().endsWith(']')) last -= 1;
    if (start !== null && last >= i) {
      const body = lines
        .slice(i, last + 1)
        .join('\n')
        .trimEnd()
        .slice(start[0].length, -1);
      sink.add({ kind: 'property', name: start[1] ?? '', value: sink.value(body) });
    } else if (start !== null) {
      sink.skip(i + 1, lines[i] ?? '', 'value-not-closed');
      last = i;
    }
    for (let at = last + 1; at < next; at += 1) {
      if ((lines[at] ?? '').trim() !== '') sink.skip(at + 1, lines[at] ?? '', 'not-a-property');
    }
    i = next;
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
