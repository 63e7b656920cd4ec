import { afterEach, describe, expect, test, vi } from 'vitest';
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

test('one that the server takes a while to let go of is let go, and waited for', async () => {
  const offline = `${address} offline`;
  const { directory } = await directoryOver([...Array<string>(6).fill(already), anew], [offline, offline, '']);
  expect(await directory.attach(address)).toMatchObject({ ok: true, value: { already: false, said: anew } });
});

test('a server that says the same for ever is not asked for ever, and not believed', async () => {
  const { directory, requests } = await directoryOver([already], ['']);
  expect(await directory.attach(address)).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND', detail: already } });
  expect(requests.length).toBeLessThan(20);
});

test('nor is a person who ends it kept waiting', async () => {
  const { directory, requests } = await directoryOver([already], ['']);
  const stop = new AbortController();
  const attaching = directory.attach(address, { signal: stop.signal });
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(3));
  stop.abort();
  expect(await attaching).toMatchObject({ ok: false, problem: { code: 'ABORTED' } });
});

describe('wireless pairing', () => {
  async function pairing(answer: string): Promise<ReturnType<typeof createHandsetDirectory>> {
    const server = await startFakeServer((service, socket) => {
      expect(service).toBe('host:pair:123456:192.0.2.7:37123');
      socket.end(answer);
      return Promise.resolve();
    });
    close = () => server.close();
    return createHandsetDirectory(server);
  }

  test.each([
    [`OKAY${block('Successfully paired to 192.0.2.7:37123 [guid=adb-x]')}`, { ok: true }],
    [
      `OKAY${block('Failed: Wrong password or connection was dropped.')}`,
      { ok: false, problem: { code: 'pairing-refused', detail: 'Failed: Wrong password or connection was dropped.' } },
    ],
    [`FAIL${block('unknown host service')}`, { ok: false, problem: { code: 'pairing-unsupported' } }],
  ])('%s', async (answer, expected) => {
    expect(await (await pairing(answer)).pair('192.0.2.7:37123', '123456')).toMatchObject(expected);
  });

  test('a code that is no code never reaches the server', async () => {
    const directory = await pairing('');
    for (const code of ['12345', '1234567', '12:456', '\u0661\u0662\u0663\u0664\u0665\u0666'])
      expect(await directory.pair('192.0.2.7:37123', code)).toMatchObject({
        ok: false,
        problem: { code: 'value-invalid' },
      });
  });
});
