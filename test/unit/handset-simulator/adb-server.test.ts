import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startHandset } from '../../handset-simulator/handset.ts';
import type { HandsetOptions, SimulatedHandset } from '../../handset-simulator/handset.ts';
import { personaIds } from '../../handset-simulator/persona/persona-folder.ts';
import { startRealAdb } from './real-adb.ts';
import type { AdbAnswer, RealAdb } from './real-adb.ts';

const personas = fileURLToPath(new URL('../../personas', import.meta.url));
const plugged: SimulatedHandset[] = [];
let adb: RealAdb;

beforeAll(async () => {
  adb = await startRealAdb();
});
afterEach(async () => {
  for (const handset of plugged.splice(0)) {
    await adb.run(['disconnect', handset.address]);
    await handset.close();
  }
});
afterAll(async () => {
  await adb.stop();
});

async function plugIn(persona: string, options: Partial<HandsetOptions> = {}): Promise<SimulatedHandset> {
  const handset = await startHandset({ personas, persona, ...options });
  plugged.push(handset);
  await adb.run(['connect', handset.address]);
  return handset;
}

async function ready(persona: string, options: Partial<HandsetOptions> = {}): Promise<SimulatedHandset> {
  const handset = await plugIn(persona, { approveAfterMs: 0, ...options });
  await adb.until(handset.address, 'device');
  return handset;
}

const on = (handset: SimulatedHandset, ...args: string[]): Promise<AdbAnswer> =>
  adb.run(['-s', handset.address, ...args]);
const text = (answer: AdbAnswer): string => answer.out.toString('utf8');

describe('the real adb server and each persona', () => {
  it.each(personaIds(personas))(
    '%s: attaches, shell and exit codes as of its release, push and pull',
    async (persona) => {
      const handset = await ready(persona);
      const modern = handset.device.release >= 700;
      const said = await on(handset, 'shell', 'getprop ro.handsight.synthetic; echo oops >&2; exit 7');
      expect(text(said) + said.err).toBe(
        modern ? 'synthetic demonstration\noops\n' : 'synthetic demonstration\r\noops\r\n',
      );
      expect(said.err).toBe(modern ? 'oops\n' : '');
      expect(said.status).toBe(modern ? 7 : 0);

      const content = Buffer.from(Array.from({ length: 300_001 }, (_, index) => (index * 7) & 255));
      const local = join(adb.folder, `${persona}.bin`);
      writeFileSync(local, content);
      expect((await on(handset, 'push', local, '/data/local/tmp/x.bin')).status).toBe(0);
      expect((await on(handset, 'pull', '/data/local/tmp/x.bin', `${local}.back`)).status).toBe(0);
      expect(readFileSync(`${local}.back`).equals(content)).toBe(true);
      expect((await on(handset, 'push', local, '/system/x.bin')).status).toBe(persona === 'modern-rooted' ? 0 : 1);
      expect((await on(handset, 'pull', '/nowhere', local)).status).toBe(1);

      const package_ = text(await on(handset, 'shell', 'pm path com.android.settings'))
        .trim()
        .replace('package:', '');
      expect((await on(handset, 'pull', package_, `${local}.apk`)).status).toBe(0);
      expect(readFileSync(`${local}.apk`).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    },
  );

  it('an old release has neither exec, nor reverse, nor shell v2', async () => {
    const handset = await ready('founding-before');
    expect((await on(handset, 'exec-out', 'id')).err).toContain('closed');
    expect((await on(handset, 'reverse', 'tcp:9000', 'tcp:9001')).status).not.toBe(0);
    await on(handset, 'shell', 'id');
    expect(handset.log.filter((service) => service.startsWith('shell,'))).toEqual([]);
  });

  it('a modern one gives binary output unharmed', async () => {
    const handset = await ready('modern-locked');
    const png = (await on(handset, 'exec-out', 'screencap -p')).out;
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect(png.equals((await on(handset, 'shell', 'screencap -p')).out)).toBe(true);
  });

  it('asks the person before it trusts a key, and forgets when told', async () => {
    const handset = await plugIn('modern-locked');
    await adb.until(handset.address, 'unauthorized');
    expect((await on(handset, 'shell', 'id')).err).toContain('unauthorized');
    handset.authorise();
    await adb.until(handset.address, 'device');
    expect(text(await on(handset, 'shell', 'id'))).toContain('uid=2000(shell)');
    expect(handset.log.filter((note) => note.startsWith('prompt:'))).toHaveLength(1);
    handset.revoke();
    await adb.run(['disconnect', handset.address]);
    await adb.run(['connect', handset.address]);
    await adb.until(handset.address, 'unauthorized');
  });

  it('reverse: rules, and a stream opened by the handset', async () => {
    const handset = await ready('modern-rooted');
    const server = createServer((_request, response) => response.end('from the workstation'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect((await on(handset, 'reverse', 'tcp:8118', `tcp:${port}`)).status).toBe(0);
    expect(text(await on(handset, 'reverse', '--list'))).toContain(`tcp:8118 tcp:${port}`);
    expect(text(await on(handset, 'reverse', 'tcp:0', 'tcp:1'))).toMatch(/^\d+\n$/);
    const stream = await handset.openReverse('tcp:8118');
    expect(stream).not.toBeNull();
    const answer = await new Promise<string>((resolve) => {
      let got = '';
      stream?.onData((data) => void (got += data.toString('utf8')));
      stream?.onClose(() => resolve(got));
      void stream?.write(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
    });
    expect(answer).toContain('from the workstation');
    expect((await on(handset, 'reverse', '--remove', 'tcp:8118')).status).toBe(0);
    // The trap that aborts a real server: nothing is opened once the rule is gone.
    expect(await handset.openReverse('tcp:8118')).toBeNull();
    expect(await adb.state(handset.address)).toBe('device');
    await new Promise((resolve) => server.close(resolve));
  });

  it('a cable pulled in the middle of a stream: half the bytes, offline, back after the replug', async () => {
    const handset = await ready('modern-locked', {
      faults: [{ service: 'dumpsys package', afterBytes: 5000, action: 'unplug' }],
    });
    const half = await on(handset, 'shell', 'dumpsys package');
    // adb's own command line says nothing of it: that is why the workstation does not use it.
    expect(half.out.length).toBeGreaterThan(0);
    expect(half.out.length).toBeLessThanOrEqual(5000);
    expect(handset.log.some((note) => /^fault: unplug in shell,v2,.*:dumpsys package$/.test(note))).toBe(true);
    // The client may hear of it before the server has noted it.
    await expect.poll(() => adb.state(handset.address), { timeout: 15_000 }).not.toBe('device');
    await handset.replug();
    await adb.run(['connect', handset.address]);
    await adb.until(handset.address, 'device');
    expect((await on(handset, 'shell', 'dumpsys package')).out.length).toBeGreaterThan(5000);
  });

  it('vanishes at once when it was attached as an emulator, as a USB handset does', async () => {
    const handset = await startHandset({ personas, persona: 'founding-before' });
    plugged.push(handset);
    await adb.host(`host:emulator:${handset.port}`).catch(() => '');
    const serial = `emulator-${handset.port - 1}`;
    await adb.until(serial, 'device');
    await handset.unplug();
    await adb.until(serial, null);
  });

  it('a mute handset says nothing any more and stays attached', async () => {
    const handset = await ready('founding-before');
    handset.mute(true);
    const asked = on(handset, 'shell', 'getprop');
    expect(await Promise.race([asked, sleep(700, 'silence')])).toBe('silence');
    expect(await adb.state(handset.address)).toBe('device');
    await handset.unplug();
    await asked;
  });

  it('answers can be replaced, endless and hanging ones included', async () => {
    const handset = await ready('modern-locked', {
      overrides: [
        { match: 'getprop', stdout: '[a]: [<script>]\n', exitCode: 3 },
        { match: /^logcat/, stdout: 'x'.repeat(4096), endless: true },
        { match: 'dumpsys alarm', stdout: 'begun\n', hang: true },
      ],
    });
    const fake = await on(handset, 'shell', 'getprop');
    expect([text(fake), fake.status]).toEqual(['[a]: [<script>]\n', 3]);
    for (const line of ['logcat -d', 'dumpsys alarm']) {
      const child = adb.start(['-s', handset.address, 'shell', line]);
      let bytes = 0;
      child.stdout?.on('data', (data: Buffer) => (bytes += data.length));
      await sleep(400);
      expect(child.exitCode).toBeNull();
      expect(bytes).toBeGreaterThan(line === 'logcat -d' ? 100_000 : 5);
      child.kill('SIGKILL');
    }
    expect((await on(handset, 'shell', 'true')).status).toBe(0);
  });
});

describe('tcpdump behind the rooted persona', () => {
  it('captures what the handset sends and nothing else, and ends with its totals', async () => {
    const handset = await ready('modern-rooted');
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const child = adb.start([
      '-s',
      handset.address,
      'shell',
      'echo PID $$ >&2; exec tcpdump -i any -n -s 0 -U -B 8192 -w -',
    ]);
    const capture: Buffer[] = [];
    let words = '';
    child.stdout?.on('data', (data: Buffer) => void capture.push(data));
    child.stderr?.on('data', (data: Buffer) => void (words += data.toString('utf8')));
    for (let i = 0; i < 200 && !words.includes('listening on'); i += 1) await sleep(50);
    expect(text(await on(handset, 'shell', `curl -s http://127.0.0.1:${port}/canary?nonce=c0ffee`))).toBe('ok');
    expect((await on(handset, 'shell', 'curl -s http://192.0.2.1/')).status).toBe(6);
    await fetch(`http://127.0.0.1:${port}/not-the-handset`);
    for (let i = 0; i < 100 && !['c0ffee', 'imei='].every((part) => Buffer.concat(capture).includes(part)); i += 1)
      await sleep(50);
    await on(handset, 'shell', `kill -INT ${/PID (\d+)/.exec(words)?.[1] ?? ''}`);
    const status = await new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => server.close(resolve));
    const bytes = Buffer.concat(capture);
    expect(status).toBe(0);
    expect(bytes.readUInt32LE(0)).toBe(0xa1b2c3d4);
    expect(bytes.includes('GET /canary?nonce=c0ffee HTTP/1.1')).toBe(true);
    expect(bytes.includes('not-the-handset')).toBe(false);
    expect(bytes.includes(`imei=${handset.device.values['imei']?.toString() ?? ''}`)).toBe(true);
    expect(words).toMatch(/\d+ packets captured[\s\S]*0 packets dropped by kernel/);
  });

  it('leaves no tcpdump behind when the simulator is killed', async () => {
    const program = fileURLToPath(new URL('../../handset-simulator/main.ts', import.meta.url));
    const simulator = spawn(process.execPath, [program, '--personas', 'modern-rooted'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const first = await new Promise<string>((resolve) =>
      simulator.stdout.once('data', (data: Buffer) => resolve(data.toString('utf8'))),
    );
    const { address, port } = JSON.parse(first.split('\n')[0] ?? '') as { address: string; port: number };
    await adb.run(['connect', address]);
    await adb.until(address, 'device');
    const capture = adb.start(['-s', address, 'shell', 'tcpdump -i any -w -']);
    const running = (): boolean =>
      readdirSync('/proc').some((id) => {
        const words = /^\d+$/.test(id) && existsSync(`/proc/${id}/cmdline`) ? commandLine(id) : '';
        return words.startsWith('/usr/bin/tcpdump') && words.includes(`host 127.8.${port >> 8}.${port & 255}`);
      });
    for (let i = 0; i < 100 && !running(); i += 1) await sleep(50);
    expect(running()).toBe(true);
    simulator.kill('SIGKILL');
    for (let i = 0; i < 100 && running(); i += 1) await sleep(50);
    expect(running()).toBe(false);
    capture.kill('SIGKILL');
    await adb.run(['disconnect', address]);
  });
});

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended while we looked.
    return '';
  }
}
