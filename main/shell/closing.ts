import { app, dialog, type BrowserWindow } from 'electron';
import type { HostConnection } from '../ipc/host-connection.ts';
import type { Say } from './words.ts';

/** Long enough for a capture to be put away; after it the crash-safe storage has to do. */
const stopTimeoutMs = 30_000;

export interface Closing {
  /** To be called whenever a task changes: a hidden program ends when its last task has. */
  readonly taskChanged: () => void;
  /** A second start brings the window back. */
  readonly show: () => void;
}

/**
 * Closing the window does not end a run: with tasks running the person chooses between letting them finish,
 * ending them safely, and going back.
 */
export function handleClosing(window: BrowserWindow, host: HostConnection, say: () => Say): Closing {
  let state: 'open' | 'asking' | 'finishing' | 'leaving' = 'open';

  async function leave(): Promise<void> {
    if (state === 'leaving') return;
    state = 'leaving';
    if (!window.isDestroyed()) window.hide();
    await host.stop(stopTimeoutMs);
    app.exit(0);
  }

  async function ask(): Promise<void> {
    const count = host.running().length;
    if (count === 0) return leave();
    state = 'asking';
    const words = say();
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: words('ui.closing.title'),
      message: words('ui.closing.message', { count }),
      detail: words('ui.closing.detail'),
      buttons: [words('ui.closing.finish'), words('ui.closing.stop'), words('ui.closing.back')],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    if (response === 1) return leave();
    if (response === 2) {
      state = 'open';
      return;
    }
    state = 'finishing';
    window.hide();
    if (host.running().length === 0) await leave();
  }

  window.on('close', (event) => {
    if (state === 'leaving') return;
    event.preventDefault();
    if (state === 'open') void ask();
  });
  app.on('before-quit', (event) => {
    if (state === 'leaving') return;
    event.preventDefault();
    if (state === 'open') void ask();
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave());

  return {
    taskChanged() {
      if (state === 'finishing' && host.running().length === 0) void leave();
    },
    show() {
      if (state === 'finishing') state = 'open';
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}
