import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAdbKeyFingerprint } from '../../main/handset/adb-key.ts';
import { readServerRecords } from '../../main/handset/adb-record.ts';
import { startOwnAdbServer } from '../../main/handset/adb-server.ts';
import type { AdbServerEvent } from '../../main/handset/adb-server.ts';
import { findAdb } from '../../main/handset/find-adb.ts';
import { detectForeignServer, useRunningServer } from '../../main/handset/running-server.ts';
import { openHandsetLink } from '../../main/handset/link.ts';
import { openBench, until, valueOf } from './handset-bench.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-server-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const places = () => ({
  keyDirectory: join(folder, 'home'),
  temporaryDirectory: join(folder, 'tmp'),
  noLocalTransports: true,
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('our own adb server', () => {
  test('starts on a port of its own, makes the key, and leaves nothing but the key', async () => {
    const server = valueOf(await startOwnAdbServer(places()));
    const pid = server.pid() ?? 0;
    expect(server.version).toBeGreaterThanOrEqual(39);
    expect(server.endpoint()?.port).not.toBe(5037);
    expect(isAlive(pid)).toBe(true);
    expect(readServerRecords(places().keyDirectory)).toMatchObject([
      { pid, port: server.endpoint()?.port, ownerPid: process.pid },
    ]);
    expect(readAdbKeyFingerprint(places().keyDirectory)?.shownOnHandset).toMatch(/^([0-9A-F]{2}:){15}[0-9A-F]{2}$/);
    const endpoint = server.endpoint();
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(server.endpoint()).toBeNull();
    expect(endpoint === null ? null : await detectForeignServer(endpoint)).toBeNull();
    expect(readdirSync(places().keyDirectory)).toEqual(['.android']);
    expect(readdirSync(join(places().keyDirectory, '.android')).sort()).toEqual(['adbkey', 'adbkey.pub']);
    expect(readdirSync(places().temporaryDirectory)).toEqual([]);
  });

  test('two at a time do not disturb each other, and share the key', async () => {
    const first = valueOf(await startOwnAdbServer(places()));
    const print = readAdbKeyFingerprint(places().keyDirectory);
    const second = valueOf(await startOwnAdbServer(places()));
    expect(second.endpoint()?.port).not.toBe(first.endpoint()?.port);
    expect(readAdbKeyFingerprint(places().keyDirectory)).toEqual(print);
    await first.stop();
    await second.stop();
  });

  test('killed, it comes back, and the handsets with it', async () => {
    const bench = await openBench();
    const handset = await bench.plug('modern-locked');
    const link = await bench.link(handset);
    const events: AdbServerEvent['type'][] = [];
    const seen: string[] = [];
    bench.server.onEvent((event) => events.push(event.type));
    const stop = bench.directory.watch((event) => seen.push(event.type));
    await until(() => seen.includes('present'));
    const running = link.run('sleep 30');
    await until(() => handset.log.includes('shell,v2,raw:sleep 30'));
    // The handset's OKAY has to travel back.
    await sleep(200);
    const pid = bench.server.pid() ?? 0;
    process.kill(pid, 'SIGABRT');
    const result = await running;
    expect(result).toMatchObject({ ok: false, problem: { code: 'TRUNCATED' } });
    await until(() => events.includes('up'));
    expect(events[0]).toBe('down');
    expect(bench.server.pid()).not.toBe(pid);
    await until(() => seen.includes('resync'));
    await until(async () => (await link.run('echo again')).ok);
    stop();
    await bench.close();
  });

  test('no orphan when we are killed without a chance to clean up', async () => {
    const script = `
      const { startOwnAdbServer } = await import(${JSON.stringify(fileURLToPath(new URL('../../main/handset/adb-server.ts', import.meta.url)))});
      const server = await startOwnAdbServer(${JSON.stringify(places())});
      console.log(server.value.pid());
      setInterval(() => undefined, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      owner.stdout.once('data', (text: Buffer) => resolve(Number(text))),
    );
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGKILL');
    await until(() => !isAlive(pid), 5000);
    // What is left is the record; the next start sweeps it.
    await until(() => !isAlive(owner.pid ?? 0));
    expect(readServerRecords(places().keyDirectory)).toHaveLength(1);
    const next = valueOf(await startOwnAdbServer(places()));
    expect(readServerRecords(places().keyDirectory).map((record) => record.ownerPid)).toEqual([process.pid]);
    await next.stop();
  });

  test('a server that was left behind is ended by the next start; another process with that number is not', async () => {
    const adb = valueOf(findAdb());
    const probe = valueOf(await startOwnAdbServer(places()));
    const port = probe.endpoint()?.port ?? 0;
    await probe.stop();
    const left = spawn(adb.path, ['-P', String(port), 'nodaemon', 'server'], {
      stdio: 'ignore',
      env: { ...process.env, HOME: places().keyDirectory, TMPDIR: folder, ADB_LOCAL_TRANSPORT_MAX_PORT: '1' },
    });
    const bystander = spawn('sleep', ['30'], { stdio: 'ignore' });
    const dead = spawn('true', { stdio: 'ignore' });
    await new Promise((resolve) => dead.once('exit', resolve));
    await until(async () => (await detectForeignServer({ host: '127.0.0.1', port })) !== null);
    const write = (pid: number, onPort: number): void =>
      writeFileSync(
        join(places().keyDirectory, `adb-server-${pid}.json`),
        JSON.stringify({ pid, port: onPort, ownerPid: dead.pid }),
      );
    write(left.pid ?? 0, port);
    write(bystander.pid ?? 0, port);
    writeFileSync(join(places().keyDirectory, 'adb-server-9.json'), '{"pid":-1');
    const gone = new Promise((resolve) => left.once('exit', resolve));
    const next = valueOf(await startOwnAdbServer(places()));
    await gone;
    expect(isAlive(bystander.pid ?? 0)).toBe(true);
    expect(readServerRecords(places().keyDirectory)).toHaveLength(1);
    await next.stop();
    bystander.kill();
  });

  test('what can go wrong is said', async () => {
    expect(await startOwnAdbServer({ ...places(), adbPath: '/nonexistent/adb' })).toMatchObject({
      ok: false,
      problem: { code: 'NO_ADB' },
    });
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/adb'), 'not a program', { mode: 0o755 });
    expect(await startOwnAdbServer({ ...places(), adbPath: join(folder, 'bin/adb') })).toMatchObject({ ok: false });
    writeFileSync(join(folder, 'bin/dies'), '#!/bin/sh\necho broken libraries >&2; exit 1\n', { mode: 0o755 });
    expect(await startOwnAdbServer({ ...places(), adbPath: join(folder, 'bin/dies'), maxStarts: 2 })).toMatchObject({
      ok: false,
      problem: { code: 'SERVER_DOWN', detail: 'broken libraries' },
    });
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await startOwnAdbServer({ ...places(), port })).toMatchObject({
      ok: false,
      problem: { code: 'PORT_TAKEN', params: { port } },
    });
    blocker.close();
    expect(existsSync(places().keyDirectory) ? readServerRecords(places().keyDirectory) : []).toEqual([]);
  });
});

test('a running server is used, its handsets are seen, and it is left alone', async () => {
  const bench = await openBench();
  const handset = await bench.plug('modern-locked');
  await bench.link(handset);
  const endpoint = bench.server.endpoint() ?? { host: '', port: 0 };
  const foreign = await detectForeignServer(endpoint);
  expect(foreign?.handsets).toMatchObject([{ serial: handset.address, state: 'device', transport: 'tcp' }]);
  const running = valueOf(await useRunningServer(endpoint));
  const link = valueOf(await openHandsetLink(running, handset.address));
  expect((await link.run('id')).ok).toBe(true);
  await running.stop();
  expect(await detectForeignServer(endpoint)).not.toBeNull();
  expect(await useRunningServer({ host: '127.0.0.1', port: 9 })).toMatchObject({
    ok: false,
    problem: { code: 'SERVER_DOWN' },
  });
  await bench.close();
});
