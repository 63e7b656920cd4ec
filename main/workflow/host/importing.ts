import { basename } from 'node:path';
import type { CaptureLook } from '../../../shared/contract/imports.ts';
import type { Started } from '../../../shared/contract/tasks.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { unassigned } from '../../evidence/case-types.ts';
import { readCase, writesHere } from '../case-session.ts';
import { importFiles } from '../import-file.ts';
import type { ImportWish } from '../import-file.ts';
import { lookAtCapture } from '../look-at-capture.ts';
import { discardUnfinishedImport, unfinishedCopies } from '../unfinished-imports.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';
import type { Envelope, HostHandlers } from './host-protocol.ts';

type Handlers = Pick<
  HostHandlers,
  'imports.look' | 'imports.start' | 'imports.unfinished' | 'imports.resume' | 'imports.discard'
>;

export function importingHandlers(context: HostContext): Handlers {
  return {
    'imports.look': async ({ paths }) => {
      const looks: CaptureLook[] = [];
      for (const path of paths) {
        const look = await lookAtCapture(path);
        if (!look.ok) return look;
        looks.push(look.value);
      }
      return ok(looks);
    },
    'imports.start': async ({ directory, paths, handset, label, run, asOne }, envelope) => {
      const keyLogs: string[] = [];
      for (const path of paths) {
        const look = await lookAtCapture(path);
        if (look.ok && look.value.format === 'key-log') keyLogs.push(path);
      }
      const captures = paths.filter((path) => !keyLogs.includes(path));
      return ok(startImport(context, directory, captures, { handset, label, run, asOne, keyLogs }, envelope));
    },
    'imports.unfinished': ({ directory }) =>
      // What is being copied now is no copy that was cut off.
      readCase(directory, (reader) =>
        ok(writesHere(directory) ? [] : unfinishedCopies(reader).map(({ path: _path, ...row }) => row)),
      ),
    'imports.resume': ({ directory, id }, envelope) => {
      const found = readCase(directory, (reader) => ok(reader.unfinishedImports().find((one) => one.id === id)));
      if (!found.ok) return found;
      if (found.value === undefined) return fail('import-unknown', { import: id });
      const { meta, source } = found.value;
      const known = (text: string): string | null => (text === unassigned ? null : text);
      const wish = { handset: known(meta.handset), label: known(meta.label), run: meta.run };
      return ok(startImport(context, directory, [source.path], wish, envelope));
    },
    'imports.discard': ({ directory, id }, envelope) => {
      const done = discardUnfinishedImport(directory, id, quickConduct(envelope));
      context.changed('case', directory);
      return done.ok ? ok(null) : done;
    },
  };
}

function startImport(
  context: HostContext,
  directory: string,
  paths: readonly string[],
  wish: ImportWish,
  envelope: Envelope,
): Started {
  const title = [...paths, ...(wish.keyLogs ?? [])].map((path) => basename(path)).join(', ');
  return context.tasks.start(
    { kind: 'import', title, directory, actor: envelope.actor, lang: envelope.language },
    async (conduct) => {
      const notices: string[] = [];
      const done = await importFiles(directory, paths, wish, { ...conduct, notice: (text) => void notices.push(text) });
      context.changed('case', directory);
      if (!done.ok) return done;
      const { exhibits, gaps } = done.value;
      const packets = exhibits.reduce((sum, one) => sum + (one.packets ?? 0), 0);
      return ok({ result: { kind: 'import', exhibits: exhibits.map((one) => one.id), packets, notices }, gaps });
    },
  );
}
