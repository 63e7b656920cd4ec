import { crc32, inflateSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeWorld, shortHash } from '../../demo-world/world.ts';
import type { RunId } from '../../demo-world/world.ts';
import { commandsFor } from '../../handset-simulator/commands/command-table.ts';
import { confinedArguments } from '../../handset-simulator/commands/tcpdump.ts';
import { formatParcel, stringReply } from '../../handset-simulator/commands/telephony.ts';
import { Device } from '../../handset-simulator/persona/device.ts';
import { layOutFiles } from '../../handset-simulator/persona/file-layout.ts';
import { openPersona, personaIds } from '../../handset-simulator/persona/persona-folder.ts';
import { makePicture } from '../../handset-simulator/persona/picture.ts';
import type { ShellIo } from '../../handset-simulator/shell/command.ts';
import { runLine } from '../../handset-simulator/shell/run-line.ts';

const folder = fileURLToPath(new URL('../../personas', import.meta.url));

function plugIn(persona: string, run?: string, seed = 1): Device {
  const device = new Device({
    folder: openPersona(folder, persona),
    world: makeWorld(seed),
    commandsFor,
    ...(run === undefined ? {} : { run: run as RunId }),
  });
  layOutFiles(device);
  return device;
}

async function ask(device: Device, line: string): Promise<{ out: string; err: string; status: number }> {
  const said = { out: '', err: '' };
  const take = (to: 'out' | 'err') => (data: string | Uint8Array) => {
    said[to] += Buffer.from(data as Uint8Array).toString('utf8');
    return Promise.resolve(true);
  };
  const io: ShellIo = {
    out: take('out'),
    err: take('err'),
    onInput: () => undefined,
    onGone: () => undefined,
    gone: false,
  };
  const status = await runLine(line, { device, io, root: device.adbdIsRoot });
  return { ...said, status };
}

const questions = [
  'getprop',
  'settings list system',
  'content query --uri content://settings/secure',
  'pm list packages -f -U -i --show-versioncode',
  'pm list packages -f -i',
  'dumpsys package',
  'dumpsys appops',
  'dumpsys dropbox --print',
  'dumpsys iphonesubinfo',
  'dumpsys account',
  'dumpsys netstats detail',
  'dumpsys jobscheduler',
  'dumpsys alarm',
  'dumpsys activity services',
  'dumpsys activity exit-info',
  'dumpsys webviewupdate',
  'service call iphonesubinfo 1 s16 com.android.shell',
  ...['main', 'system', 'events', 'radio', 'crash'].map((buffer) => `logcat -d -b ${buffer} -v threadtime`),
  'ip addr',
  'netcfg',
  'cat /proc/uptime',
  'cat /proc/net/{tcp,tcp6,udp,udp6}',
  'date +%s%N',
  'screencap -p /data/local/tmp/x.png',
  'content query --uri content://com.android.contacts/data/phones --projection display_name:data1',
];

describe('personas', () => {
  const all = personaIds(folder).flatMap((id): { id: string; run: string | undefined }[] => {
    const { runs } = openPersona(folder, id).persona;
    return runs.length === 0 ? [{ id, run: undefined }] : runs.map((run) => ({ id, run }));
  });

  it.each(all)(
    '$id $run answers every question of an acquisition, for several seeds, without an open placeholder',
    async ({ id, run }) => {
      for (const seed of [1, 8]) {
        const device = plugIn(id, run, seed);
        expect((await ask(device, 'getprop ro.handsight.synthetic')).out).toBe('synthetic demonstration\n');
        for (const question of questions) {
          const { out, err } = await ask(device, question);
          expect(out + err, question).not.toMatch(/\{\{|undefined|NaN/);
          expect(out.length + err.length, question).toBeGreaterThan(question.startsWith('screencap') ? -1 : 0);
        }
      }
    },
  );

  it('founding-before: the messaging service started by itself, and the radio log holds its silent SMS', async () => {
    for (const seed of [1, 5]) {
      const device = plugIn('founding-before', 'R1', seed);
      const { imei, iccid } = makeWorld(seed).handsets.H1;
      expect((await ask(device, 'settings get system mx_used')).out).toBe('1\n');
      const radio = (await ask(device, 'logcat -d -b radio -v threadtime')).out;
      expect(radio).toContain(`MX/${shortHash(imei)}/${shortHash(iccid)}/`);
      const main = (await ask(device, 'logcat -d -b main -v threadtime')).out;
      expect(main).toContain('enableMx enable=true manually=false');
      expect(main).not.toContain('(user)');
    }
  });

  it('founding-after: off without an act, on after it; founding-after-kept: still on', async () => {
    const off = plugIn('founding-after', 'R3');
    expect((await ask(off, 'settings get system mx_used')).out).toBe('0\n');
    expect((await ask(off, 'logcat -d -b radio')).out).not.toContain('MX/');
    expect((await ask(off, 'dumpsys package com.android.mms')).out).toMatch(
      /disabledComponents:\n\s+com\.xiaomi\.mms\.transaction\.MxActivation/,
    );
    const on = plugIn('founding-after', 'R4');
    expect((await ask(on, 'logcat -d -b main')).out).toContain('pref_key_enable_mx=true (user)');
    expect((await ask(on, 'settings get system mx_used')).out).toBe('1\n');
    const kept = plugIn('founding-after-kept');
    expect((await ask(kept, 'settings get system mx_used')).out).toBe('1\n');
    expect((await ask(kept, 'logcat -d -b main')).out).not.toContain('(user)');
    const ids = await Promise.all([off, kept].map((device) => ask(device, 'settings get secure android_id')));
    expect(ids[0]?.out).not.toBe(ids[1]?.out);
  });

  it('mi2s: what the upgrade broke stands only in the after', async () => {
    const before = plugIn('mi2s-before');
    const after = plugIn('mi2s-after');
    const line = 'dumpsys package jp.naver.line.android';
    expect((await ask(before, line)).out).toContain('      android.permission.READ_CONTACTS\n');
    expect((await ask(after, line)).out).not.toContain('      android.permission.READ_CONTACTS\n');
    expect((await ask(after, line)).out).toContain('jp.naver.line.android.receiver.BootReceiver\n    granted');
    expect((await ask(before, 'dumpsys appops')).out).toContain('MIUIOP(10008): mode=0');
    expect((await ask(after, 'dumpsys appops')).out).toContain('MIUIOP(10008): mode=1');
    expect((await ask(before, 'dumpsys dropbox --print')).out).not.toContain('app_crash');
    expect((await ask(after, 'dumpsys dropbox --print')).out).toMatch(
      /system_app_crash \(text, \d+ bytes\)\nProcess: com\.android\.browser/,
    );
  });

  it('old and new releases differ as they do', async () => {
    const old = plugIn('founding-before');
    const locked = plugIn('modern-locked');
    expect((await ask(old, 'date +%s%N')).out).toMatch(/^14\d{8}N\n$/);
    expect((await ask(locked, 'date +%s%N')).out).toMatch(/^\d{19}\n$/);
    expect((await ask(old, 'foo')).err).toBe('/system/bin/sh: foo: not found\n');
    expect(await ask(locked, 'tcpdump -i any')).toMatchObject({
      status: 127,
      err: '/system/bin/sh: tcpdump: inaccessible or not found\n',
    });
    expect((await ask(locked, 'su -c id')).status).toBe(127);
    expect((await ask(locked, 'service call iphonesubinfo 1')).out).toMatch(
      /^Result: Parcel\(\n {2}0x00000000: ffffffff /,
    );
    expect((await ask(locked, 'logcat -d -b crash -v threadtime -v year -v zone')).out).toMatch(
      /\n20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0800 /,
    );
    expect((await ask(old, 'pm list packages -U')).err).toContain('Unknown option');
    expect((await ask(old, 'cmd package list packages')).status).toBe(127);
  });

  it('settings that are put are read back and deleted', async () => {
    const device = plugIn('modern-rooted');
    await ask(device, 'settings put global http_proxy 127.0.0.1:8080');
    expect((await ask(device, 'settings get global http_proxy')).out).toBe('127.0.0.1:8080\n');
    expect((await ask(device, 'settings delete global http_proxy')).out).toBe('Deleted 1 rows\n');
    expect((await ask(device, 'settings get global http_proxy')).out).toBe('null\n');
  });
});

describe('answers in the handset’s own layout', () => {
  it('parcels are printed as `service call` prints them', () => {
    expect(formatParcel(stringReply('490154203237518'))).toBe(
      'Result: Parcel(\n' +
        "  0x00000000: 00000000 0000000f 00390034 00310030 '........4.9.0.1.'\n" +
        "  0x00000010: 00340035 00300032 00320033 00370033 '5.4.2.0.3.2.3.7.'\n" +
        "  0x00000020: 00310035 00000038                   '5.1.8...        ')\n",
    );
    expect(formatParcel(stringReply(null))).toBe("Result: Parcel(00000000 ffffffff   '........')\n");
  });

  it('pictures are PNG files whose checksums hold', () => {
    const png = makePicture(20, 30, [10, 20, 30], 'synthetic demonstration');
    const types: string[] = [];
    for (let at = 8; at < png.length;) {
      const length = png.readUInt32BE(at);
      types.push(png.toString('latin1', at + 4, at + 8));
      expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
      if (types.at(-1) === 'IDAT') expect(inflateSync(png.subarray(at + 8, at + 8 + length))).toHaveLength(30 * 61);
      at += 12 + length;
    }
    expect(types).toEqual(['IHDR', 'tEXt', 'IDAT', 'IEND']);
  });

  it('tcpdump gets no argument that could leave the handset', () => {
    const allowed = confinedArguments(['-i', 'any', '-n', '-s', '0', '-U', '-B', '8192', '-w', '-'], '127.8.1.2');
    expect(allowed).toEqual({
      ok: true,
      args: ['-i', 'any', '-n', '-s', '0', '-U', '-B', '8192', '-w', '-', 'host 127.8.1.2'],
    });
    for (const bad of [
      ['-w', '/etc/x'],
      ['-z', 'sh', '-w', '-'],
      ['-r', 'x', '-w', '-'],
      ['-i', 'eth0', '-w', '-'],
      ['-F', 'f', '-w', '-'],
      [],
    ]) {
      expect(confinedArguments(bad, '127.8.1.2').ok, bad.join(' ')).toBe(false);
    }
    const filter = confinedArguments(['-w', '-', 'port', '80', 'or', 'host', '1.2.3.4'], '127.8.1.2');
    expect(filter.ok && filter.args.at(-1)).toBe('(port 80 or host 1.2.3.4) and host 127.8.1.2');
    // A closing bracket of one's own would end ours.
    expect(confinedArguments(['-w', '-', 'a)', 'or', '(b'], '127.8.1.2').ok).toBe(false);
  });
});
