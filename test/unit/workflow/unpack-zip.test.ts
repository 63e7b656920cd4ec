import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryBytes, listZip } from '../../../main/workflow/unpack-zip.ts';
import type { ZipEntry } from '../../../main/parsing/zip.ts';
import { zipOf } from '../parsing/zip-builder.ts';
import type { EntryWish } from '../parsing/zip-builder.ts';

let folder = '';
let fd = -1;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zip-'));
});
afterEach(() => {
  if (fd >= 0) closeSync(fd);
  fd = -1;
  rmSync(folder, { recursive: true, force: true });
});

function open(archive: Buffer): ReturnType<typeof listZip> {
  if (fd >= 0) closeSync(fd);
  writeFileSync(join(folder, 'a.zip'), archive);
  fd = openSync(join(folder, 'a.zip'), 'r');
  return listZip(fd, archive.length);
}

function entriesOf(wishes: readonly EntryWish[]): readonly ZipEntry[] {
  const entries = open(zipOf(wishes));
  if (typeof entries === 'string') throw new Error(entries);
  return entries;
}

async function contentOf(entry: ZipEntry | undefined): Promise<readonly [string, string | null]> {
  if (entry === undefined) throw new Error('no entry');
  const source = entryBytes(fd, entry);
  const blocks: Uint8Array[] = [];
  for await (const block of source.blocks()) blocks.push(Buffer.from(block));
  return [Buffer.concat(blocks).toString(), source.fault?.() ?? null];
}

describe('an archive', () => {
  it('gives its entries as another program wrote them', async () => {
    const script = `import zipfile\nz=zipfile.ZipFile(${JSON.stringify(join(folder, 'p.zip'))},'w')\nz.writestr('a.txt','x'*100000,zipfile.ZIP_DEFLATED)\nz.writestr('d/中.txt','y',zipfile.ZIP_STORED)\nz.comment=b'PK\\x05\\x06 in the comment'\nz.close()`;
    execFileSync('python3', ['-c', script]);
    fd = openSync(join(folder, 'p.zip'), 'r');
    const bytes = Number(execFileSync('stat', ['-c', '%s', join(folder, 'p.zip')], { encoding: 'utf8' }));
    const entries = listZip(fd, bytes);
    if (typeof entries === 'string') throw new Error(entries);
    expect(entries.map(({ name, refused }) => [name, refused])).toEqual([
      ['a.txt', null],
      ['d/中.txt', null],
    ]);
    expect(await contentOf(entries[0])).toEqual(['x'.repeat(100_000), null]);
    expect(await contentOf(entries[1])).toEqual(['y', null]);
  });

  it.each([
    ['../x', 'name'],
    ['a/../../x', 'name'],
    ['/etc/passwd', 'name'],
    ['C:\\x', 'name'],
    ['a\0b', 'name'],
    ['', 'name'],
    ['folder/', 'directory'],
  ])('with the name «%s» is listed and not read (%s)', (name, refused) => {
    expect(entriesOf([{ name, content: 'x' }])).toMatchObject([{ refused }]);
  });

  it('says what is encrypted, packed in another way, a link, too big, or there twice', () => {
    const x = { content: 'x' };
    const entries = entriesOf([
      { ...x, name: 'e', flags: 1 },
      { ...x, name: 'm', method: 12 },
      { ...x, name: 'l', mode: 0o120777 },
      { ...x, name: 'z', bytes: 0xffffffff },
      { ...x, name: 'a' },
      { ...x, name: 'a' },
    ]);
    expect(entries.map(({ refused }) => refused)).toEqual(['encrypted', 'method', 'link', 'zip64', null, 'doubled']);
  });

  it('stops a bomb and a lying size where the directory says that the entry ends', async () => {
    const [bomb, short, wrong, broken] = entriesOf([
      { name: 'bomb', content: Buffer.alloc(50_000_000), bytes: 1000 },
      { name: 'short', content: 'four', bytes: 40 },
      { name: 'sum', content: 'four', sum: 1 },
      { name: 'broken', content: Buffer.from([0xff, 0xff, 0xff]), stored: true, method: 8 },
    ]);
    const [got, fault] = await contentOf(bomb);
    expect([got.length, fault]).toEqual([1000, 'zip-entry-size: more comes out than the 1000 bytes that it may have']);
    expect(await contentOf(short)).toEqual(['four', 'zip-entry-size: 4 bytes instead of 40']);
    expect((await contentOf(wrong))[1]).toMatch(/^zip-entry-sum/);
    expect((await contentOf(broken))[1]).toMatch(/^zip-entry-broken/);
  });

  it('that is cut, a zip64, or one of several disks is said', () => {
    const whole = zipOf([{ name: 'a', content: 'x' }]);
    expect(open(whole.subarray(0, -5))).toBe('no-end');
    const end = whole.length - 22;
    const with16 = (at: number, value: number): Buffer => {
      const copy = Buffer.from(whole);
      copy.writeUInt16LE(value, end + at);
      return copy;
    };
    expect(open(with16(10, 0xffff))).toBe('zip64');
    expect(open(with16(4, 1))).toBe('several-disks');
    expect(open(with16(10, 2))).toBe('directory-outside');
    expect(open(with16(18, 0x7fff))).toBe('directory-outside');
  });

  it('does not throw on any bytes', async () => {
    const whole = zipOf([{ name: 'a', content: 'x'.repeat(300) }]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const copy = Buffer.from(whole);
        copy[at] = value;
        const entries = open(copy);
        if (typeof entries !== 'string')
          for (const entry of entries) if (entry.refused === null) await contentOf(entry);
      }),
      { numRuns: 60 },
    );
  });
});
