import type { ParseSink } from '../parse-result.ts';
import type { DumpSection } from './sections.ts';

const entry = /^ +[0-9a-f]{1,16} ([\w.]{1,256})\/([\w.$]{1,256})$/;
const told = /^ +(Action|Category|Scheme|Type): "([^"]{1,256})"/;

interface Preferred {
  readonly package: string;
  readonly component: string;
  always: boolean;
  readonly actions: string[];
  readonly details: string[];
}

/**
 * `Preferred Activities User N`: which app the person or the maker chose for good (`mAlways=true`) to answer an action; one fact a
 * choice, though the dump lists it once for each scheme and action.
 */
export function addPreferredActivities(section: DumpSection, sink: ParseSink): void {
  const seen = new Set<string>();
  let open: Preferred | null = null;
  const close = (): void => {
    if (open?.always === true) {
      const name = `${section.title}/${[...open.actions, ...open.details].join(' ')}`;
      const key = `${name} ${open.component}`;
      if (!seen.has(key))
        sink.add({
          kind: 'fact',
          topic: 'default-app',
          package: open.package,
          name,
          value: open.component,
          atHandset: null,
        });
      seen.add(key);
    }
    open = null;
  };
  section.lines.forEach((line, i) => {
    if (line.trim() === '') return;
    if (line.length > 2000) return sink.skip(section.at + 2 + i, line, 'line-too-long');
    const found = entry.exec(line);
    if (found !== null) {
      close();
      const [, owner = '', className = ''] = found;
      open = { package: owner, component: `${owner}/${className}`, always: false, actions: [], details: [] };
      return;
    }
    if (open === null) return;
    if (/\bmAlways=true\b/.test(line)) open.always = true;
    const [, what, value = ''] = told.exec(line) ?? [];
    if (what === 'Action') open.actions.push(value);
    else if (what !== undefined && value !== 'android.intent.category.DEFAULT' && open.details.length < 20)
      open.details.push(value);
  });
  close();
}
