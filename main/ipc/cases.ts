import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseState, OpenCase, RecentCase } from '../../shared/contract/cases.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { Handlers } from './handlers.ts';
import { remember, type Session } from './session.ts';

function asOpenCase(session: Session, directory: string, state: CaseState): OpenCase {
  return {
    ...state,
    case: session.caseTokens.tokenOf(directory),
    actor: session.actorIn(directory) ?? state.summary.examiner,
  };
}

/** Turns the host's answer into the page's, and keeps the recent list. */
function opened(session: Session, directory: string, answer: Result<CaseState>): Result<OpenCase> {
  if (!answer.ok) return answer;
  const { number, title, synthetic } = answer.value.summary;
  session.openCases.add(directory);
  remember(session, { directory, number, title, synthetic, openedAt: session.ports.now().toISOString() });
  return { ok: true, value: asOpenCase(session, directory, answer.value) };
}

function recentCases(session: Session): readonly RecentCase[] {
  return session.ports.settings.get().recent.map((entry) => ({
    case: session.caseTokens.tokenOf(entry.directory),
    folder: entry.directory,
    number: entry.number,
    title: entry.title,
    synthetic: entry.synthetic,
    openedAt: entry.openedAt,
    present: existsSync(join(entry.directory, 'case.sqlite')),
  }));
}

/** `demonstration-20261123-164500.handsight`, with a counter where that exists already. */
function demonstrationFolder(session: Session): string {
  const stamp = session.ports.now().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const base = join(session.ports.casesFolder(), `demonstration-${stamp}`);
  for (let count = 1; ; count += 1) {
    const directory = `${base}${count === 1 ? '' : `-${count}`}.handsight`;
    if (!existsSync(directory)) return directory;
  }
}

export const caseHandlers: Handlers<
  | 'cases.recent'
  | 'cases.new'
  | 'cases.choose'
  | 'cases.open'
  | 'cases.close'
  | 'cases.forget'
  | 'cases.state'
  | 'cases.set-actor'
  | 'demonstration.start'
> = {
  'cases.recent': async (session) => ({ ok: true, value: recentCases(session) }),

  'cases.new': async (session, { number, title, examiner }) => {
    const directory = await session.ports.dialogs.newCase(number);
    if (directory === null) return { ok: true, value: null };
    const answer = await session.ports.askHost('cases.create', { directory, number, title, examiner }, examiner);
    return opened(session, directory, answer);
  },

  'cases.choose': async (session) => {
    const directory = await session.ports.dialogs.openCase();
    if (directory === null) return { ok: true, value: null };
    return opened(
      session,
      directory,
      await session.ports.askHost('cases.open', { directory }, session.actorIn(directory)),
    );
  },

  'cases.open': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const actor = session.actorIn(directory.value);
    const answer = await session.ports.askHost('cases.open', { directory: directory.value }, actor);
    return opened(session, directory.value, answer);
  },

  'cases.close': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const answer = await session.ports.askHost('cases.close', { directory: directory.value }, null);
    if (answer.ok) session.openCases.delete(directory.value);
    return answer;
  },

  'cases.forget': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const { recent } = session.ports.settings.get();
    session.ports.settings.set({ recent: recent.filter((entry) => entry.directory !== directory.value) });
    return { ok: true, value: null };
  },

  'cases.state': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const answer = await session.ports.askHost('cases.state', { directory: directory.value }, null);
    return answer.ok ? { ok: true, value: asOpenCase(session, directory.value, answer.value) } : answer;
  },

  'cases.set-actor': async (session, input) => {
    const directory = session.directoryOf(input.case);
    if (!directory.ok) return directory;
    const answer = await session.ports.askHost('cases.actor', { directory: directory.value }, input.actor);
    if (!answer.ok) return answer;
    session.actors.set(directory.value, input.actor);
    return { ok: true, value: asOpenCase(session, directory.value, answer.value) };
  },

  'demonstration.start': async (session, { seed }) =>
    session.ports.askHost('demonstration.start', { directory: demonstrationFolder(session), seed }, null),
};
