import { indentOf } from './sections.ts';
import type { DumpSection } from './sections.ts';

/** What one `Package [name]` or `SharedUser [name]` block of the dump says; of users but the first, whether they have it. */
export interface PackageBlock {
  readonly name: string;
  /** 1-based line of the block's heading. */
  readonly line: number;
  /** `key=value` pairs of the block itself, the first of each. */
  readonly fields: Map<string, string>;
  /** Shared user id, as `android.uid.phone`; null where the package has its own. */
  sharedUser: string | null;
  /** `key=value` pairs of the line and lines of user 0. */
  readonly user0: Map<string, string>;
  /** By number: `key=value` pairs of the lines of each further user or profile. */
  readonly otherUsers: Map<string, Map<string, string>>;
  readonly requested: Set<string>;
  /** Name → granted, of permissions given at installation (before 6: of every permission). */
  readonly install: Map<string, boolean>;
  readonly runtime: Map<string, boolean>;
  readonly disabledComponents: Set<string>;
  readonly enabledComponents: Set<string>;
}

const heading = /^ {2}(?:Package|SharedUser) \[([^\]]{1,255})\] \([^)]*\):/;

/** Lists of a block, by their heading: where their items go. */
const lists: Readonly<Record<string, (block: PackageBlock, item: string) => void>> = {
  'requested permissions': (block, item) => block.requested.add(item.split(':', 1)[0] ?? item),
  'install permissions': (block, item) => addPermission(block.install, item),
  // Before 6 the list names what was granted, and nothing else is said.
  grantedPermissions: (block, item) => block.install.set(item, true),
  'runtime permissions': (block, item) => addPermission(block.runtime, item),
  disabledComponents: (block, item) => block.disabledComponents.add(item),
  enabledComponents: (block, item) => block.enabledComponents.add(item),
};

function addPermission(into: Map<string, boolean>, item: string): void {
  const match = /^(\S+?)(?::\s*granted=(true|false).*)?$/.exec(item);
  if (match) into.set(match[1] ?? item, match[2] !== 'false');
}

function newBlock(name: string, line: number): PackageBlock {
  return {
    name,
    line,
    fields: new Map(),
    sharedUser: null,
    user0: new Map(),
    otherUsers: new Map(),
    requested: new Set(),
    install: new Map(),
    runtime: new Map(),
    disabledComponents: new Set(),
    enabledComponents: new Set(),
  };
}

/** `a=1 b=[ X Y ] c=2` → pairs, the first of each key. By hand, in one pass: hostile lines may be megabytes long. */
function readPairs(line: string, into: Map<string, string>): void {
  const words = line.trim().split(' ');
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const at = word.indexOf('=');
    if (at < 1 || at > 64) continue;
    const key = word.slice(0, at);
    let value = word.slice(at + 1);
    if (value.startsWith('[') && !value.endsWith(']')) {
      const from = i;
      while (i + 1 < words.length && !(words[i] ?? '').endsWith(']')) i += 1;
      value = [value, ...words.slice(from + 1, i + 1)].join(' ');
    }
    if (!into.has(key)) into.set(key, value);
  }
}

/** Whole-line fields whose values hold blanks: `versionName=1.0 beta`, `firstInstallTime=2014-05-01 08:00:00`. */
const wholeLine = /^(versionName|firstInstallTime|lastUpdateTime|timeStamp|codePath|resourcePath)=(.*)$/;

function readLine(block: PackageBlock, state: { user: string | null }, line: string): void {
  const text = line.trim();
  const whole = wholeLine.exec(text);
  const target =
    state.user === null ? block.fields : state.user === '0' ? block.user0 : block.otherUsers.get(state.user);
  if (target === undefined) return;
  if (whole) {
    if (!target.has(whole[1] ?? '')) target.set(whole[1] ?? '', whole[2] ?? '');
    return;
  }
  const shared = /^sharedUser=SharedUserSetting\{\S+ ([^/}]+)\/\d+\}/.exec(text);
  if (shared) block.sharedUser = shared[1] ?? null;
  else readPairs(text, target);
}

/** Blocks of the section «Packages» or «Shared users». */
export function readBlocks(section: DumpSection): PackageBlock[] {
  const blocks: PackageBlock[] = [];
  const state: { user: string | null; list: string | null; listIndent: number } = {
    user: null,
    list: null,
    listIndent: 0,
  };
  section.lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const head = heading.exec(line);
    if (head) {
      blocks.push(newBlock(head[1] ?? '', section.at + i + 2));
      state.user = null;
      state.list = null;
      return;
    }
    const block = blocks.at(-1);
    if (block === undefined) return;
    const indent = indentOf(line);
    if (state.list !== null && indent > state.listIndent) {
      if (state.user === null || state.user === '0') lists[state.list]?.(block, line.trim());
      return;
    }
    state.list = null;
    if (indent <= 4) state.user = null;
    const user = /^ {4}User (\d+):/.exec(line);
    if (user) {
      state.user = user[1] ?? '';
      if (state.user !== '0' && !block.otherUsers.has(state.user)) block.otherUsers.set(state.user, new Map());
    }
    const listName = /^([A-Za-z][A-Za-z ]*):\s*$/.exec(line.trim())?.[1];
    if (user === null && listName !== undefined) {
      state.list = listName;
      state.listIndent = indent;
    } else readLine(block, state, user ? line.slice(line.indexOf(':') + 1) : line);
  });
  return blocks;
}
