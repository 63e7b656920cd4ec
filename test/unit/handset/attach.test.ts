import { afterEach, expect, test } from 'vitest';
import { createHandsetDirectory } from '../../../main/handset/directory.ts';
import { block, startFakeServer } from './fake-adb-server.ts';

let close: (() => Promise<void>) | null = null;
afterEach(async () => {
  await close?.();
  close = null;
});

const address = '127.0.0.1:5555';

/** A server that gives one answer after the other to `connect` (the last one for ever), and one list after the other. */
async function directoryOver(connects: readonly string[], lists: readonly string[]) {
  let connected = 0;
  let listed = 0;
  const server = await startFakeServer((service, socket) => {
    const answer = service.startsWith('host:connect:')
      ? connects[Math.min(connected++, connects.length - 1)]
      : service === 'host:devices-l'
        ? lists[Math.min(listed++, lists.length - 1)]
        : `disconnected ${address}`;
    socket.end(`OKAY${block(answer ?? '')}`);
    return Promise.resolve();
  });
  close = () => server.close();
  return { directory: createHandsetDirectory(server), requests: server.requests };
}

const already = `already connected to ${address}`;
const anew = `connected to ${address}`;

test('a handset that is on the way out when «already connected» is said is connected anew', async () => {
  const { directory, requests } = await directoryOver([already, anew], ['']);
  expect(await directory.attach(address)).toMatchObject({ ok: true, value: { already: false, said: anew } });
  expect(requests).toEqual([`host:connect:${address}`, 'host:devices-l', `host:connect:${address}`]);
});

test('one that stays listed as offline is let go first', async () => {
  const { directory, requests } = await directoryOver([already, already, anew], [`${address} offline`, '']);
  expect(await directory.attach(address)).toMatchObject({ ok: true, value: { already: false } });
  expect(requests.filter((service) => service.startsWith('host:disconnect:'))).toHaveLength(1);
});

test('one that is there stays as it is', async () => {
  const { directory, requests } = await directoryOver([already], [`${address} device`]);
  expect(await directory.attach(address)).toMatchObject({ ok: true, value: { already: true } });
  expect(requests).toHaveLength(2);
});

test('a server that says the same for ever is not asked for ever', async () => {
  const { directory, requests } = await directoryOver([already], ['']);
  expect(await directory.attach(address)).toMatchObject({ ok: true, value: { already: true } });
  expect(requests.length).toBeLessThan(10);
});
