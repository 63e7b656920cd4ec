import { fail } from '../../shared/model/problem.ts';
import type { Handlers } from './handlers.ts';

export const outputHandlers: Handlers<'outputs.choose' | 'outputs.start'> = {
  'outputs.choose': async (session) => {
    const path = await session.ports.dialogs.outputFile();
    if (path === null) return { ok: true, value: null };
    const look = await session.ports.askHost('outputs.look', { path }, null);
    return look.ok ? { ok: true, value: { ...look.value, file: session.fileTokens.tokenOf(path) } } : look;
  },

  'outputs.start': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const path = session.fileTokens.pathOf(input.file);
    if (path === null) return fail('path-missing', { path: input.file });
    const { case: _case, file: _file, ...wish } = input;
    return session.ports.askHost(
      'outputs.start',
      { directory: directory.value, path, ...wish },
      session.actorIn(directory.value),
    );
  },
};
