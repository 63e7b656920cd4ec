import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHandsetLink } from '../../main/handset/link.ts';
import type { HandsetLink } from '../../main/handset/link.ts';
import { personaIds } from '../handset-simulator/persona/persona-folder.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';
import { openBench, personas, until, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

const modern = 'modern-locked';
const old = 'founding-before';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
});

async function plugged(persona: string, options = {}): Promise<{ handset: SimulatedHandset; link: HandsetLink }> {
  const handset = await bench.plug(persona, options);
  return { handset, link: await bench.link(handset) };
}

describe('every persona through the real adb server', () => {
  test.each(personaIds(personas))('%s becomes `device`, and runs a command', async (persona) => {
    const { handset, link } = await plugged(persona);
    const said = valueOf(await link.run('getprop ro.build.version.release'));
    expect(said.stdout.toString().trim()).toBe(handset.device.persona.release);
    expect(said.protocol).toBe(handset.device.persona.features.includes('shell_v2') ? 'shell-v2' : 'shell-v1');
    expect([...link.features].sort()).toEqual([...handset.device.persona.features].sort());
    await handset.close();
  });
});

describe('commands', () => {
  test('shell v2: both streams apart, the exit status, non-ASCII unharmed', async () => {
    const { handset, link } = await plugged(modern);
    const result = valueOf(await link.run("echo '好 ÿ 😀'; echo bad >&2; exit 42"));
    expect(result).toMatchObject({ exitCode: 42, protocol: 'shell-v2', truncatedAtBytes: null });
    expect(result.stdout.toString()).toBe('好 ÿ 😀\n');
    expect(result.stderr.toString()).toBe('bad\n');
    expect(valueOf(await link.run('nosuchprogram'))).toMatchObject({ exitCode: 127 });
    expect(link.journal.map((e) => [e.service, e.outcome, e.exitCode])).toEqual([
      ["shell,v2,raw:echo '好 ÿ 😀'; echo bad >&2; exit 42", 'ok', 42],
      ['shell,v2,raw:nosuchprogram', 'ok', 127],
    ]);
    expect(handset.log).toContain("shell,v2,raw:echo '好 ÿ 😀'; echo bad >&2; exit 42");
    await handset.close();
  });

  test('shell v2 keeps bytes that are no text', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
    const { handset, link } = await plugged(modern, { overrides: [{ match: 'blob', stdout: bytes }] });
    expect(valueOf(await link.run('blob')).stdout.equals(bytes)).toBe(true);
    await handset.close();
  });

  test('shell v1: no exit status, CRLF kept as it came', async () => {
    const { handset, link } = await plugged(old);
    const result = valueOf(await link.run('echo one; nosuchprogram'));
    expect(result).toMatchObject({ exitCode: null, protocol: 'shell-v1' });
    expect(result.stdout.toString()).toContain('one\r\n');
    expect(result.stdout.toString()).toContain('not found');
    expect(result.stderr).toHaveLength(0);
    await handset.close();
  });

  test.each([modern, old])(
    '%s: the cable pulled in the middle is TRUNCATED, and what came is kept',
    async (persona) => {
      const text = 'x'.repeat(60_000);
      const { handset, link } = await plugged(persona, {
        overrides: [{ match: 'long', stdout: text }],
        faults: [{ service: ':long', afterBytes: 20_000, action: 'unplug' }],
      });
      const result = await link.run('long');
      expect(result).toMatchObject({ ok: false, problem: { code: 'TRUNCATED' } });
      if (result.ok) return;
      expect(result.partial?.exitCode).toBeNull();
      const kept = result.partial?.stdout ?? Buffer.alloc(0);
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.length).toBeLessThanOrEqual(20_000);
      expect(text.startsWith(kept.toString())).toBe(true);
      expect(link.journal.at(-1)).toMatchObject({ outcome: 'TRUNCATED' });
      await handset.replug();
      valueOf(await bench.directory.attach(handset.address));
      await until(async () => (await link.run('echo back')).ok);
      await handset.close();
    },
  );

  test('a mute handset times out; abort and cap end what would never end', async () => {
    const { handset, link } = await plugged(modern, {
      overrides: [
        { match: 'forever', stdout: 'y\n'.repeat(1000), endless: true },
        { match: 'hangs', stdout: 'first', hang: true },
      ],
    });
    const capped = valueOf(await link.run('forever', { maxBytes: 1_000_000 }));
    expect(capped).toMatchObject({ truncatedAtBytes: 1_000_000, exitCode: null });
    expect(capped.stdout.length).toBe(1_000_000);
    const late = await link.run('hangs', { timeoutMs: 200 });
    expect(late).toMatchObject({ ok: false, problem: { code: 'TIMEOUT' }, partial: { stdout: Buffer.from('first') } });
    handset.mute(true);
    expect(await link.run('id', { timeoutMs: 300 })).toMatchObject({
      ok: false,
      problem: { code: 'TIMEOUT' },
      partial: null,
    });
    handset.mute(false);
    await handset.close();
  });

  test('a slow reader slows the handset down instead of filling our memory', async () => {
    const { handset, link } = await plugged(modern, {
      overrides: [{ match: 'forever', stdout: Buffer.alloc(32_768, 0x41), endless: true }],
    });
    const process = valueOf(await link.spawn('forever'));
    process.stderr.resume();
    let held = 0;
    await sleep(600);
    // Nobody read: what lies in our buffers is bounded, however much the handset would send.
    held = process.stdout.readableLength;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(3 * 1024 * 1024);
    const received = link.journal.at(-1);
    expect(received?.outcome).toBe('running');
    process.kill();
    expect(await process.exit).toMatchObject({ ok: false, problem: { code: 'ABORTED' } });
    expect(link.journal.at(-1)?.bytesReceived).toBeLessThan(4 * 1024 * 1024);
    await handset.close();
  });
});

describe('files', () => {
  test.each([modern, old])('%s: pushed and pulled again byte for byte, with the hash of what came', async (persona) => {
    const { handset, link } = await plugged(persona);
    const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, i) => (i * 31 + (i >> 7)) & 255));
    const path = '/data/local/tmp/名 前.bin';
    expect(valueOf(await link.push(path, bytes, { mode: 0o640, modifiedSeconds: 1_407_405_600 }))).toEqual({
      bytes: bytes.length,
    });
    const got: Buffer[] = [];
    let progress = 0;
    const pulled = await link.pull(path, (chunk) => void got.push(Buffer.from(chunk)), {
      onProgress: (n) => (progress = n),
    });
    expect(Buffer.concat(got).equals(bytes)).toBe(true);
    expect(pulled).toMatchObject({
      ok: true,
      value: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), truncatedAtBytes: null },
    });
    expect(progress).toBe(bytes.length);
    const status = valueOf(await link.stat(path));
    expect(status).toMatchObject({
      sizeBytes: bytes.length,
      modifiedSecondsAtHandset: 1_407_405_600,
      sizeIs32Bit: persona === old,
    });
    const listing = valueOf(await link.readDir('/data/local/tmp'));
    expect(listing.entries.map((entry) => entry.name)).toContain('名 前.bin');
    expect(link.journal.map((e) => e.request)).toContain(`RECV ${path}`);
    await handset.close();
  });

  test('what is not there is NOT_FOUND, and a hostile listing is reported', async () => {
    const { handset, link } = await plugged(modern, {
      listings: { '/sdcard': ['ok.txt', '../../../etc/passwd', 'a/b'] },
    });
    expect(await link.stat('/no/such')).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
    expect(await link.pull('/no/such', () => undefined)).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
    const listing = valueOf(await link.readDir('/sdcard'));
    expect(listing.entries.map((entry) => entry.name)).toEqual(['ok.txt']);
    expect(listing.unsafeNames.map(String)).toEqual(['../../../etc/passwd', 'a/b']);
    await handset.close();
  });

  test('the cable pulled in the middle of a pull: TRUNCATED, with the hash of what came', async () => {
    const { handset, link } = await plugged(modern);
    valueOf(await link.push('/data/local/tmp/big', Buffer.alloc(2_000_000, 5)));
    handset.addFault({ service: 'sync:', afterBytes: 500_000, action: 'unplug' });
    const got: Buffer[] = [];
    const pulled = await link.pull('/data/local/tmp/big', (chunk) => void got.push(Buffer.from(chunk)));
    expect(pulled).toMatchObject({ ok: false, problem: { code: 'TRUNCATED' } });
    const kept = Buffer.concat(got);
    if (pulled.ok || pulled.partial === null) throw new Error('nothing was kept');
    expect(kept.length).toBeGreaterThan(0);
    expect(pulled.partial).toMatchObject({
      bytes: kept.length,
      sha256: createHash('sha256').update(kept).digest('hex'),
    });
    await handset.close();
  });
});

describe('screenshot', () => {
  test.each([modern, old])('%s: a PNG, and nothing stays on the handset', async (persona) => {
    const { handset, link } = await plugged(persona);
    const before = valueOf(await link.readDir('/data/local/tmp')).entries.map((entry) => entry.name);
    const shot = valueOf(await link.screenshot());
    expect(shot.png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(shot.png.includes('IEND')).toBe(true);
    expect(shot.sha256).toBe(createHash('sha256').update(shot.png).digest('hex'));
    expect(shot.wroteFile === null).toBe(persona === modern);
    expect(valueOf(await link.readDir('/data/local/tmp')).entries.map((entry) => entry.name)).toEqual(before);
    await handset.close();
  });
});

test('40 commands abandoned at once end, and the handset answers the next one', async () => {
  const { handset, link } = await plugged(modern, { overrides: [{ match: 'hangs', hang: true }] });
  const results = await Promise.all(Array.from({ length: 40 }, () => link.run('hangs', { timeoutMs: 400 })));
  expect(results.filter((result) => !result.ok && result.problem.code === 'TIMEOUT')).toHaveLength(40);
  expect(link.journal.filter((entry) => entry.outcome === 'running')).toEqual([]);
  expect(valueOf(await link.run('echo well')).stdout.toString()).toBe('well\n');
  await handset.close();
});

describe('reverse, clock, states', () => {
  test('a rule is added, listed, and removed only when nothing uses it any more', async () => {
    const { handset, link } = await plugged(modern);
    const rule = valueOf(await link.reverse.add('tcp:0', 'tcp:9'));
    expect(rule.port).toBeGreaterThan(0);
    expect(valueOf(await link.reverse.list())).toEqual([{ remote: rule.remote, local: 'tcp:9' }]);
    expect(
      await link.reverse.removeDrained(rule.remote, { openStreams: () => 1, timeoutMs: 300, marginMs: 50 }),
    ).toMatchObject({
      ok: false,
      problem: { code: 'TIMEOUT' },
    });
    expect(valueOf(await link.reverse.list())).toHaveLength(1);
    let streams = 1;
    setTimeout(() => (streams = 0), 200);
    const started = performance.now();
    valueOf(await link.reverse.removeDrained(rule.remote, { openStreams: () => streams, marginMs: 200 }));
    expect(performance.now() - started).toBeGreaterThan(390);
    expect(valueOf(await link.reverse.list())).toEqual([]);
    expect(await link.reverse.removeDrained(rule.remote, { openStreams: () => 0, marginMs: 10 })).toMatchObject({
      ok: false,
    });
    expect(await link.reverse.add('tcp:1;x', 'tcp:2')).toMatchObject({ ok: false, problem: { code: 'value-invalid' } });
    await handset.close();
  });

  test.each([modern, old])('%s: the clock offset holds within its bound', async (persona) => {
    const { handset, link } = await plugged(persona);
    const clock = valueOf(await link.clockOffset());
    const trueOffsetMs = handset.device.nowMs() - Date.now();
    expect(Math.abs(clock.offsetMs - trueOffsetMs)).toBeLessThanOrEqual(clock.boundMs + 1.5);
    expect(clock.method).toBe(persona === old ? 'date +%s' : 'date +%s%N');
    expect(clock.boundMs).toBeLessThan(persona === old ? 600 : 60);
    expect(Math.abs(Date.parse(clock.handsetAt) - handset.device.nowMs())).toBeLessThan(2000);
    expect(clock.zone).toBe('Asia/Taipei');
    await handset.close();
  });

  test('unauthorized until the person allows the key', async () => {
    const events: string[] = [];
    const handset = await bench.plug(modern, { approveAfterMs: null });
    const stop = bench.directory.watch((event) => {
      if ('handset' in event && event.handset.serial === handset.address)
        events.push(`${event.type} ${event.handset.state}`);
    });
    await until(() => events.some((event) => event.endsWith('unauthorized')));
    expect(await openHandsetLink(bench.server, handset.address)).toMatchObject({
      ok: false,
      problem: { code: 'UNAUTHORIZED' },
    });
    handset.authorise();
    const link = await bench.link(handset);
    expect((await link.run('id')).ok).toBe(true);
    await until(() => events.at(-1) === 'changed device');
    stop();
    await handset.close();
    expect(await openHandsetLink(bench.server, '127.0.0.1:1')).toMatchObject({
      ok: false,
      problem: { code: 'NOT_FOUND' },
    });
  });

  test('unplug and replug are seen', async () => {
    const { handset, link } = await plugged(modern);
    const events: string[] = [];
    const stop = bench.directory.watch((event) => {
      if ('handset' in event && event.handset.serial === handset.address)
        events.push(`${event.type} ${event.handset.state}`);
    });
    await until(() => events.includes('present device'));
    await handset.unplug();
    await until(() => events.includes('changed offline') || events.some((event) => event.startsWith('gone')));
    expect(await link.run('id')).toMatchObject({ ok: false, partial: null });
    await handset.replug();
    valueOf(await bench.directory.attach(handset.address));
    await until(() => events.at(-1) === 'changed device' || events.at(-1) === 'present device');
    expect((await link.run('id')).ok).toBe(true);
    valueOf(await bench.directory.detach(handset.address));
    expect(await bench.directory.detach(handset.address)).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
    stop();
    await handset.close();
  });
});
