/** One top-level section of `dumpsys package`: its heading stands in column 0 and ends with a colon. */
export interface DumpSection {
  readonly title: string;
  /** 0-based index of the heading in the lines of the dump. */
  readonly at: number;
  /** The lines below the heading, up to the next one. */
  readonly lines: readonly string[];
}

/** Cuts a dump of the package service into its sections (the same headings from 4.3 to today). */
export function cutSections(lines: readonly string[]): DumpSection[] {
  const heads: { title: string; at: number }[] = [];
  lines.forEach((line, at) => {
    if (/^[A-Z][^\n]{0,80}:\s*$/.test(line)) heads.push({ title: line.trim().slice(0, -1), at });
  });
  return heads.map(({ title, at }, i) => ({ title, at, lines: lines.slice(at + 1, heads[i + 1]?.at ?? lines.length) }));
}

export function indentOf(line: string): number {
  let n = 0;
  while (line.charCodeAt(n) === 0x20) n += 1;
  return n;
}
