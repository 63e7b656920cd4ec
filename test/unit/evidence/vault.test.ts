import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { caseLayout } from '../../../main/evidence/case-layout.ts';
import type { CaseWriter } from '../../../main/evidence/case-writer.ts';
import { setHook } from '../../../main/evidence/hooks.ts';
import type { HookName } from '../../../main/evidence/hooks.ts';
import { incomingFiles } from '../../../main/evidence/incoming.ts';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import { fileMeta, hashTree, must, newCase, read, readFinal, temporaryFolder, write } from './case-fixture.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let folder: string;
let directory: string;
let writer: CaseWriter;
beforeEach(() => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a');
  writer = newCase(directory);
  must(writer.addHandset({ label: 'Redmi', serial: null, role: 'exhibit' }));
});
afterEach(() => {
  setHook(null);
  writer.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('storing', () => {
  test('bytes lie under their hash, read-only, and come back', () => {
    const bytes = Buffer.from('raw\0bytes');
    const exhibit = must(writer.storeExhibit(bytes, fileMeta(), readFinal));
    expect(exhibit).toMatchObject({ id: 'E001', bytes: 9, sha256: sha256(bytes), outcome: 'read', run: 'R1' });
    const file = path.join(directory, 'exhibits', exhibit.sha256.slice(0, 2), exhibit.sha256);
    expect(writer.exhibitPath(exhibit)).toBe(file);
    expect(fs.statSync(file).mode & 0o777).toBe(0o400);
    expect(must(writer.readExhibit('E001'))).toEqual(bytes);
    expect(writer.readExhibit('E001', 8)).toMatchObject({ ok: false, problem: { code: 'LIMIT' } });
    expect(fs.readdirSync(caseLayout.incoming(directory))).toEqual([]);
  });

  test('the same content twice is one file and two exhibits', async () => {
    const first = must(writer.storeExhibit(Buffer.from('x'), fileMeta(), readFinal));
    const second = must(writer.storeExhibit(Buffer.from('x'), fileMeta({ originalName: 'other' }), readFinal));
    expect([first.id, second.id]).toEqual(['E001', 'E002']);
    expect(first.sha256).toBe(second.sha256);
    expect(fs.readdirSync(path.join(directory, 'exhibits', first.sha256.slice(0, 2)))).toEqual([first.sha256]);
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
  });

  test('a damaged file is made good by the same content', () => {
    const first = must(writer.storeExhibit(Buffer.from('good'), fileMeta(), readFinal));
    fs.chmodSync(writer.exhibitPath(first), 0o600);
    fs.writeFileSync(writer.exhibitPath(first), 'bad!');
    must(writer.storeExhibit(Buffer.from('good'), fileMeta(), readFinal));
    expect(must(writer.readExhibit('E001')).toString()).toBe('good');
  });

  test('a copy that lost its empty folders takes exhibits again', () => {
    fs.rmSync(caseLayout.vault(directory), { recursive: true });
    expect(must(writer.storeExhibit(Buffer.from('x'), fileMeta(), readFinal)).id).toBe('E001');
  });

  test('nothing is an exhibit too', () => {
    const exhibit = must(writer.storeExhibit(new Uint8Array(0), fileMeta(), { ...readFinal, outcome: 'empty' }));
    expect(exhibit).toMatchObject({ bytes: 0, outcome: 'empty' });
    expect(must(writer.readExhibit('E001'))).toHaveLength(0);
  });

  test('an exhibit whose bytes are gone or cut is a problem, not a throw', () => {
    const exhibit = must(writer.storeExhibit(Buffer.from('abc'), fileMeta(), readFinal));
    fs.chmodSync(writer.exhibitPath(exhibit), 0o600);
    fs.truncateSync(writer.exhibitPath(exhibit), 2);
    expect(writer.openExhibit('E001')).toMatchObject({ ok: false, problem: { code: 'case-damaged' } });
    fs.rmSync(writer.exhibitPath(exhibit));
    expect(writer.readExhibit('E001')).toMatchObject({ ok: false, problem: { code: 'case-damaged' } });
  });
});

describe('arriving piece by piece', () => {
  test('chunks, checkpoints, end: final facts replace the first ones', () => {
    const arriving = must(writer.beginExhibit(fileMeta({ kind: 'capture' })));
    must(arriving.write(Buffer.from('first ')));
    expect(must(arriving.checkpoint())).toEqual({ bytes: 6, sha256: sha256(Buffer.from('first ')) });
    must(arriving.write(Buffer.from('second')));
    const seen = writer.incoming();
    expect(seen).toMatchObject([{ id: arriving.id, checkpoint: { bytes: 6 }, meta: { kind: 'capture' } }]);
    expect(fs.readFileSync(seen[0]?.path ?? '', 'utf8')).toBe('first second');
    const exhibit = must(arriving.finish({ outcome: 'read', packets: 7, fault: null, originalName: 'wifi.pcap' }));
    expect(exhibit).toMatchObject({
      originalName: 'wifi.pcap',
      packets: 7,
      bytes: 12,
      sha256: sha256(Buffer.from('first second')),
    });
    expect(writer.incoming()).toEqual([]);
    expect(() => arriving.write(Buffer.from('x'))).toThrow('finished');
  });

  test('closing in the middle leaves it to be adopted as far as its last checkpoint, saying so', async () => {
    const arriving = must(writer.beginExhibit(fileMeta({ kind: 'capture' })));
    must(arriving.write(Buffer.from('kept')));
    must(arriving.checkpoint());
    must(arriving.write(Buffer.from('lost')));
    must(writer.beginAcquisition({ handset: 'H1', label: 'before', run: null, profile: 'quick', serial: 's' }));
    writer.close();
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
    const reader = read(directory);
    expect(reader.acquisitions()).toMatchObject([{ outcome: 'interrupted', endedAt: null }]);
    reader.close();
    writer = write(directory);
    expect(writer.adopted).toHaveLength(1);
    expect(writer.exhibits()).toMatchObject([{ id: 'E001', outcome: 'interrupted', bytes: 4, kind: 'capture' }]);
    expect(writer.exhibits()[0]?.fault).toContain('4 bytes, 4 later bytes dropped');
    expect(must(writer.readExhibit('E001')).toString()).toBe('kept');
    expect(writer.acquisitions()).toMatchObject([{ outcome: 'interrupted' }]);
    expect(writer.custody().map((entry) => entry.action)).toContain('exhibit-adopted');
    writer.close();
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
    const before = hashTree(directory);
    write(directory).close();
    expect(hashTree(directory)).toEqual(before);
  });

  test('a torn checkpoint line does not count', () => {
    const arriving = must(writer.beginExhibit(fileMeta()));
    must(arriving.write(Buffer.from('kept')));
    must(arriving.checkpoint());
    must(arriving.write(Buffer.from('more')));
    writer.close();
    fs.appendFileSync(
      incomingFiles(directory, arriving.id).checkpoints,
      `8 ${sha256(Buffer.from('keptmore')).slice(0, 30)}`,
    );
    writer = write(directory);
    expect(must(writer.readExhibit('E001')).toString()).toBe('kept');
  });

  test('bytes that are not what the checkpoint hashed are kept and doubted', () => {
    const arriving = must(writer.beginExhibit(fileMeta()));
    must(arriving.write(Buffer.from('kept')));
    must(arriving.checkpoint());
    writer.close();
    fs.writeFileSync(arriving.path, 'KEPT');
    writer = write(directory);
    expect(writer.exhibits()[0]?.fault).toContain('not what the checkpoint hashed');
    expect(must(writer.readExhibit('E001')).toString()).toBe('KEPT');
  });

  test('abandoned before a checkpoint it leaves no trace, after one custody keeps why', () => {
    const early = must(writer.beginExhibit(fileMeta()));
    must(early.write(Buffer.from('x')));
    const entries = writer.custody().length;
    must(early.abandon('not a capture'));
    expect(writer.custody()).toHaveLength(entries);
    const late = must(writer.beginExhibit(fileMeta()));
    must(late.write(Buffer.from('x')));
    must(late.checkpoint());
    must(late.abandon('cancelled'));
    expect(writer.custody().at(-1)).toMatchObject({ action: 'exhibit-abandoned', subject: null });
    expect(writer.custody().at(-1)?.note).toBe(`cancelled: 1 bytes, SHA-256 ${sha256(Buffer.from('x'))}`);
    expect(fs.readdirSync(caseLayout.incoming(directory))).toEqual([]);
    expect(fs.readdirSync(caseLayout.vault(directory))).toEqual(['.incoming']);
  });
});

/** A system call that fails at the n-th passing of a point. */
function failAt(point: HookName, code: string, time = 1): void {
  let left = time;
  setHook((name) => {
    if (name !== point) return;
    left -= 1;
    if (left === 0) throw Object.assign(new Error(`${code}: no space left on device`), { code });
  });
}

describe('a full disk', () => {
  const points = [
    'vault.incoming-open',
    'vault.write',
    'vault.write-half',
    'vault.fsync',
    'file.write',
    'file.write-half',
    'file.fsync',
    'file.rename',
    'vault.mode',
    'vault.rename',
    'vault.directory-fsync',
    'vault.row',
    'case.before-commit',
  ] as const;
  test.each(points)('at %s: nothing half named, and the next try works', async (point) => {
    writer.close();
    writer = write(directory);
    const before = hashTree(caseLayout.vault(directory));
    const rows = writer.custody().length;
    failAt(point, point === 'case.before-commit' ? 'SQLITE_FULL' : 'ENOSPC');
    const result = writer.storeExhibit(Buffer.from('some bytes'), fileMeta(), readFinal);
    setHook(null);
    expect(result).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    expect(hashTree(caseLayout.vault(directory))).toEqual(before);
    expect(writer.custody()).toHaveLength(rows);
    must(writer.storeExhibit(Buffer.from('some bytes'), fileMeta(), readFinal));
    writer.close();
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
  });

  test('while it arrives: what came before is kept, and can be finished', () => {
    const arriving = must(writer.beginExhibit(fileMeta()));
    must(arriving.write(Buffer.from('kept')));
    failAt('vault.write-half', 'ENOSPC');
    expect(arriving.write(Buffer.from('too much'))).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    setHook(null);
    must(arriving.finish({ outcome: 'interrupted', packets: null, fault: 'disk full' }));
    expect(must(writer.readExhibit('E001')).toString()).toBe('kept');
  });

  test('a finish that failed can be tried again, also when the content is there already', () => {
    must(writer.storeExhibit(Buffer.from('same'), fileMeta(), readFinal));
    const arriving = must(writer.beginExhibit(fileMeta()));
    must(arriving.write(Buffer.from('same')));
    failAt('case.before-commit', 'SQLITE_FULL');
    expect(arriving.finish(readFinal)).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    setHook(null);
    expect(must(arriving.finish(readFinal)).id).toBe('E002');
    expect(must(writer.readExhibit('E001')).toString()).toBe('same');
  });

  test.each(['case.before-commit', 'case.wal'] as const)('a row at %s: not written, the case goes on', (point) => {
    writer.close();
    writer = write(directory);
    failAt(point, 'SQLITE_FULL');
    const refused = writer.addHandset({ label: 'x', serial: null, role: 'twin' });
    setHook(null);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    expect(must(writer.addHandset({ label: 'y', serial: null, role: 'twin' })).id).toBe('H2');
  });

  test.each(['create.directory', 'create.lock-file', 'create.database', 'create.rename', 'case.migrate'] as const)(
    'creating at %s: nothing is left',
    async (point) => {
      const { createCase } = await import('../../../main/evidence/open-case.ts');
      failAt(point, 'ENOSPC');
      const result = createCase(path.join(folder, 'new'), { number: '1', title: 'T', examiner: 'L', synthetic: false });
      setHook(null);
      expect(result).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
      expect(fs.readdirSync(folder)).toEqual(['a']);
    },
  );
});
