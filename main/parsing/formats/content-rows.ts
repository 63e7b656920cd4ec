import type { ParseSink } from '../parse-result.ts';

export interface ContentRow {
  /** 1-based line where the row begins. */
  readonly line: number;
  readonly body: string;
  readonly columns: ReadonlyMap<string, string>;
}

/**
 * Rows of `content query` (4.2 to today): `Row: N a=…, b=…`. Values are not quoted and may hold commas and line breaks, so
 * a row begins only where its number is the next one, and columns are cut at their known names in their known order.
 */
export function readContentRows(text: string, columns: readonly string[], sink: ParseSink): ContentRow[] {
  const rows: ContentRow[] = [];
  let open: { line: number; body: string } | null = null;
  let next = 0;
  const close = (): void => {
    if (open) rows.push({ line: open.line, body: open.body, columns: splitColumns(open.body, columns) });
    open = null;
  };
  text.split('\n').forEach((line, i) => {
    const start = /^Row: (\d+) ?/.exec(line);
    if (start && Number(start[1]) === next) {
      close();
      next += 1;
      open = { line: i + 1, body: line.slice(start[0].length) };
    } else if (open) open.body += `\n${line}`;
    else if (line.trim() !== '' && !/^No result found\.?$/.test(line)) sink.skip(i + 1, line, 'not-a-row');
  });
  if (open) trimEnd(open);
  close();
  return rows;
}

/** The line break that ends the output is no part of the last value. */
function trimEnd(row: { body: string }): void {
  let end = row.body.length;
  while (end > 0 && row.body.charCodeAt(end - 1) === 0x0a) end -= 1;
  row.body = row.body.slice(0, end);
}

function splitColumns(body: string, columns: readonly string[]): Map<string, string> {
  const cuts: { name: string; from: number; to: number }[] = [];
  let at = 0;
  for (const name of columns) {
    const mark = cuts.length === 0 && body.startsWith(`${name}=`) ? 0 : body.indexOf(`, ${name}=`, at);
    if (mark < 0) continue;
    const from = mark === 0 && body.startsWith(`${name}=`) ? name.length + 1 : mark + name.length + 3;
    const last = cuts.at(-1);
    if (last) last.to = mark;
    cuts.push({ name, from, to: body.length });
    at = from;
  }
  return new Map(cuts.map(({ name, from, to }) => [name, body.slice(from, to)]));
}

/** The columns a command asked for with `--projection a:b`; null where it asked for whatever there is. */
export function projectionOf(command: string): readonly string[] | null {
  const match = /--projection\s+['"]?([\w:]+)/.exec(command);
  return match?.[1]?.split(':') ?? null;
}
