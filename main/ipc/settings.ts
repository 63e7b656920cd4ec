import type { SavedFilter, Settings } from '../../shared/contract/settings.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { Handlers } from './handlers.ts';
import type { Session } from './session.ts';

async function currentSettings(session: Session): Promise<Settings> {
  const { language, adbPath, filters, collectors } = session.ports.settings.get();
  const about = await session.ports.askHost('host.about', {}, null);
  return {
    language,
    adbPath,
    casesFolder: session.ports.casesFolder(),
    filters,
    collectors,
    about: { ...session.ports.facts, programHash: about.ok ? about.value.programHash : null },
  };
}

const mostFilters = 100;

async function keepFilters(session: Session, filters: readonly SavedFilter[]): Promise<Result<Settings>> {
  session.ports.settings.set({ filters });
  session.ports.tell({ type: 'changed', topic: 'settings', case: null });
  return { ok: true, value: await currentSettings(session) };
}

export const settingsHandlers: Handlers<
  | 'settings.get'
  | 'settings.set-language'
  | 'settings.choose-adb'
  | 'settings.reset-adb'
  | 'settings.save-filter'
  | 'settings.remove-filter'
  | 'settings.keep-collectors'
  | 'settings.copy-text'
> = {
  'settings.get': async (session) => ({ ok: true, value: await currentSettings(session) }),

  'settings.set-language': async (session, { language }) => {
    session.ports.settings.set({ language });
    session.ports.languageChanged();
    session.ports.tell({ type: 'changed', topic: 'settings', case: null });
    return { ok: true, value: await currentSettings(session) };
  },

  'settings.choose-adb': async (session) => {
    const adbPath = await session.ports.dialogs.adbProgram();
    if (adbPath !== null) session.ports.settings.set({ adbPath });
    return { ok: true, value: await currentSettings(session) };
  },

  'settings.reset-adb': async (session) => {
    session.ports.settings.set({ adbPath: null });
    return { ok: true, value: await currentSettings(session) };
  },

  'settings.save-filter': async (session, saved) => {
    const others = session.ports.settings.get().filters.filter(({ name }) => name !== saved.name);
    return keepFilters(session, [saved, ...others].slice(0, mostFilters));
  },

  'settings.remove-filter': async (session, { name: removed }) =>
    keepFilters(
      session,
      session.ports.settings.get().filters.filter(({ name }) => name !== removed),
    ),

  'settings.keep-collectors': async (session, { collectors }) => {
    // Not told: every screen would ask its questions again, the plan its handset, at each mark that is set.
    session.ports.settings.set({ collectors });
    return { ok: true, value: await currentSettings(session) };
  },

  'settings.copy-text': async (session, { text }) => {
    session.ports.copyText(text);
    return { ok: true, value: null };
  },
};
