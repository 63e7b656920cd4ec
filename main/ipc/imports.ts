import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ChosenFile } from '../../shared/contract/imports.ts';
import { fail } from '../../shared/model/problem.ts';
import type { Handlers } from './handlers.ts';

export const importHandlers: Handlers<'imports.choose' | 'imports.start'> = {
  'imports.choose': async (session) => {
    const paths = await session.ports.dialogs.captureFiles();
    if (paths === null) return { ok: true, value: null };
    const chosen: ChosenFile[] = [];
    for (const path of paths) {
      try {
        const { size } = await stat(path);
        chosen.push({ file: session.fileTokens.tokenOf(path), name: basename(path), bytes: size });
      } catch {
        return fail('path-missing', { path });
      }
    }
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
    const { handset, label, run } = input;
    return session.ports.askHost(
      'imports.start',
      { directory: directory.value, paths, handset, label, run },
      session.actorIn(directory.value),
    );
  },
};
