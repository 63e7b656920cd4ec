import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesBetween, compareLabels } from '../../../main/workflow/compare.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { withIndex, withLastIndex } from '../../../main/workflow/current-index.ts';
import { importOutput } from '../../../main/workflow/import-output.ts';
import type { ImportedOutputs, OutputWish } from '../../../main/workflow/import-output.ts';
import { ok } from '../../../shared/model/problem.ts';
import type { Result } from '../../../shared/model/problem.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { must, newCase, read } from '../evidence/case-fixture.ts';

const conduct: Conduct = {
  actor: 'Wu',
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};

let folder = '';
let directory = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-output-'));
  directory = join(folder, 'case.handsight');
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Redmi', serial: null, role: 'exhibit' }));
  writer.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function take(path: string, wish: Partial<OutputWish> = {}, how: Conduct = conduct): Promise<Result<ImportedOutputs>> {
  const usual = { handset: 'H1', label: 'before', run: null, what: 'recognised', takenAt: null };
  return importOutput(directory, path, { ...usual, ...wish }, how);
}

async function recordsOf(label: string): Promise<readonly SnapshotRecord[]> {
  return must(await withIndex(directory, conduct, (_reader, index) => ok(index.records({ label }))));
}

const getprop = '[ro.build.version.release]: [10]\n[ro.product.model]: [A]\n';
const dashes = '-'.repeat(79);
const service = (name: string, body: string, ended = true): string =>
  `${dashes}\nDUMP OF SERVICE ${name}:\n${body}${ended ? `--------- 0.1s was the duration of dumpsys ${name}, ending at: 2020-01-08 15:32:00\n` : ''}`;

describe('one output in one file', () => {
  it('is an exhibit with its provenance, and an acquisition of its own', async () => {
    const path = file('p.txt', getprop);
    const taken = must(await take(path, { what: 'adb shell getprop', takenAt: '2026-01-02T08:00:00+08:00' }));
    expect(taken.gaps).toEqual([]);
    expect(taken.acquisition).toMatchObject({ id: 'A1', profile: 'imported', serial: '', outcome: 'complete' });
    const sha256 = createHash('sha256').update(getprop).digest('hex');
    expect(taken.exhibits).toMatchObject([
      { id: 'E001', kind: 'command-output', sha256, originalName: 'p.txt', collector: 'properties', acquisition: 'A1' },
    ]);
    expect(taken.exhibits[0]?.origin).toMatchObject({
      type: 'command',
      command: 'getprop',
      protocol: 'imported',
      startedAt: '2026-01-02T00:00:00.000000Z',
      imported: { what: 'getprop', recognised: 'getprop', saidBy: 'person', exhibit: null, fileName: 'p.txt' },
    });
    const reader = read(directory);
    const said = reader.custody().find(({ action }) => action === 'output-stated');
    reader.close();
    expect(said).toMatchObject({ actor: 'Wu', note: 'E001: «getprop»; looks like «getprop»' });
  });

  it('without a statement is proposed and not taken', async () => {
    expect(await take(file('p.txt', getprop), { what: null })).toMatchObject({
      problem: { code: 'output-unsaid', params: { command: 'getprop', by: 'content' } },
    });
    // A name alone is a proposal that «recognised» does not take over.
    const named = file('settings_secure.txt', 'a=b\n');
    expect(await take(named)).toMatchObject({ problem: { code: 'output-unrecognised' } });
    expect(await take(named, { what: null })).toMatchObject({
      problem: { code: 'output-unsaid', params: { by: 'name' } },
    });
    expect(await take(file('n.txt', 'what is this'), { what: null })).toMatchObject({
      problem: { code: 'output-unrecognised' },
    });
    const reader = read(directory);
    expect([reader.exhibits(), reader.acquisitions()]).toEqual([[], []]);
    reader.close();
  });

  it.each([
    ['a command that a shell would take for two', { what: 'getprop; rm' }, 'value-invalid'],
    ['a day that does not exist', { takenAt: '2026-02-31T00:00:00Z' }, 'instant-invalid'],
    ['a handset that is not in the case', { handset: 'H9' }, 'handset-unknown'],
    ['a label that disturbs its reader', { label: 'a\u202eb' }, 'value-invalid'],
  ])('is refused with %s', async (_, wish, code) => {
    expect(await take(file('p.txt', getprop), wish)).toMatchObject({ ok: false, problem: { code } });
  });

  it('is refused where it is empty, a folder, a pipe, or not there', async () => {
    expect(await take(file('e.txt', ''))).toMatchObject({ problem: { code: 'empty-file' } });
    expect(await take(folder)).toMatchObject({ problem: { code: 'path-is-directory' } });
    expect(await take(join(folder, 'none'))).toMatchObject({ problem: { code: 'path-missing' } });
    symlinkSync(join(folder, 'none'), join(folder, 'link'));
    expect(await take(join(folder, 'link'))).toMatchObject({ problem: { code: 'path-missing' } });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await take(join(folder, 'pipe'))).toMatchObject({ problem: { code: 'not-a-file' } });
  });

  it('that looks like another than it is said to be is taken as said, and that is a gap', async () => {
    const taken = must(await take(file('p.txt', getprop), { what: 'dumpsys account' }));
    expect(taken.gaps).toEqual([
      'E001 p.txt: said to be the output of «dumpsys account», but it looks like that of «getprop»',
    ]);
    expect(taken.acquisition.outcome).toBe('complete-with-gaps');
  });

  it('that is a refusal is one', async () => {
    const path = file('s.txt', 'java.lang.SecurityException: Permission Denial\n');
    const taken = must(await take(path, { what: 'settings list secure' }));
    expect(taken.exhibits).toMatchObject([{ outcome: 'refused', fault: 'security-exception' }]);
    expect(taken.gaps).toHaveLength(1);
  });

  it('gives records and identifiers whatever a Windows shell or a PTY made of it', async () => {
    const imei = '[persist.radio.imei]: [865903020000009]\n';
    must(await take(file('a.txt', Buffer.from(`\uFEFF${getprop}${imei}`, 'utf16le'))));
    must(await take(file('b.txt', `${getprop}${imei}`.replaceAll('\n', '\r\n')), { label: 'after' }));
    must(await take(file('c.txt', `${getprop}[x]: [a\0b]\n`), { label: 'nul' }));
    const names = (records: readonly SnapshotRecord[]): string[] =>
      records.flatMap((record) => (record.kind === 'property' ? [record.name] : []));
    const both = ['ro.build.version.release', 'ro.product.model', 'persist.radio.imei'].sort();
    expect(names(await recordsOf('before')).sort()).toEqual(both);
    expect(names(await recordsOf('after')).sort()).toEqual(both);
    expect(names(await recordsOf('nul'))).toHaveLength(3);
    const reader = read(directory);
    const found = reader.identifiers({}).map(({ kind, value, source }) => [kind, value, source]);
    reader.close();
    expect(found).toEqual([
      ['imei', '865903020000009', 'E001'],
      ['imei', '865903020000009', 'E002'],
    ]);
  });
});

describe('several files of one label', () => {
  it('are one snapshot: a later one replaces an earlier one of the same command only', async () => {
    must(await take(file('old.txt', getprop)));
    must(await take(file('s.txt', 'adb_enabled=1\n')));
    must(await take(file('new.txt', getprop.replace('[A]', '[B]'))));
    must(
      await take(file('a.txt', service('account', 'User UserInfo{0:Owner:13}:\n  Accounts: 0\n')), { what: 'dumpsys' }),
    );
    must(await take(file('p.txt', getprop.replace('[A]', '[B]')), { label: 'after' }));
    must(await take(file('t.txt', 'adb_enabled=0\n'), { label: 'after' }));
    const { changes } = must(await compareLabels(directory, 'before', 'after', conduct));
    expect(changes.map(({ subject, before, after }) => [subject, before, after])).toEqual([
      ['global/adb_enabled', '1', '0'],
    ]);
  });
});

describe('the dump of all services', () => {
  const whole = `Currently running services:\n  account\n  user\n${service('account', 'User UserInfo{0:Owner:13}:\n  Accounts: 0\n')}${service('user', 'Users:\n  UserInfo{0:null:13} serialNo=0\n')}`;

  it.each([
    ['UTF-8', Buffer.from(whole)],
    ['UTF-16', Buffer.from(`\uFEFF${whole}`, 'utf16le')],
  ])('is one file in custody, and its parts are exhibits that say where they were cut from (%s)', async (_, bytes) => {
    const { exhibits, gaps } = must(await take(file('all.txt', bytes)));
    expect(gaps).toEqual([]);
    expect(exhibits.map(({ id, kind, collector }) => [id, kind, collector])).toEqual([
      ['E001', 'file', null],
      ['E002', 'command-output', 'identifiers'],
      ['E003', 'command-output', 'users'],
    ]);
    const reader = read(directory);
    for (const { id, origin } of exhibits.slice(1)) {
      if (origin.type !== 'command' || origin.imported === undefined) throw new Error(id);
      expect(origin.imported).toMatchObject({ exhibit: 'E001', saidBy: 'file' });
      const { offsetBytes } = origin.imported;
      const part = must(reader.readExhibit(id));
      expect(part.equals(bytes.subarray(offsetBytes, offsetBytes + part.length))).toBe(true);
    }
    reader.close();
    const [first] = (await recordsOf('before')).filter(({ exhibit }) => exhibit === 'E003');
    expect(first).toMatchObject({ kind: 'fact', topic: 'user', name: '0/name', value: 'null' });
  });

  it('says what was cut off, what stands in it twice, and what has no part at all', async () => {
    const cut = `${service('user', 'Users:\n')}${service('user', 'Users:\n')}${service('wifi', 'Wi-Fi is', false)}`;
    const { gaps } = must(await take(file('all.txt', cut), { what: 'dumpsys' }));
    expect(gaps).toEqual([
      'E003 all.txt: «dumpsys user» stands in the file more than once; the last one counts for the state',
      'E004 all.txt: «dumpsys wifi» does not say that it ended, as others in the file do; it may be cut off',
    ]);
    const none = must(await take(file('none.txt', 'nothing of the kind\n'), { what: 'dumpsys' }));
    expect(none.gaps).toEqual(['E005 none.txt: no heading of a service was found in it; it is kept as it is']);
  });

  it('stopped half way keeps what was stored, and the acquisition says that it was interrupted', async () => {
    const stop = new AbortController();
    const progress: Conduct['progress'] = ({ unit, done }) => {
      if (unit === 'steps' && done === 1) stop.abort();
    };
    const taken = await take(file('all.txt', whole), {}, { ...conduct, signal: stop.signal, progress });
    expect(taken).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
    const reader = read(directory);
    expect(reader.acquisitions()).toMatchObject([{ outcome: 'interrupted' }]);
    expect(reader.exhibits().map(({ id }) => id)).toEqual(['E001', 'E002']);
    expect(reader.incoming()).toEqual([]);
    reader.close();
  });
});

it('what came after the last analysis makes nothing of it gone', async () => {
  const users = 'Users:\n  UserInfo{0:null:13} serialNo=0\n  UserInfo{11:User2:10} serialNo=11\n';
  for (const label of ['before', 'after'])
    must(await take(file(`${label}.txt`, users), { label, what: 'dumpsys user' }));
  const changes = async (): Promise<unknown> =>
    must(
      await withLastIndex(directory, conduct, (reader, index) =>
        ok(changesBetween(reader, index, 'before', 'after', 'en')),
      ),
    );
  must(await withIndex(directory, conduct, () => ok(null)));
  expect(await changes()).toEqual([]);
  must(await take(file('later.txt', users.replace('User2', 'User3')), { label: 'after', what: 'dumpsys user' }));
  expect(await changes()).toEqual([]);
  must(await withIndex(directory, conduct, () => ok(null)));
  expect(await changes()).not.toEqual([]);
});
