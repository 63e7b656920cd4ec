import { noSection } from '../parse-result.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { readContentRows } from './content-rows.ts';

export type SettingNamespace = 'system' | 'secure' | 'global';

/** Which of the three tables a command asks for; null where it names none. */
export function namespaceOf(command: string): SettingNamespace | null {
  const match = /(?:settings\s+(?:--user\s+\S+\s+)?(?:list|get)\s+|content:\/\/settings\/)(system|secure|global)/.exec(
    command,
  );
  return (match?.[1] as SettingNamespace | undefined) ?? null;
}

/** Which of them an output was asked for: the dump names none, and is asked for each of the three by a collector of its own. */
export function tableAskedFor(collector: string | null, command: string): SettingNamespace | null {
  const own = /^settings-(system|secure|global)$/.exec(collector ?? '')?.[1] as SettingNamespace | undefined;
  return namespaceOf(command) ?? own ?? null;
}

/** `settings list NAMESPACE` (from 6; MIUI earlier): `name=value`, sorted; a value may hold line breaks. */
export function parseSettingsList({ text, command }: FormatInput, sink: ParseSink): void {
  const namespace = namespaceOf(command);
  if (namespace === null) return sink.skip(1, command, 'no-namespace');
  let open: { name: string; value: string[] } | null = null;
  const close = (): void => {
    if (open) sink.add({ kind: 'setting', namespace, name: open.name, value: sink.value(open.value.join('\n')) });
    open = null;
  };
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((line, i) => {
    const match = /^([^\s=]{1,512})=/.exec(line);
    if (match) {
      close();
      open = { name: match[1] ?? '', value: [line.slice(match[0].length)] };
    } else if (open) open.value.push(line);
    else if (line.trim() !== '') sink.skip(i + 1, line, 'not-a-setting');
  });
  close();
}

/** `settings get NAMESPACE NAME`: one value; `null` means that it is not set and gives no record. */
export function parseSettingsGet({ text, command }: FormatInput, sink: ParseSink): void {
  const namespace = namespaceOf(command);
  const name = /settings\s+(?:--user\s+\S+\s+)?get\s+\w+\s+(\S+)/.exec(command)?.[1];
  const value = text.replace(/\n$/, '');
  if (namespace === null || name === undefined) return sink.skip(1, command, 'no-namespace');
  if (value === 'null' || value === '') return;
  sink.add({ kind: 'setting', namespace, name, value: sink.value(value) });
}

/** `content query --uri content://settings/NAMESPACE` (releases without `settings list`). */
export function parseSettingsRows({ text, command }: FormatInput, sink: ParseSink): void {
  const namespace = namespaceOf(command);
  if (namespace === null) return sink.skip(1, command, 'no-namespace');
  for (const row of readContentRows(text, ['_id', 'name', 'value'], sink)) {
    const name = row.columns.get('name');
    const value = row.columns.get('value');
    if (name === undefined || value === undefined) sink.skip(row.line, row.body, 'row-without-name');
    // The provider prints NULL for a value that is there but empty of anything.
    else if (value !== 'NULL') sink.add({ kind: 'setting', namespace, name, value: sink.value(value) });
  }
}

const entry = /^_id:\S+ name:(\S*) (?:pkg:(\S*) )?value:/;

/**
 * `dumpsys settings` (8 to today): the three tables with their packages; other users' tables are left out and said. Where it was asked
 * for one of the three, the others stand in the answers to the questions for them.
 */
export function parseSettingsDump({ text, collector, command }: FormatInput, sink: ParseSink): void {
  const asked = tableAskedFor(collector, command);
  const headings = [...text.matchAll(/^(\w{1,40}) SETTINGS \(user \d{1,9}\)$/gm)].map(([, name]) =>
    name?.toLowerCase(),
  );
  if (asked === null ? headings.length === 0 : !headings.includes(asked))
    return noSection(sink, text, `${(asked ?? 'system').toUpperCase()} SETTINGS`);
  let namespace: SettingNamespace | null = null;
  let open: { line: number; text: string } | null = null;
  const close = (): void => {
    if (open && namespace) addDumpEntry(open, namespace, sink);
    open = null;
  };
  text.split('\n').forEach((line, i) => {
    const heading = /^(\w+) SETTINGS \(user (\d+)\)$/.exec(line);
    if (heading) {
      close();
      const name = (heading[1] ?? '').toLowerCase();
      const ours = (name === 'system' || name === 'secure' || name === 'global') && (asked ?? name) === name;
      if (ours && heading[2] !== '0') sink.limit(`other-user:${heading[2]}`);
      namespace = ours && heading[2] === '0' ? name : null;
    } else if (entry.test(line)) {
      close();
      open = { line: i + 1, text: line };
    } else if (line.trim() === '' || line.startsWith('Historical operations')) close();
    else if (open) open.text += `\n${line}`;
  });
  close();
}

function addDumpEntry(open: { line: number; text: string }, namespace: SettingNamespace, sink: ParseSink): void {
  const head = entry.exec(open.text);
  if (head === null) return sink.skip(open.line, open.text, 'not-a-setting');
  const rest = open.text.slice(head[0].length);
  const value = valueOfDump(rest);
  if (value !== 'null') sink.add({ kind: 'setting', namespace, name: head[1] ?? '', value: sink.value(value) });
}

/**
 * `V default:V defaultSystemSet:true`, the last two only where a default was ever set. The value may hold « default:» itself:
 * where both halves are equal that decides, else the first mark does.
 */
function valueOfDump(rest: string): string {
  const end = rest.lastIndexOf(' defaultSystemSet:');
  const body = end >= 0 ? rest.slice(0, end) : rest;
  const mark = ' default:';
  const half = (body.length - mark.length) / 2;
  const twice = Number.isInteger(half) && half >= 0 && body.startsWith(mark, half);
  if (twice && body.slice(0, half) === body.slice(half + mark.length)) return body.slice(0, half);
  const first = end >= 0 ? body.indexOf(mark) : -1;
  return first >= 0 ? body.slice(0, first) : body;
}
