import { basename } from 'node:path';
import type { ChosenFile } from '../../shared/contract/imports.ts';
import { fail } from '../../shared/model/problem.ts';
import type { Handlers } from './handlers.ts';

export const importHandlers: Handlers<'imports.choose' | 'imports.start'> = {
  'imports.choose': async (session) => {
    const paths = await session.ports.dialogs.captureFiles();
    if (paths === null) return { ok: true, value: null };
    // Looking into a capture is work for the host: this is Electron's main thread.
    const looks = await session.ports.askHost('imports.look', { paths }, null);
    if (!looks.ok) return looks;
    const chosen = looks.value.flatMap((look, n): ChosenFile[] => {
      const path = paths[n];
      return path === undefined ? [] : [{ ...look, file: session.fileTokens.tokenOf(path), name: basename(path) }];
    });
    return { ok: true, value: chosen };
  },

  'imports.start': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const paths: string[] = [];
    for (const file of input.files) {
      const path = session.fileTokens.pathOf(file);
      if (path === null) return fail('path-missing', { path: file });
      paths.push(path);
    }
    const { handset, label, run, asOne } = input;
    return session.ports.askHost(
      'imports.start',
      { directory: directory.value, paths, handset, label, run, asOne },
      session.actorIn(directory.value),
    );
  },
};
