import type { Settings } from '../../shared/contract/settings.ts';
import type { Handlers } from './handlers.ts';
import type { Session } from './session.ts';

async function currentSettings(session: Session): Promise<Settings> {
  const { language, adbPath } = session.ports.settings.get();
  const about = await session.ports.askHost('host.about', {}, null);
  return {
    language,
    adbPath,
    casesFolder: session.ports.casesFolder(),
    about: { ...session.ports.facts, programHash: about.ok ? about.value.programHash : null },
  };
}

export const settingsHandlers: Handlers<
  'settings.get' | 'settings.set-language' | 'settings.choose-adb' | 'settings.reset-adb' | 'settings.copy-text'
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

  'settings.copy-text': async (session, { text }) => {
    session.ports.copyText(text);
    return { ok: true, value: null };
  },
};
