import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';
import { settingsNamespaces } from '../persona/settings-namespace.ts';
import type { SettingsNamespace } from '../persona/settings-namespace.ts';

function isNamespace(text: string | undefined): text is SettingsNamespace {
  return settingsNamespaces.some((namespace) => namespace === text);
}

const oldUsage =
  'usage:  settings [--user NUM] get namespace key\n' +
  '        settings [--user NUM] put namespace key value\n\n' +
  "'namespace' is one of {system, secure, global}, case-insensitive\n" +
  "If '--user NUM' is not given, the operations are performed on the owner user.\n";

/** `settings`: `get` and `put` since 4.2, `delete` since 5, `list` since 6. */
function settings({ args, device, io }: CommandContext): Promise<number> {
  const rest = args[0] === '--user' ? args.slice(2) : [...args];
  const [verb, namespace, key] = rest;
  const known = [
    'get',
    'put',
    ...(device.release >= 500 ? ['delete'] : []),
    ...(device.release >= 600 ? ['list'] : []),
  ];
  if (verb === undefined || !known.includes(verb)) {
    return device.release < 700 ? say(io, oldUsage) : complain(io, `Bad command ${verb ?? ''}\n`);
  }
  if (!isNamespace(namespace)) return complain(io, `Invalid namespace '${namespace ?? ''}'\n`);
  const table = device.settings[namespace];
  if (verb === 'list') {
    const names = [...table.keys()].sort();
    return say(io, names.map((name) => `${name}=${table.get(name) ?? ''}\n`).join(''));
  }
  if (key === undefined) return device.release < 700 ? say(io, oldUsage) : complain(io, 'Bad arguments\n');
  if (verb === 'get') return say(io, `${table.get(key) ?? 'null'}\n`);
  if (verb === 'delete') return say(io, `Deleted ${table.delete(key) ? 1 : 0} rows\n`);
  table.set(key, rest[3] ?? '');
  return say(io, '');
}

/** Values of `--name value` pairs, and `--name:type` ones too. */
function optionsOf(args: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg.startsWith('--')) options.set(arg.slice(2), args[++i] ?? '');
  }
  return options;
}

/** Rows of the persona's `content/` files: one file for each address, a row a line, as `column=value, column=value`. */
function contentRows(context: CommandContext, uri: string): string[] | null {
  const { device } = context;
  const namespace = /^content:\/\/settings\/(\w+)$/.exec(uri)?.[1];
  if (isNamespace(namespace)) {
    const entries = [...device.settings[namespace]];
    return entries.map(([name, value], index) => `_id=${index + 1}, name=${name}, value=${value}`);
  }
  const file = `content/${uri.replace('content://', '').replaceAll('/', '_')}.txt`;
  const text = device.text(file);
  return text === null ? null : text.split('\n').filter((line) => line !== '');
}

/** A text message's body is the last column, and its line breaks are written `\\n`. */
function project(row: string, projection: string | undefined): string {
  const [head = '', body] = [row.split(', body=', 1)[0], /, body=(.*)$/s.exec(row)?.[1]?.replaceAll('\\n', '\n')];
  if (projection === undefined) return body === undefined ? row : `${head}, body=${body}`;
  const columns = new Map(head.split(/, (?=[\w]+=)/).map((cell) => [cell.slice(0, cell.indexOf('=')), cell] as const));
  if (body !== undefined) columns.set('body', `body=${body}`);
  return projection
    .split(':')
    .map((column) => columns.get(column) ?? hexOf(column, columns) ?? `${column}=NULL`)
    .join(', ');
}

/** SQLite's `hex(COLUMN)`, as the provider hands it on. */
function hexOf(column: string, columns: ReadonlyMap<string, string>): string | null {
  const [, name] = /^hex\((\w+)\)$/.exec(column) ?? [];
  if (name === undefined) return null;
  const value = columns.get(name)?.slice(name.length + 1) ?? '';
  return `${column}=${value === 'NULL' ? '' : Buffer.from(value, 'utf8').toString('hex').toUpperCase()}`;
}

async function content(context: CommandContext): Promise<number> {
  const { args, io, device } = context;
  if (args[0] !== 'query') return complain(io, `[ERROR] Unsupported operation: ${args[0] ?? ''}\n`);
  const options = optionsOf(args.slice(1));
  const uri = options.get('uri') ?? '';
  const refused = device
    .text(`content/refused.txt`)
    ?.split('\n')
    .find((line) => line !== '' && uri.startsWith(line));
  if (refused !== undefined) {
    const message = `java.lang.SecurityException: Permission Denial: opening provider for ${uri} from (null) (pid=${context.pid}, uid=2000) requires a permission\n`;
    return complain(
      io,
      `Error while accessing provider:${uri.split('/')[2] ?? ''}\n${message}\tat android.os.Parcel.readException(Parcel.java:1431)\n`,
      device.release < 700 ? 0 : 1,
    );
  }
  // AOSP's SmsProvider since SqlQueryChecker knows functions: no cursor.
  if (device.text('content/no-functions.txt') !== null && options.get('projection')?.includes('(') === true)
    return say(io, 'No result found.\n');
  const rows = contentRows(context, uri);
  if (rows === null) {
    const authority = uri.split('/')[2] ?? '';
    const message = `java.lang.IllegalStateException: Could not find provider: ${authority}\n`;
    return complain(io, `Error while accessing provider:${authority}\n${message}`, device.release < 700 ? 0 : 1);
  }
  const where = /^(\w+)='([^']*)'$/.exec(options.get('where') ?? '');
  const kept =
    where === null ? rows : rows.filter((row) => `, ${row},`.includes(`, ${where[1] ?? ''}=${where[2] ?? ''},`));
  if (kept.length === 0) return say(io, 'No result found.\n');
  return say(io, kept.map((row, index) => `Row: ${index} ${project(row, options.get('projection'))}\n`).join(''));
}

export const settingsCommands: CommandTable = { settings, content };
