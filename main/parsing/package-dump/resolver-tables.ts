import { indentOf } from './sections.ts';
import type { DumpSection } from './sections.ts';

export type ComponentType = 'activity' | 'service' | 'receiver' | 'provider';

export interface ResolvedComponent {
  readonly package: string;
  /** Full class name. */
  readonly name: string;
  readonly type: ComponentType;
  readonly actions: Set<string>;
}

const tables: Readonly<Record<string, ComponentType>> = {
  'Activity Resolver Table': 'activity',
  'Receiver Resolver Table': 'receiver',
  'Service Resolver Table': 'service',
  'Provider Resolver Table': 'provider',
};

/** The kind of component whose intent filters a section lists; null for any other section. */
export function tableType(title: string): ComponentType | null {
  return tables[title] ?? null;
}

/** `.Name` in a dump stands for `package.Name`. */
export function fullClassName(packageName: string, name: string): string {
  return name.startsWith('.') ? packageName + name : name;
}

const component = /^[0-9a-f]+ ([^\s/]{1,255})\/(\S{1,512})/;

/**
 * One resolver table: groups (2 spaces), keys (6), components (8), and from 5 on the filter's own lines (10 and more).
 * Only groups of actions give actions by their key; in the others the `Action:` lines do.
 */
export function readResolverTable(
  section: DumpSection,
  type: ComponentType,
  into: Map<string, ResolvedComponent>,
): void {
  let keyIsAction = false;
  let key = '';
  let current: ResolvedComponent | null = null;
  for (const line of section.lines) {
    const indent = indentOf(line);
    const text = line.trim();
    if (text === '') continue;
    if (indent < 6) {
      keyIsAction = text.endsWith('Actions:');
      current = null;
    } else if (indent < 8) {
      key = text.replace(/:$/, '');
      current = null;
    } else if (indent < 10) {
      current = addComponent(text, type, into);
      if (current && keyIsAction) current.actions.add(key);
    } else {
      const action = /^Action: "([^"]*)"/.exec(text)?.[1];
      if (action !== undefined) current?.actions.add(action);
    }
  }
}

function addComponent(
  text: string,
  type: ComponentType,
  into: Map<string, ResolvedComponent>,
): ResolvedComponent | null {
  const match = component.exec(text);
  if (match === null) return null;
  const owner = match[1] ?? '';
  const name = fullClassName(owner, match[2] ?? '');
  const id = `${owner}/${name}`;
  const known = into.get(id);
  if (known) return known;
  const fresh: ResolvedComponent = { package: owner, name, type, actions: new Set() };
  into.set(id, fresh);
  return fresh;
}
