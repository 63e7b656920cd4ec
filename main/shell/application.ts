import { join } from 'node:path';
import { app, clipboard, shell } from 'electron';
import { createDispatcher } from '../ipc/dispatch.ts';
import { createHostConnection, type HostConnection } from '../ipc/host-connection.ts';
import type { RuntimeFacts, ShellPorts } from '../ipc/ports.ts';
import { createSession, taskForPage, type Session } from '../ipc/session.ts';
import type { WindowEvent } from '../../shared/contract/window.ts';
import { handleClosing, type Closing } from './closing.ts';
import { createDialogs } from './dialogs.ts';
import { startHostThread } from './host-thread.ts';
import { createMainWindow, type MainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { printPdf } from './print-pdf.ts';
import { openSettingsStore } from './settings-store.ts';
import { createWords, type Say } from './words.ts';

/** Cases made without a dialog go here; `HANDSIGHT_CASES_FOLDER` puts them elsewhere. */
function casesFolder(): string {
  return process.env['HANDSIGHT_CASES_FOLDER'] ?? join(app.getPath('documents'), 'Handsight');
}

function runtimeFacts(): RuntimeFacts {
  return {
    version: app.getVersion(),
    electron: process.versions.electron,
    chromium: process.versions['chrome'] ?? '',
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    developmentRuntime: process.env['HANDSIGHT_DEV_RUNTIME'] === '1',
  };
}

export interface Application {
  readonly host: HostConnection;
  readonly main: MainWindow;
  readonly closing: Closing;
}

/** Wires host, page and system together. `build` is the folder that holds `main/`, `preload/` and `renderer/`. */
export function createApplication(build: string): Application {
  const facts = runtimeFacts();
  const settings = openSettingsStore(join(app.getPath('userData'), 'settings.json'), app.getLocale());
  let words: Say = createWords(settings.get().language);
  const listeners = { tell: (_event: WindowEvent): void => {}, taskChanged: (): void => {} };

  const host = createHostConnection({
    start: () => startHostThread({ adbPath: settings.get().adbPath, resources: build, programVersion: facts.version }),
    language: () => settings.get().language,
    printPdf,
    onChanged: (topic, directory) =>
      listeners.tell({
        type: 'changed',
        topic,
        case: directory === null ? null : session.caseTokens.tokenOf(directory),
      }),
    onTask: (task) => {
      listeners.tell({ type: 'task', task: taskForPage(session, task) });
      listeners.taskChanged();
    },
    onRestarted: () => {
      for (const directory of session.openCases) void host.ask('cases.open', { directory }, null);
    },
    now: () => new Date(),
  });

  const ports: ShellPorts = {
    askHost: host.ask,
    dialogs: createDialogs({ window: () => main.window, say: () => words, casesFolder }),
    settings,
    facts,
    casesFolder,
    copyText: (text) => {
      void clipboard.writeText(text);
    },
    revealFile: (path) => shell.showItemInFolder(path),
    now: () => new Date(),
    tell: (event) => listeners.tell(event),
    languageChanged: () => {
      words = createWords(settings.get().language);
      setMenu(words, (action) => main.tell({ type: 'menu', action }));
    },
  };
  const session: Session = createSession(ports);
  const main = createMainWindow({
    build,
    title: facts.developmentRuntime ? 'Handsight — DEVELOPMENT' : 'Handsight',
    dispatch: createDispatcher(session),
  });
  ports.languageChanged();
  const closing = handleClosing(main.window, host, () => words);
  listeners.tell = main.tell;
  listeners.taskChanged = closing.taskChanged;
  return { host, main, closing };
}
