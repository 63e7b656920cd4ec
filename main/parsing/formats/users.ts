import type { FactTopic } from '../../../shared/model/record.ts';
import { eachDumpLine, keyAndValue } from '../dump-lines.ts';
import type { DumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

/** Bits of `UserInfo.flags`, as Android names them without `FLAG_` (frameworks/base, android.content.pm.UserInfo). */
const flagNames: readonly (readonly [number, string])[] = [
  [0x1, 'PRIMARY'],
  [0x2, 'ADMIN'],
  [0x4, 'GUEST'],
  [0x8, 'RESTRICTED'],
  [0x10, 'INITIALIZED'],
  [0x20, 'MANAGED_PROFILE'],
  [0x40, 'DISABLED'],
  [0x80, 'QUIET_MODE'],
  [0x100, 'EPHEMERAL'],
  [0x200, 'DEMO'],
  [0x400, 'FULL'],
  [0x800, 'SYSTEM'],
  [0x1000, 'PROFILE'],
];

const userInfo = /^UserInfo\{(\d{1,9}):(.*):([0-9a-f]{1,8})\}(.*)$/;
/** What only an organisation's device policy sets. */
const ofPolicy = /(?:^|\/)(?:Device (?:owner|managed|policy)|Has profile owner)/;

function addFact(name: string, value: string, sink: ParseSink): void {
  const topic: FactTopic = ofPolicy.test(name) ? 'policy' : 'user';
  sink.add({ kind: 'fact', topic, package: null, name, value, atHandset: null });
}

function addUser([, id, name, flags, rest]: RegExpExecArray, sink: ParseSink): void {
  const bits = Number.parseInt(flags ?? '', 16);
  const named = flagNames.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word);
  addFact(`${id}/name`, name ?? '', sink);
  addFact(`${id}/flags`, named.length === 0 ? (flags ?? '') : `${flags} (${named.join(', ')})`, sink);
  for (const word of (rest ?? '').trim().split(/\s+/)) {
    const at = word.indexOf('=');
    if (at > 0) addFact(`${id}/${word.slice(0, at)}`, word.slice(at + 1), sink);
    else if (word !== '') addFact(`${id}/state`, word, sink);
  }
}

/**
 * `dumpsys user` and `pm list users`: of each user its name, flags, state and restrictions (`11/Restrictions`), and what holds for
 * the whole handset (`Device owner id`, `Max users` …). A list without an entry (`none`, `null`) gives no fact.
 */
export function parseUsers({ text }: FormatInput, sink: ParseSink): void {
  if (!/^Users:/m.test(text)) {
    noSection(sink, text, 'Users');
    return;
  }
  let user: { readonly id: string; readonly indent: number } | null = null;
  let heading: { readonly name: string; readonly indent: number } | null = null;
  const nameOf = (key: string): string => (user === null ? key : `${user.id}/${key}`);
  const take = ({ line, indent, text: said }: DumpLine): void => {
    if (heading !== null && indent > heading.indent) {
      if (said !== 'none' && said !== 'null') addFact(heading.name, said, sink);
      return;
    }
    heading = null;
    if (user !== null && indent <= user.indent) user = null;
    const entry = keyAndValue(said);
    if (entry === null) sink.skip(line, said, 'not-a-user-line');
    else if (entry.value !== '') addFact(nameOf(entry.key), entry.value, sink);
    else if (entry.key !== 'Users') heading = { name: nameOf(entry.key), indent };
  };
  eachDumpLine(text, sink, (each) => {
    const info = userInfo.exec(each.text);
    if (info === null) return take(each);
    addUser(info, sink);
    user = { id: info[1] ?? '', indent: each.indent };
    heading = null;
  });
}
