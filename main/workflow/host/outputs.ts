import { basename } from 'node:path';
import { ok } from '../../../shared/model/problem.ts';
import { attachFiles } from '../attach-files.ts';
import { importOutput } from '../import-output.ts';
import { lookAtFolder, lookAtOutput, sizeOfFile } from '../look-at-output.ts';
import type { HostContext } from './host-context.ts';
import type { HostHandlers } from './host-protocol.ts';

type Handlers = Pick<
  HostHandlers,
  'outputs.look' | 'outputs.look-folder' | 'outputs.start' | 'attachments.look' | 'attachments.start'
>;

export function outputHandlers(context: HostContext): Handlers {
  return {
    'outputs.look': ({ path }) => {
      const look = lookAtOutput(path);
      if (!look.ok) return look;
      const { isZip: _isZip, ...shown } = look.value;
      return ok(shown);
    },
    'outputs.look-folder': ({ path }) => lookAtFolder(path),
    'outputs.start': ({ directory, path, ...wish }, envelope) =>
      ok(
        context.tasks.start(
          { kind: 'import', title: basename(path), directory, actor: envelope.actor, lang: envelope.language },
          async (conduct) => {
            const done = await importOutput(directory, path, wish, conduct);
            context.changed('case', directory);
            if (!done.ok) return done;
            const { acquisition, exhibits, gaps } = done.value;
            const result = { kind: 'import', exhibits: exhibits.map(({ id }) => id), packets: null } as const;
            return ok({ result: { ...result, acquisition: acquisition.id }, gaps });
          },
        ),
      ),
    'attachments.look': ({ paths }) => {
      const sizes: number[] = [];
      for (const path of paths) {
        const size = sizeOfFile(path);
        if (!size.ok) return size;
        sizes.push(size.value);
      }
      return ok(sizes);
    },
    'attachments.start': ({ directory, paths, ...wish }, envelope) => {
      const title = paths.map((path) => basename(path)).join(', ');
      return ok(
        context.tasks.start(
          { kind: 'import', title, directory, actor: envelope.actor, lang: envelope.language },
          async (conduct) => {
            const done = await attachFiles(directory, paths, wish, conduct);
            context.changed('case', directory);
            if (!done.ok) return done;
            return ok({
              result: { kind: 'import', exhibits: done.value.map(({ id }) => id), packets: null },
              gaps: [],
            });
          },
        ),
      );
    },
  };
}
