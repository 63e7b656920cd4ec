import { basename } from 'node:path';
import { fail } from '../../shared/model/problem.ts';
import type { Handlers } from './handlers.ts';

export const outputHandlers: Handlers<
  'outputs.choose' | 'outputs.choose-folder' | 'outputs.start' | 'attachments.choose' | 'attachments.start'
> = {
  'outputs.choose': async (session) => {
    const path = await session.ports.dialogs.outputFile();
    if (path === null) return { ok: true, value: null };
    const look = await session.ports.askHost('outputs.look', { path }, null);
    return look.ok ? { ok: true, value: { ...look.value, file: session.fileTokens.tokenOf(path) } } : look;
  },

  'outputs.choose-folder': async (session) => {
    const path = await session.ports.dialogs.outputFolder();
    if (path === null) return { ok: true, value: null };
    const look = await session.ports.askHost('outputs.look-folder', { path }, null);
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

  'attachments.choose': async (session) => {
    const paths = await session.ports.dialogs.attachedFiles();
    if (paths === null) return { ok: true, value: null };
    const sizes = await session.ports.askHost('attachments.look', { paths }, null);
    if (!sizes.ok) return sizes;
    const chosen = paths.map((path, n) => ({
      file: session.fileTokens.tokenOf(path),
      name: basename(path),
      bytes: sizes.value[n] ?? 0,
    }));
    return { ok: true, value: chosen };
  },

  'attachments.start': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const { case: _case, files, ...wish } = input;
    const paths: string[] = [];
    for (const file of files) {
      const path = session.fileTokens.pathOf(file);
      if (path === null) return fail('path-missing', { path: file });
      paths.push(path);
    }
    return session.ports.askHost(
      'attachments.start',
      { directory: directory.value, paths, ...wish },
      session.actorIn(directory.value),
    );
  },
};
