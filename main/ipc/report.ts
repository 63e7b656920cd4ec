import { fail } from '../../shared/model/problem.ts';
import type { Handlers } from './handlers.ts';

/** The case number as part of a file name: anything but letters and digits becomes a hyphen. */
function fileNamePart(text: string): string {
  const part = text.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '');
  return part === '' ? 'case' : part.slice(0, 60);
}

export const reportHandlers: Handlers<'report.export' | 'report.reveal'> = {
  'report.export': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const state = await session.ports.askHost('cases.state', { directory: directory.value }, null);
    if (!state.ok) return state;
    const { edition, format, language } = input;
    const suggested = `${fileNamePart(state.value.summary.number)}-${edition}-${language}.${format}`;
    const path = await session.ports.dialogs.reportFile(suggested, format);
    if (path === null) return { ok: true, value: null };
    const answer = await session.ports.askHost(
      'report.start',
      { directory: directory.value, edition, format, language, path },
      session.actorIn(directory.value),
    );
    if (answer.ok) session.reportPaths.set(answer.value.task, path);
    return answer;
  },

  'report.reveal': async (session, { task }) => {
    const path = session.reportPaths.get(task);
    if (path === undefined) return fail('path-missing', { path: task });
    session.ports.revealFile(path);
    return { ok: true, value: null };
  },
};
