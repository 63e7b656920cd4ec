import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCaseForReading, openCaseForWriting } from '../../../main/evidence/open-case.ts';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import {
  fileMeta,
  fillCase,
  hashTree,
  must,
  newCase,
  read,
  readFinal,
  temporaryFolder,
  write,
} from '../../unit/evidence/case-fixture.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('another process that writes', () => {
  async function holder(directory: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'writer.ts'), 'hold', directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let seen = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      seen += String(chunk);
      if (seen.includes('"ready"')) break;
    }
    return child;
  }

  test('is named with pid, host, what and since; readers read; its death frees the case', async () => {
    const directory = path.join(folder, 'a');
    const first = newCase(directory);
    must(first.addHandset({ label: 'Redmi', serial: null, role: 'exhibit' }));
    first.close();
    const child = await holder(directory);
    const names = fs.readdirSync(directory).toSorted();
    const refused = openCaseForWriting(directory, 'importing');
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'case-locked', params: { pid: child.pid, host: os.hostname(), doing: 'holding on' } },
    });
    expect(fs.readdirSync(directory).toSorted()).toEqual(names);
    const reader = read(directory);
    expect(reader.handsets().map((handset) => handset.label)).toEqual(['Redmi', 'held']);
    expect(reader.summary().writer).toMatchObject({ pid: child.pid });
    expect(reader.incoming()).toMatchObject([{ checkpoint: { bytes: 4 } }]);
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    reader.close();
    const heir = write(directory);
    expect(heir.handsets()).toHaveLength(2);
    expect(heir.exhibits()).toMatchObject([{ outcome: 'interrupted', bytes: 4 }]);
    heir.close();
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
  });
});

/** Real file systems need a mount: root on Linux. Elsewhere the failing system calls of the unit tests stand in. */
const mountable =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  ((): boolean => {
    const probe = temporaryFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]).status === 0;
    if (mounted) spawnSync('umount', [probe]);
    fs.rmSync(probe, { recursive: true, force: true });
    return mounted;
  })();

describe.runIf(mountable)('a real file system (skipped without the right to mount)', () => {
  let disk: string;
  beforeEach(() => {
    disk = path.join(folder, 'disk');
    fs.mkdirSync(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status).toBe(0);
  });
  afterEach(() => {
    spawnSync('umount', ['-l', disk]);
  });

  test('that is full: a clear problem, nothing half named, and room again means it goes on', async () => {
    const directory = path.join(disk, 'a');
    const writer = newCase(directory);
    must(writer.addHandset({ label: 'Redmi', serial: null, role: 'exhibit' }));
    must(writer.storeExhibit(Buffer.alloc(300_000, 1), fileMeta(), readFinal));
    const before = hashTree(path.join(directory, 'exhibits'));
    const refused = writer.storeExhibit(Buffer.alloc(3_000_000, 2), fileMeta(), readFinal);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    expect(hashTree(path.join(directory, 'exhibits'))).toEqual(before);
    const ballast = path.join(disk, 'ballast');
    fs.writeFileSync(ballast, '');
    try {
      for (;;) fs.appendFileSync(ballast, Buffer.alloc(4096));
    } catch {
      // Full to the last page: now rows do not fit either.
    }
    let last = writer.addHandset({ label: 'y', serial: null, role: 'twin' });
    for (let at = 0; at < 200 && last.ok; at += 1)
      last = writer.addHandset({ label: 'x'.repeat(5000), serial: null, role: 'twin' });
    expect(last).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    const kept = writer.handsets().length;
    writer.close();
    fs.rmSync(ballast);
    const next = write(directory);
    expect(next.handsets()).toHaveLength(kept);
    must(next.storeExhibit(Buffer.from('fits'), fileMeta(), readFinal));
    next.close();
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
  });

  test('that is read-only: everything can be read and verified, nothing written', async () => {
    const directory = path.join(disk, 'a');
    const writer = newCase(directory);
    fillCase(writer);
    writer.close();
    const dead = path.join(disk, 'dead');
    const unclosed = write(directory);
    must(unclosed.note('in the log only', null));
    fs.cpSync(directory, dead, { recursive: true, filter: (source) => !source.endsWith('-shm') });
    unclosed.close();
    expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).toBe(0);
    for (const where of [directory, dead]) {
      const reader = must(openCaseForReading(where));
      expect(reader.exhibits()).toHaveLength(3);
      expect(reader.custody().at(-1)?.action).toBe('in the log only');
      expect(must(reader.openIndex()).flows()).toHaveLength(3);
      reader.close();
      expect(firstFailure(must(await verifyCase(where)))).toBeNull();
      expect(openCaseForWriting(where, 'importing')).toMatchObject({ ok: false, problem: { code: 'case-read-only' } });
    }
  });
});
