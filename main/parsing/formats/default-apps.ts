import { eachDumpLine, keyAndValue } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const component = /^([\w.]{1,256})\/\S{1,256}$/;

/** What `resolve-activity` asks for, without the names of its options. */
export function questionOf(command: string): string {
  const question = /--brief\s+(.{1,400})$/.exec(command)?.[1] ?? command.slice(0, 400);
  return question.replaceAll(/(?:^| )-[acdt] /g, ' ').trim();
}

/** `cmd package resolve-activity --brief …`: which screen of which app answers what the command asks; no answer gives no fact. */
export function parseResolveActivity({ text, command }: FormatInput, sink: ParseSink): void {
  const name = questionOf(command);
  eachDumpLine(text, sink, ({ line, text: said }) => {
    if (said.startsWith('priority=') || said.startsWith('No activity found')) return;
    const owner = component.exec(said)?.[1];
    if (owner === undefined) return sink.skip(line, said, 'not-a-component');
    sink.add({ kind: 'fact', topic: 'default-app', package: owner, name, value: said, atHandset: null });
  });
}

const packageName = /^[A-Za-z][\w.]{0,255}$/;

/** `cmd role get-role-holders ROLE` (from 12 on; packages/modules/Permission, RoleShellCommand): one fact an app that holds the role; none holds it: no line. */
export function parseRoleHolders({ text, command }: FormatInput, sink: ParseSink): void {
  const name = /get-role-holders (?:--user \d+ )?(\S{1,256})$/.exec(command)?.[1] ?? 'role';
  eachDumpLine(text, sink, ({ line, text: said }) => {
    for (const owner of said.split(';')) {
      if (!packageName.test(owner)) sink.skip(line, said, 'not-a-package');
      else sink.add({ kind: 'fact', topic: 'default-app', package: owner, name, value: owner, atHandset: null });
    }
  });
}

/**
 * `dumpsys role` (from 10 on; RoleManagerService.dump through DualDumpOutputStream): of each user the roles with their holders, one a line
 * (`holders=a.b`) or several between brackets; a role that nobody holds gives no fact.
 */
export function parseRoleDump({ text }: FormatInput, sink: ParseSink): void {
  let known = false;
  let user = '0';
  let role: string | null = null;
  let within = false;
  eachDumpLine(text, sink, ({ line, text: said }) => {
    if (said.startsWith('ROLE MANAGER STATE')) known = true;
    if (!known) return;
    const [, key, value = ''] = /^(user_id|name|holders)=(.{0,300})$/.exec(said) ?? [];
    if (key === 'user_id' && /^\d{1,9}$/.test(value)) user = value;
    else if (key === 'name') role = /^[\w.]{1,256}$/.test(value) ? value : null;
    else if (key === 'holders' && value === '[') within = true;
    else if (within && said === ']') within = false;
    else if (key === 'holders' || within) {
      const owner = key === 'holders' ? value : said;
      if (role === null || !packageName.test(owner)) return sink.skip(line, said, 'not-a-package');
      const name = user === '0' ? role : `${user}/${role}`;
      sink.add({ kind: 'fact', topic: 'default-app', package: owner, name, value: owner, atHandset: null });
    }
  });
  if (!known) noSection(sink, text, 'ROLE MANAGER STATE');
}

const chosen = /^((?:Current|Preferred) WebView package) \(name, version\): \(([\w.]{1,256}), (.{0,256})\)$/;
const candidate = /^((?:Valid|Invalid) package) ([\w.]{1,256}) (.{0,1000})$/;

/** `dumpsys webviewupdate` (from 7 on): which engine shows web pages inside apps, which others there are, and their versions. */
export function parseWebView({ text }: FormatInput, sink: ParseSink): void {
  if (!/^Current WebView Update Service state/m.test(text)) {
    noSection(sink, text, 'Current WebView Update Service state');
    return;
  }
  const add = (owner: string | null, name: string, value: string): void =>
    sink.add({ kind: 'fact', topic: 'webview', package: owner, name, value, atHandset: null });
  eachDumpLine(text, sink, ({ indent, text: said }) => {
    const match = chosen.exec(said) ?? candidate.exec(said);
    if (match) return add(match[2] ?? '', match[1] ?? '', match[3] ?? '');
    const entry = keyAndValue(said);
    if (indent > 0 && entry !== null && entry.value !== '') add(null, entry.key, entry.value);
    else if (said.startsWith('Current WebView package is null')) add(null, 'Current WebView package', 'null');
  });
}
