import { basename } from 'node:path';
import { ok } from '../../../shared/model/problem.ts';
import { importOutput } from '../import-output.ts';
import { lookAtOutput } from '../look-at-output.ts';
import type { HostContext } from './host-context.ts';
import type { HostHandlers } from './host-protocol.ts';

export function outputHandlers(context: HostContext): Pick<HostHandlers, 'outputs.look' | 'outputs.start'> {
  return {
    'outputs.look': ({ path }) => lookAtOutput(path),
    'outputs.start': ({ directory, path, ...wish }, envelope) =>
      ok(
        context.tasks.start(
          { kind: 'import', title: basename(path), directory, actor: envelope.actor, lang: envelope.language },
          async (conduct) => {
            const done = await importOutput(directory, path, wish, conduct);
            context.changed('case', directory);
            if (!done.ok) return done;
            const { acquisition, exhibits, gaps } = done.value;
            const result = { kind: 'import', exhibits: exhibits.map(({ id }) => id), packets: 0 } as const;
            return ok({ result: { ...result, acquisition: acquisition.id }, gaps });
          },
        ),
      ),
  };
}
