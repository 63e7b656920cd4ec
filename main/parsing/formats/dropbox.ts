import type { FormatInput, ParseSink } from '../parse-result.ts';
import { isCalendarReading, writeHandsetInstant } from '../handset-time.ts';

const separator = /^={30,}\s*$/;
const head = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (\S+) \((.*)\)\s*$/;
/** Tags of DropBoxManager that stand for a process that broke; the others (boot, strict mode, wtf …) give no crash. */
const crashTags =
  /^(?:(?:system|data)_app_(?:crash|anr|native_crash)|system_server_(?:crash|anr|native_crash|watchdog)|SYSTEM_TOMBSTONE(?:_PROTO(?:_WITH_HEADERS)?)?)$/;
const maxEntryLines = 400;

interface Entry {
  readonly line: number;
  readonly match: RegExpExecArray;
  readonly body: string[];
}

/** `dumpsys dropbox --print`, and the short list without `--print`: one crash record per entry of a crash tag. */
export function parseDropbox({ text, context }: FormatInput, sink: ParseSink): void {
  let open: Entry | null = null;
  let seen = 0;
  const close = (): void => {
    if (open && crashTags.test(open.match[8] ?? '')) addCrash(open, context.handsetClock?.zone ?? null, sink);
    open = null;
  };
  text.split('\n').forEach((line, i) => {
    const match = line.length > 500 ? null : head.exec(line);
    if (match) {
      close();
      seen += 1;
      open = { line: i + 1, match, body: [] };
    } else if (separator.test(line)) close();
    else if (open && open.body.length < maxEntryLines) open.body.push(line);
    else if (open) sink.limit(`cap-entry-lines:${maxEntryLines}`);
  });
  close();
  const promised = /^Drop box contents: (\d+) entries/m.exec(text)?.[1];
  if (promised === undefined && seen === 0 && text.trim() !== '')
    sink.skip(1, text.split('\n', 1)[0] ?? '', 'no-dropbox-entries');
  if (promised !== undefined && Number(promised) !== seen) sink.limit(`dropbox-entries:${seen}-of-${promised}`);
}

/** In `--print` each header has its line; in the short list they share one, cut at 70 characters: `Process: a/PID: 1/…`. */
function headerOf(body: readonly string[], name: string): string | null {
  for (const line of body.slice(0, 20)) {
    const match = new RegExp(`(?:^|/)\\s*${name}: ([^/\\n]*)`).exec(line.slice(0, 1000).trim());
    if (match) return match[1]?.trim() ?? null;
  }
  return null;
}

function addCrash(entry: Entry, zone: string | null, sink: ParseSink): void {
  const [, year, month, day, hour, minute, second, fraction, tag, size] = entry.match;
  const reading = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction: fraction ?? '',
  };
  const process = headerOf(entry.body, 'Process');
  const said = headerOf(entry.body, 'Package')?.split(' ', 1)[0] ?? null;
  const blank = entry.body.findIndex((line) => line.trim() === '');
  const trace = (blank >= 0 ? entry.body.slice(blank + 1) : []).find((line) => line.trim() !== '')?.trim() ?? null;
  const exception =
    trace === null ? null : (/^([\w.$]+(?:Exception|Error|Throwable|Death)[\w$]*)/.exec(trace)?.[1] ?? null);
  if (/contents lost/.test(size ?? '')) sink.limit('dropbox-contents-lost');
  if (!isCalendarReading(reading)) sink.skip(entry.line, entry.match[0], 'not-a-date');
  sink.add({
    kind: 'crash',
    package: said ?? (process === null ? null : (process.split(':', 1)[0] ?? null)),
    process,
    tag: tag ?? '',
    atHandset: isCalendarReading(reading) ? writeHandsetInstant(reading, zone) : null,
    exception,
    summary: sink.value((trace ?? entry.body.find((line) => line.trim() !== '')?.trim() ?? tag ?? '').slice(0, 2000)),
  });
}
