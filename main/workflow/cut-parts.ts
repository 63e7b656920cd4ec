import type { Exhibit, ImportStatement } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { Sections } from '../parsing/import/sections.ts';
import type { Conduct } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { gap } from './gaps.ts';
import { need } from './store-failure.ts';
import type { Belonging } from './store-output.ts';
import { storePart } from './store-output.ts';

export interface Stored {
  readonly exhibits: readonly Exhibit[];
  readonly gaps: readonly Gap[];
}

/** Cuts the sections that were found out of a file in custody, each an exhibit of its own. */
export async function cutParts(
  writer: CaseWriter,
  whole: { readonly exhibit: Exhibit; readonly statement: ImportStatement },
  { sections, dropped, encoding }: Sections,
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  const { id, originalName: name } = whole.exhibit;
  const named = { exhibit: id, name };
  const gaps: Gap[] = [];
  if (sections.length === 0) gaps.push(gap('output-no-parts', named));
  if (dropped > 0) gaps.push(gap('output-parts-limit', { ...named, kept: sections.length, dropped }));
  const exhibits: Exhibit[] = [];
  const seen = new Set<string>();
  // A bug report of Android 6 and 7 says where its own parts end, but not where a service does.
  const sayTheirEnd = new Set(sections.filter(({ ended }) => ended).map(({ command }) => isService(command)));
  const opened = need(writer.openExhibit(id));
  try {
    for (const [position, section] of sections.entries()) {
      const { command } = section;
      const total = sections.length;
      conduct.progress({ task: 'import', step: command, done: position, total, unit: 'steps', note: null });
      const part = await storePart(writer, { ...whole, fd: opened.fd }, section, encoding, belonging, conduct);
      if (!part.ok) return part;
      exhibits.push(part.value);
      const { outcome } = part.value;
      if (outcome !== 'read' && outcome !== 'empty' && outcome !== 'absent') gaps.push(commandGap(part.value));
      // Others say where they end: this one was cut off, or the dump gave up waiting for it.
      if (sayTheirEnd.has(isService(command)) && !section.ended)
        gaps.push(gap('output-no-end', { ...named, exhibit: part.value.id, command }));
      if (seen.has(command)) gaps.push(gap('output-twice', { ...named, exhibit: part.value.id, command }));
      seen.add(command);
    }
  } finally {
    opened.close();
  }
  return ok({ exhibits, gaps });
}

/** Whether it is one of the services of a dump of several; a command of a bug report has options. */
function isService(command: string): boolean {
  return /^dumpsys (?:--priority [A-Z]+ )?[^-\s]\S*$/.test(command);
}

/** Of an output that is no data: what it is instead. */
export function commandGap({ collector, origin, outcome, fault }: Exhibit): Gap {
  const command = origin.type === 'command' ? origin.command : '';
  return gap('command', { collector: collector ?? '', command, outcome, reason: fault ?? 'none' });
}
