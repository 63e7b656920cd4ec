import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAdbKeyFingerprint } from '../../../main/handset/adb-key.ts';
import { findAdb } from '../../../main/handset/find-adb.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-find-adb-'));
  for (const place of ['sdk/platform-tools', 'root/platform-tools', 'bin', 'plain'])
    mkdirSync(join(folder, place), { recursive: true });
  for (const place of ['sdk/platform-tools/adb', 'root/platform-tools/adb', 'bin/adb', 'plain/adb']) {
    writeFileSync(join(folder, place), '#!/bin/sh\n');
    chmodSync(join(folder, place), place.startsWith('plain') ? 0o644 : 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('finding adb', () => {
  const env = () => ({
    ANDROID_HOME: join(folder, 'sdk'),
    ANDROID_SDK_ROOT: join(folder, 'root'),
    PATH: `relative:${join(folder, 'plain')}:${join(folder, 'bin')}`,
  });

  test('the setting, then ANDROID_HOME, ANDROID_SDK_ROOT, PATH', () => {
    expect(findAdb({ configuredPath: join(folder, 'bin/adb'), env: env() })).toMatchObject({
      ok: true,
      value: { source: 'setting' },
    });
    expect(findAdb({ env: env() })).toMatchObject({ ok: true, value: { source: 'ANDROID_HOME' } });
    expect(findAdb({ env: { ...env(), ANDROID_HOME: '' } })).toMatchObject({
      ok: true,
      value: { source: 'ANDROID_SDK_ROOT' },
    });
    const { PATH } = env();
    expect(findAdb({ env: { PATH } })).toEqual({ ok: true, value: { path: join(folder, 'bin/adb'), source: 'PATH' } });
  });

  test('a setting that is wrong is not replaced silently', () => {
    expect(findAdb({ configuredPath: join(folder, 'nowhere'), env: env() })).toMatchObject({
      ok: false,
      problem: { code: 'NO_ADB' },
    });
    expect(findAdb({ configuredPath: folder, env: env() })).toMatchObject({ ok: false, problem: { code: 'NO_ADB' } });
  });

  test.each([
    ['linux', 'apt-get'],
    ['darwin', 'brew'],
    ['win32', 'winget'],
  ] as const)('missing on %s: says how to get it', (platform, word) => {
    const result = findAdb({ env: { PATH: '/nonexistent' }, platform });
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'NO_ADB', params: { hint: expect.stringContaining(word) } },
    });
  });
});

test('the fingerprint is the one of the decoded key', () => {
  expect(readAdbKeyFingerprint(folder)).toBeNull();
  mkdirSync(join(folder, '.android'));
  writeFileSync(join(folder, '.android/adbkey.pub'), `${Buffer.from('abc').toString('base64')} user@host\n`);
  expect(readAdbKeyFingerprint(folder)).toEqual({
    // MD5 and SHA-256 of «abc» (RFC 1321, FIPS 180-4).
    shownOnHandset: '90:01:50:98:3C:D2:4F:B0:D6:96:3F:7D:28:E1:7F:72',
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
});
