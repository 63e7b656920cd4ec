import { expect, test, vi } from 'vitest';

const exposed = vi.hoisted(() => ({ worlds: new Map<string, unknown>(), sent: [] as unknown[], listening: 0 }));

vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (name: string, value: unknown) => exposed.worlds.set(name, value),
  },
  ipcRenderer: {
    invoke: (...message: unknown[]) => {
      exposed.sent.push(message);
      return Promise.resolve({ ok: true, value: null });
    },
    on: () => {
      exposed.listening += 1;
    },
    removeListener: () => {
      exposed.listening -= 1;
    },
  },
}));

test('the page gets one call and one stream of events, nothing else', async () => {
  await import('../../main/preload/preload.ts');
  expect([...exposed.worlds.keys()]).toEqual(['handsight']);
  const surface = exposed.worlds.get('handsight') as {
    call: (channel: unknown, input: unknown) => Promise<unknown>;
    listen: (listener: unknown) => () => void;
  };
  expect(Object.keys(surface)).toEqual(['call', 'listen']);
  expect([surface.call.length, surface.listen.length]).toEqual([2, 1]);

  await surface.call('cases.recent', {});
  await surface.call('shell.openExternal', 'https://example.org');
  // Whatever the page names as channel travels as data on the one Electron channel that main checks.
  expect(exposed.sent).toEqual([
    ['handsight:call', 'cases.recent', {}],
    ['handsight:call', 'shell.openExternal', 'https://example.org'],
  ]);

  expect(() => surface.listen('not a function')).toThrow(TypeError);
  const stop = surface.listen(() => undefined);
  expect(exposed.listening).toBe(1);
  stop();
  expect(exposed.listening).toBe(0);
});
