import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { encodeService, openHandsetService, queryHost } from '../../../main/handset/adb-service.ts';
import { openHandsetLink } from '../../../main/handset/link.ts';
import type { HandsetLink } from '../../../main/handset/link.ts';
import { encodeShellPacket } from '../../../main/handset/shell-v2.ts';
import { syncRequest } from '../../../main/handset/sync-wire.ts';
import { block, startFakeServer } from './fake-adb-server.ts';
import type { ServiceScript } from './fake-adb-server.ts';

let close: (() => Promise<void>) | null = null;
afterEach(async () => {
  await close?.();
  close = null;
});

async function fake(script: ServiceScript) {
  const server = await startFakeServer(script);
  close = () => server.close();
  return server;
}

/** A link to a handset that answers one service by `answer`. */
async function linkTo(features: string, answer: ServiceScript): Promise<HandsetLink> {
  const server = await fake(async (service, socket, reader) => {
    if (service.endsWith(':features')) socket.end(`OKAY${block(features)}`);
    else if (service.startsWith('host:devices-l')) socket.end(`OKAY${block('s device transport_id:1')}`);
    else if (service.startsWith('host:transport:')) socket.write('OKAY');
    else await answer(service, socket, reader);
  });
  const link = await openHandsetLink(server, 's', { openTimeoutMs: 1000 });
  if (!link.ok) throw new Error(link.problem.code);
  return link.value;
}

describe('service strings', () => {
  test('the length counts UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const encoded = encodeService(text);
        if (text.includes('\0')) return expect(encoded.ok).toBe(false);
        expect(encoded.ok).toBe(true);
        if (!encoded.ok) return;
        expect(parseInt(encoded.value.toString('latin1', 0, 4), 16)).toBe(encoded.value.length - 4);
        expect(encoded.value.subarray(4).toString('utf8')).toBe(Buffer.from(text, 'utf8').toString('utf8'));
      }),
    );
  });

  test('65,535 bytes pass, one more does not, and NUL never', () => {
    expect(encodeService('x'.repeat(65_535))).toMatchObject({ ok: true });
    expect(encodeService('é'.repeat(32_768))).toMatchObject({
      ok: false,
      problem: { code: 'LIMIT', params: { bytes: 65_536 } },
    });
    expect(encodeService('a\0b')).toMatchObject({ ok: false, problem: { code: 'value-invalid' } });
  });

  test.each([
    ["device 'x' not found", 'NOT_FOUND'],
    ['device offline', 'OFFLINE'],
    ["device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set", 'UNAUTHORIZED'],
    ['device still authorizing', 'UNAUTHORIZED'],
    ['insufficient permissions for device', 'REFUSED'],
    ['closed', 'REFUSED'],
    ['something new', 'REMOTE'],
  ])('FAIL %j is %s', async (text, code) => {
    const server = await fake((_service, socket) => Promise.resolve(void socket.end(`FAIL${block(text)}`)));
    const opened = await openHandsetService(server, 'x', 'shell:id');
    expect(opened).toMatchObject({ ok: false, problem: { code } });
  });

  test('a server that is not there, is mute, talks nonsense, dies', async () => {
    expect(await queryHost({ endpoint: () => ({ host: '127.0.0.1', port: 9 }) }, 'host:version')).toMatchObject({
      ok: false,
      problem: { code: 'SERVER_DOWN' },
    });
    expect(await queryHost({ endpoint: () => null }, 'host:version')).toMatchObject({
      ok: false,
      problem: { code: 'SERVER_DOWN' },
    });
    const mute = await fake(() => new Promise(() => undefined));
    expect(await queryHost(mute, 'host:version', { timeoutMs: 80 })).toMatchObject({
      ok: false,
      problem: { code: 'TIMEOUT' },
    });
    const abort = AbortSignal.timeout(50);
    expect(await queryHost(mute, 'host:version', { signal: abort })).toMatchObject({
      ok: false,
      problem: { code: 'ABORTED' },
    });
    const nonsense = await fake((_s, socket) => Promise.resolve(void socket.end('HTTP/1.1 200')));
    expect(await queryHost(nonsense, 'host:version')).toMatchObject({ ok: false, problem: { code: 'PROTOCOL' } });
    const dying = await fake((_s, socket) => Promise.resolve(void socket.destroy()));
    expect(await queryHost(dying, 'host:version')).toMatchObject({ ok: false, problem: { code: 'SERVER_DOWN' } });
  });
});

describe('a command over a hostile or dying server', () => {
  test('a reset in the middle keeps what came, and says TRUNCATED', async () => {
    const link = await linkTo('shell_v2', (_s, socket) => {
      socket.write('OKAY');
      socket.write(encodeShellPacket(1, Buffer.from('half')), () =>
        // The kernel itself drops unread bytes on a reset: give them the time to arrive.
        setTimeout(() => socket.resetAndDestroy(), 30),
      );
      return Promise.resolve();
    });
    const result = await link.run('x');
    expect(result).toMatchObject({ ok: false, problem: { code: 'TRUNCATED' } });
    if (!result.ok) expect(result.partial?.stdout.toString()).toBe('half');
    expect(link.journal).toHaveLength(1);
    expect(link.journal[0]).toMatchObject({ service: 'shell,v2,raw:x', outcome: 'TRUNCATED', exitCode: null });
  });

  test('a protocol violation keeps what came, and says PROTOCOL', async () => {
    const link = await linkTo('shell_v2', (_s, socket) => {
      socket.end(
        Buffer.concat([Buffer.from('OKAY'), encodeShellPacket(1, Buffer.from('a')), Buffer.from([7, 0, 0, 0, 0])]),
      );
      return Promise.resolve();
    });
    const result = await link.run('x');
    expect(result).toMatchObject({ ok: false, problem: { code: 'PROTOCOL' }, partial: { stdout: Buffer.from('a') } });
  });

  test('an exit packet followed by more is not believed', async () => {
    const link = await linkTo('shell_v2', (_s, socket) => {
      socket.write(Buffer.concat([Buffer.from('OKAY'), encodeShellPacket(3, Buffer.from([0]))]));
      setTimeout(() => socket.write(encodeShellPacket(1, Buffer.from('late'))), 50);
      return Promise.resolve();
    });
    expect(await link.run('x')).toMatchObject({
      ok: false,
      problem: { code: 'PROTOCOL', detail: 'bytes after the exit packet' },
    });
  });

  test('the cap is recorded, and the bytes are exactly the first ones', async () => {
    const link = await linkTo('shell_v2', async (_s, socket) => {
      socket.write('OKAY');
      while (!socket.destroyed) {
        if (!socket.write(encodeShellPacket(1, Buffer.alloc(1000, 0x61))))
          await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
      }
    });
    const result = await link.run('yes', { maxBytes: 2500 });
    expect(result).toMatchObject({ ok: true, value: { truncatedAtBytes: 2500, exitCode: null } });
    if (result.ok) expect(result.value.stdout.equals(Buffer.alloc(2500, 0x61))).toBe(true);
    expect(link.journal[0]?.outcome).toBe('LIMIT');
  });

  test('what streams past is not kept, and of its standard error no more than a mebibyte: the cut is recorded', async () => {
    const link = await linkTo('shell_v2', async (_s, socket) => {
      const large = encodeShellPacket(1, Buffer.alloc(2 * 1024 * 1024, 0x61));
      socket.write(Buffer.concat([Buffer.from('OKAY'), large]));
      while (!socket.destroyed) {
        const small = Array.from({ length: 400 }, () => encodeShellPacket(2, Buffer.from('err')));
        if (!socket.write(Buffer.concat(small)))
          await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
      }
    });
    let streamed = 0;
    const onStdout = (chunk: Uint8Array): void => void (streamed += chunk.length);
    const result = await link.run('bugreportz -s', { maxBytes: 8 * 1024 * 1024, keepStdout: false, onStdout });
    expect(streamed).toBe(2 * 1024 * 1024);
    expect(result).toMatchObject({ ok: true, value: { truncatedAtBytes: 3 * 1024 * 1024, exitCode: null } });
    if (result.ok) {
      expect(result.value.stdout).toHaveLength(0);
      expect(result.value.stderr.equals(Buffer.alloc(1024 * 1024, 'err'))).toBe(true);
    }
    expect(link.journal[0]?.outcome).toBe('LIMIT');
  });

  test('time-out and abort end the stream and keep what came', async () => {
    let open = 0;
    const link = await linkTo('shell_v2', (_s, socket) => {
      open += 1;
      socket.once('close', () => (open -= 1));
      socket.write(Buffer.concat([Buffer.from('OKAY'), encodeShellPacket(2, Buffer.from('err'))]));
      return new Promise(() => undefined);
    });
    const late = await link.run('x', { timeoutMs: 100 });
    expect(late).toMatchObject({ ok: false, problem: { code: 'TIMEOUT' }, partial: { stderr: Buffer.from('err') } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    expect(await link.run('x', { signal: controller.signal })).toMatchObject({
      ok: false,
      problem: { code: 'ABORTED' },
    });
    await expect.poll(() => open).toBe(0);
  });

  test('close ends what is still running', async () => {
    const link = await linkTo('shell_v2', (_s, socket) => {
      socket.write('OKAY');
      return new Promise(() => undefined);
    });
    const running = link.run('x');
    setTimeout(() => link.close(), 100);
    expect(await running).toMatchObject({ ok: false, problem: { code: 'ABORTED' } });
  });

  test('a handset of before Android 7 is never sent a string that would abort the server', async () => {
    const link = await linkTo('', (_s, socket) => Promise.resolve(void socket.end('OKAY')));
    expect(await link.run('x'.repeat(4095 - 'shell:'.length))).toMatchObject({ ok: true });
    expect(await link.run('x'.repeat(4096 - 'shell:'.length))).toMatchObject({
      ok: false,
      problem: { code: 'LIMIT' },
      partial: null,
    });
    expect(link.journal).toHaveLength(1);
  });
});

describe('sync over a hostile handset', () => {
  const sync = async (features: string, answer: (socket: Socket) => void) =>
    await linkTo(features, (_s, socket) => {
      socket.write('OKAY');
      answer(socket);
      return new Promise(() => undefined);
    });

  const dent = (name: string): Buffer => {
    const bytes = Buffer.from(name);
    const head = Buffer.alloc(20);
    head.write('DENT', 0, 'latin1');
    head.writeUInt32LE(0o100644, 4);
    head.writeUInt32LE(12, 8);
    head.writeUInt32LE(1407405600, 12);
    head.writeUInt32LE(bytes.length, 16);
    return Buffer.concat([head, bytes]);
  };
  const done = Buffer.concat([Buffer.from('DONE'), Buffer.alloc(16)]);

  test('names that lead out of the folder are reported, not listed', async () => {
    const link = await sync('', (socket) =>
      socket.write(
        Buffer.concat([dent('.'), dent('..'), dent('../../etc/passwd'), dent('a\0b'), dent('好.txt'), dent(''), done]),
      ),
    );
    const listing = await link.readDir('/sdcard');
    expect(listing.ok).toBe(true);
    if (!listing.ok) return;
    expect(listing.value.entries.map((e) => [e.name, e.sizeBytes, e.mode])).toEqual([['好.txt', 12, 0o100644]]);
    expect(listing.value.unsafeNames.map(String)).toEqual(['../../etc/passwd', 'a\0b', '']);
    expect(listing.value).toMatchObject({ count: 4, unsafeCount: 3, truncatedAtEntries: null });
  });

  test('entries are handed on one by one, the next only when the last was taken; a cap is recorded', async () => {
    const names = Array.from({ length: 2000 }, (_, i) => `n${i}`);
    const link = await sync('', (socket) => socket.write(Buffer.concat([...names.map(dent), dent('/'), done])));
    const seen: string[] = [];
    let held = 0;
    let most = 0;
    const listing = await link.readDir('/x', {
      onEntry: async ({ name }) => {
        most = Math.max(most, (held += 1));
        await Promise.resolve();
        held -= 1;
        seen.push(name);
      },
    });
    expect(listing).toMatchObject({ ok: true, value: { entries: [], count: 2001, unsafeCount: 1 } });
    expect(seen).toEqual(names);
    expect(most).toBe(1);
    expect(await link.readDir('/x', { maxEntries: 10 })).toMatchObject({
      ok: true,
      value: { count: 10, truncatedAtEntries: 10 },
    });
  });

  test('a thousand unsafe names are kept, all are counted', async () => {
    const link = await sync('', (socket) =>
      socket.write(Buffer.concat([...Array.from({ length: 1500 }, () => dent('a/b')), done])),
    );
    const listing = await link.readDir('/x');
    expect(listing).toMatchObject({ ok: true, value: { entries: [], count: 1500, unsafeCount: 1500 } });
    expect(listing.ok && listing.value.unsafeNames.length).toBe(1000);
  });

  test('whoever takes the bytes fails: the error comes out, and the stream is closed', async () => {
    let closed = false;
    const link = await sync('', (socket) => {
      socket.once('close', () => (closed = true));
      socket.write(syncRequest('DATA', Buffer.from('abc')));
    });
    const pulling = link.pull('/x', () => {
      throw new Error('ENOSPC: no space left on device');
    });
    await expect(pulling).rejects.toThrow('ENOSPC');
    expect(link.journal.at(-1)).toMatchObject({ request: 'RECV /x', outcome: 'ABORTED' });
    await expect.poll(() => closed).toBe(true);
  });

  test('a name length of 4 GB, a block of 4 GB, an unknown word: PROTOCOL', async () => {
    const huge = dent('');
    huge.writeUInt32LE(0xffffffff, 16);
    const listing = await sync('', (socket) => socket.write(huge));
    expect(await listing.readDir('/x')).toMatchObject({ ok: false, problem: { code: 'PROTOCOL' } });
    const data = await sync('', (socket) => socket.write(Buffer.from('DATA\xff\xff\xff\xff', 'latin1')));
    expect(await data.pull('/x', () => undefined)).toMatchObject({
      ok: false,
      problem: { code: 'PROTOCOL' },
      partial: null,
    });
    const word = await sync('', (socket) => socket.write('WHAT\0\0\0\0'));
    expect(await word.pull('/x', () => undefined)).toMatchObject({ ok: false, problem: { code: 'PROTOCOL' } });
  });

  test('a pull that ends without DONE is TRUNCATED and says what came', async () => {
    const link = await sync('', (socket) => {
      socket.write(syncRequest('DATA', Buffer.from('abc')), () => setTimeout(() => socket.destroy(), 50));
    });
    const result = await link.pull('/x', () => undefined);
    // SHA-256 of «abc» (FIPS 180-4).
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'TRUNCATED' },
      partial: { bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    });
  });

  test('a transfer that stands still times out; a cap is recorded; a long path is refused', async () => {
    const still = await sync('', (socket) => socket.write(syncRequest('DATA', Buffer.from('abc'))));
    expect(await still.pull('/x', () => undefined, { idleTimeoutMs: 80 })).toMatchObject({
      ok: false,
      problem: { code: 'TIMEOUT' },
      partial: { bytes: 3 },
    });
    const capped = await sync('', (socket) => socket.write(syncRequest('DATA', Buffer.from('abcdef'))));
    expect(await capped.pull('/x', () => undefined, { maxBytes: 3 })).toMatchObject({
      ok: true,
      value: { bytes: 3, truncatedAtBytes: 3 },
    });
    expect(await capped.pull(`/${'é'.repeat(600)}`, () => undefined)).toMatchObject({
      ok: false,
      problem: { code: 'LIMIT' },
    });
  });

  test.each([
    ['No such file or directory', 'NOT_FOUND'],
    ['Permission denied', 'REFUSED'],
    ['open failed: Required key not available', 'REFUSED'],
    ['remote is confused', 'REMOTE'],
  ])('FAIL «%s» is %s', async (text, code) => {
    const link = await sync('', (socket) => socket.write(syncRequest('FAIL', Buffer.from(text))));
    expect(await link.pull('/x', () => undefined)).toMatchObject({ ok: false, problem: { code, detail: text } });
  });
});
