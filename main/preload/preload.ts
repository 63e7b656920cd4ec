import { contextBridge, ipcRenderer } from 'electron';

// The whole surface between page and main: one call, one stream of events. Main checks everything that comes through.
contextBridge.exposeInMainWorld('handsight', {
  call: (channel: unknown, input: unknown): Promise<unknown> => ipcRenderer.invoke('handsight:call', channel, input),
  listen: (listener: unknown): (() => void) => {
    if (typeof listener !== 'function') throw new TypeError('listener must be a function');
    const forward = (_event: unknown, message: unknown): void => {
      Reflect.apply(listener, undefined, [message]);
    };
    ipcRenderer.on('handsight:event', forward);
    return () => {
      ipcRenderer.removeListener('handsight:event', forward);
    };
  },
});
