import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importFiles } from '../../../main/workflow/import-file.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { readIdentifierFile } from '../../../main/workflow/open-case.ts';
import { readProblem } from '../../../main/workflow/read-problem.ts';
import { must, newCase } from '../evidence/case-fixture.ts';
import { dns, pcap, PcapngBuilder, udp } from '../dissection/packet-builder.ts';

const CAPTURE = pcap([1, 2, 3].map((i) => udp(40_000 + i, 53, dns(`n${i}.example`, 1))));
const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};
const wish = { handset: null, label: null, run: null };

let folder = '';
let directory = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-file-'));
  directory = join(folder, 'case.handsight');
  newCase(directory).close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the outcome of a file that was taken in', () => {
  it.each([
    ['a capture', 'a.pcap', CAPTURE, 'read', 3],
    ['a capture of no packets', 'a.pcap', CAPTURE.subarray(0, 24), 'read', 0],
    ['a capture cut in its last packet', 'a.pcap', CAPTURE.subarray(0, -1), 'read', 2],
    ['a gzip with a wrong checksum', 'a.pcap.gz', withoutChecksum(gzipSync(CAPTURE)), 'read', 3],
    ['eight bytes that are no capture', 'a.pcap', Buffer.from('garbage!'), 'unparsable', 0],
    ['half a header', 'a.pcap', CAPTURE.subarray(0, 20), 'unparsable', 0],
    ['gzip around no capture', 'a.gz', gzipSync('this was never a capture'), 'unparsable', 0],
    ['no gzip after its first bytes', 'a.gz', Buffer.from('1f8b0099999999', 'hex'), 'unparsable', 0],
  ])('%s', async (_, name, bytes, outcome, packets) => {
    writeFileSync(join(folder, name), bytes);
    const { exhibits, gaps } = must(await importFiles(directory, [join(folder, name)], wish, conduct));
    expect(exhibits).toMatchObject([{ outcome, packets, bytes: bytes.length }]);
    expect(gaps).toHaveLength(exhibits[0]?.fault === null ? 0 : 1);
  });

  function withoutChecksum(file: Buffer): Buffer {
    return file.fill(0, file.length - 8);
  }
});

it('tells the packets of every link type that is not read, those of further ones together', async () => {
  const file = new PcapngBuilder().section();
  const packet = udp(40_000, 53, dns('n.example', 1));
  for (let i = 0; i < 20; i++) file.interface(1000 + i).enhanced(i, 1n, packet);
  writeFileSync(join(folder, 'a.pcapng'), file.bytes());
  const { gaps } = must(await importFiles(directory, [join(folder, 'a.pcapng')], wish, conduct));
  expect(gaps).toHaveLength(17);
  expect(gaps[0]).toContain('link type 1000');
  expect(gaps.at(-1)).toMatch(/further link types.*4/);
});

describe('a file that cannot be read', () => {
  const failure = (code: string): Error => Object.assign(new Error(`${code}: open '/x'`), { code });

  it.each([
    ['ENOENT', 'path-missing'],
    ['ENOTDIR', 'path-missing'],
    ['EACCES', 'path-unreadable'],
    ['EPERM', 'path-unreadable'],
    ['EIO', 'path-unreadable'],
    ['ENAMETOOLONG', 'name-too-long'],
    ['EISDIR', 'path-is-directory'],
  ])('%s is %s', (code, problem) => {
    expect(readProblem(failure(code), '/x')).toMatchObject({ problem: { code: problem, params: { path: '/x' } } });
  });

  it('is thrown on when it is no failure of the system', () => {
    expect(() => readProblem(new TypeError('a bug'), '/x')).toThrow('a bug');
  });

  it('because its name is too long says so, of captures and of lists of identifiers', async () => {
    const long = join(folder, 'x'.repeat(300));
    expect(await importFiles(directory, [`${long}.pcap`], wish, conduct)).toMatchObject({
      ok: false,
      problem: { code: 'name-too-long' },
    });
    expect(readIdentifierFile(long)).toMatchObject({ ok: false, problem: { code: 'name-too-long' } });
  });
});
