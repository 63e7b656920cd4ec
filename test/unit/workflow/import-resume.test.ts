import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import { setHook } from '../../../main/evidence/hooks.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import { openCaseForReading, openCaseForWriting } from '../../../main/evidence/open-case.ts';
import { verifyCase } from '../../../main/evidence/verify.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { importFiles } from '../../../main/workflow/import-file.ts';
import { noteOf } from '../../../main/workflow/import-pace.ts';
import { must, newCase } from '../evidence/case-fixture.ts';
import { dns, pcap, udp } from '../dissection/packet-builder.ts';

const wish = { handset: null, label: null, run: null };
const record = pcap([udp(40_000, 53, dns('n.example', 1))]).subarray(24);
/** Three blocks of the reader and a bit. */
const count = Math.ceil((13 * 1024 * 1024) / record.length);
const capture = Buffer.concat([pcap([]), ...Array.from({ length: count }, () => record)]);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let folder = '';
let directory = '';
let file = '';
let notices: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-resume-'));
  directory = join(folder, 'case.handsight');
  file = join(folder, 'big.pcap');
  writeFileSync(file, capture);
  newCase(directory).close();
  notices = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function conduct(onProgress: () => void = () => undefined, signal = new AbortController().signal): Conduct {
  return { actor: null, lang: 'en', signal, progress: onProgress, notice: (text) => notices.push(text) };
}

/** Cancelled when the first block is copied. */
async function cancelled(): Promise<void> {
  const stop = new AbortController();
  const done = await importFiles(
    directory,
    [file],
    wish,
    conduct(() => stop.abort(), stop.signal),
  );
  expect(done).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
}

function look<T>(act: (reader: CaseReader) => T): T {
  const reader = must(openCaseForReading(directory));
  try {
    return act(reader);
  } finally {
    reader.close();
  }
}
const incoming = (): string[] => readdirSync(join(directory, 'exhibits', '.incoming'));

async function again(): Promise<Exhibit> {
  const { exhibits, gaps } = must(await importFiles(directory, [file], wish, conduct()));
  expect([exhibits.length, gaps]).toEqual([1, []]);
  expect(incoming()).toEqual([]);
  return exhibits[0] as Exhibit;
}

describe('an import that was cut off', () => {
  it('is no evidence, verifies, and goes on from its checkpoint when the file is imported again', async () => {
    await cancelled();
    const left = look((reader) => ({ exhibits: reader.exhibits(), copies: reader.unfinishedImports() }));
    expect(left.exhibits).toEqual([]);
    const [copy] = left.copies;
    expect(copy?.checkpoint.bytes).toBe(4 * 1024 * 1024);
    const lines = must(await verifyCase(directory));
    expect(lines.filter((one) => !one.ok)).toEqual([]);
    expect(lines.map((one) => one.detail).join()).toContain('import was cut off');
    // Another act in between opens the case for writing and takes nothing for an exhibit.
    must(openCaseForWriting(directory, 'testing')).close();
    expect(look((reader) => reader.exhibits())).toEqual([]);
    notices = [];
    expect(await again()).toMatchObject({
      sha256: sha256(capture),
      bytes: capture.length,
      packets: count,
      outcome: 'read',
    });
    expect(notices).toEqual([expect.stringMatching(/goes on; the 4,194,304 bytes/)]);
  });

  it('begins anew, and says so, where the file is another now; or where the copy is', async () => {
    await cancelled();
    const other = Buffer.from(capture);
    other.writeUInt8(1, 100);
    writeFileSync(file, other);
    expect(await again()).toMatchObject({ sha256: sha256(other) });
    expect(notices.at(-1)).toMatch(/another than the one/);
    await cancelled();
    const name = incoming().find((one) => /^IN-[0-9a-f]+$/.test(one)) ?? '';
    const path = join(directory, 'exhibits', '.incoming', name);
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(4_000_000) ^ 1, 4_000_000);
    writeFileSync(path, bytes);
    expect(await again()).toMatchObject({ sha256: sha256(other) });
    expect(notices.at(-1)).toMatch(/another than the one/);
  });

  it('goes on where the file has only grown, and cut off once more it keeps the farther point', async () => {
    await cancelled();
    appendFileSync(file, record);
    let blocks = 0;
    const stop = new AbortController();
    const onBlock = (): void => {
      blocks += 1;
      if (blocks === 3) stop.abort();
    };
    await importFiles(directory, [file], wish, conduct(onBlock, stop.signal));
    expect(look((reader) => reader.unfinishedImports()).map((one) => one.checkpoint.bytes)).toEqual([12 * 1024 * 1024]);
    expect(await again()).toMatchObject({ packets: count + 1 });
  });

  it('by a dying program goes on from what was durable; what was not is not believed', async () => {
    const writer = must(openCaseForWriting(directory, 'testing'));
    const origin = { type: 'import', fileName: 'big.pcap', compression: null } as const;
    const owned = {
      originalName: 'big.pcap',
      kind: 'capture',
      label: 'unassigned',
      handset: 'unassigned',
      run: null,
    } as const;
    const source = { path: file, bytes: capture.length, modifiedMs: 0 };
    const copy = must(writer.beginExhibit({ ...owned, acquisition: null, collector: null, origin }, source));
    must(copy.write(capture.subarray(0, 1_000_000)));
    must(copy.checkpoint());
    must(copy.write(Buffer.alloc(500_000)));
    writer.close();
    expect(await again()).toMatchObject({ sha256: sha256(capture), bytes: capture.length });
    expect(notices).toHaveLength(1);
  });
});

it('a disk that fills up in the middle is said, and the case is as it was: nothing half stays, nobody wrote', async () => {
  const before = look((reader) => reader.head());
  let blocks = 0;
  setHook((name) => {
    if (name !== 'vault.write') return;
    blocks += 1;
    if (blocks === 3) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
  const done = await importFiles(directory, [file], wish, conduct());
  setHook(null);
  expect(done).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
  expect(incoming()).toEqual([]);
  expect(look((reader) => [reader.head(), reader.exhibits()])).toEqual([before, []]);
});

it('a file that changes while it is read is kept as it was read, and says so', async () => {
  let grown = false;
  const grow = (): void => {
    if (!grown) appendFileSync(file, record);
    grown = true;
  };
  const { exhibits, gaps } = must(await importFiles(directory, [file], wish, conduct(grow)));
  expect(exhibits[0]?.fault).toMatch(/^changed-while-read: /);
  expect(gaps).toEqual([expect.stringMatching(/the file changed while it was read/)]);
});

it('rate and time left are told once there is a rate', () => {
  const facts = { done: 50_000_000, total: 150_000_000, packets: 1234, elapsedMs: 1000 };
  expect(noteOf('en', { ...facts, elapsedMs: 100 })).toBe('1,234 packets');
  expect(noteOf('en', facts)).toBe('1,234 packets, 50 MB/s, 2 s left');
  expect(noteOf('en', { ...facts, total: 50_000_000_000 })).toBe('1,234 packets, 50 MB/s, 17 min left');
  expect(noteOf('zh-Hant', facts)).toContain('剩餘 2 秒');
});
