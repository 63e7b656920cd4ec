import { join } from 'node:path';
import { BrowserWindow, ipcMain, session } from 'electron';
import type { WindowEvent } from '../../shared/contract/window.ts';
import type { Sender } from '../ipc/dispatch.ts';
import { pageAddress, scheme, servePage } from './app-protocol.ts';
import { denyEverything, pinContents } from './policies.ts';
import { mainWindowOptions } from './window-options.ts';

export interface MainWindow {
  readonly window: BrowserWindow;
  readonly load: () => Promise<void>;
  readonly tell: (event: WindowEvent) => void;
}

export interface MainWindowOptions {
  /** Folder of the build: `renderer/` and `preload/` lie in it. */
  readonly build: string;
  readonly title: string;
  readonly dispatch: (sender: Sender, channel: unknown, input: unknown) => Promise<unknown>;
}

/** The page's session: our own files and nothing else. */
function prepareSession(build: string): void {
  denyEverything(session.defaultSession, (address) => address.startsWith(`${scheme}://handsight/`));
  servePage(session.defaultSession, join(build, 'renderer'));
}

/** Makes the window (not yet shown) and opens the one door for its page. Call once. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  prepareSession(options.build);
  const window = new BrowserWindow(mainWindowOptions(join(options.build, 'preload', 'preload.cjs'), options.title));
  pinContents(window.webContents);
  window.on('page-title-updated', (event) => event.preventDefault());
  // Electron's own listener type wants `any`; what arrives is checked by dispatch.
  ipcMain.handle('handsight:call', (event, channel: unknown, input: unknown) => {
    const frame = event.senderFrame;
    const sender: Sender = {
      url: frame?.url ?? null,
      isMainFrameOfWindow:
        !window.isDestroyed() && event.sender === window.webContents && frame === window.webContents.mainFrame,
    };
    return options.dispatch(sender, channel, input);
  });
  return {
    window,
    load: () => window.loadURL(pageAddress),
    tell(event) {
      if (!window.isDestroyed()) window.webContents.send('handsight:event', event);
    },
  };
}
