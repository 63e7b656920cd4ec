import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCase, openCaseForReading } from '../../../main/evidence/open-case.ts';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import { acquireSnapshot } from '../../../main/workflow/acquire-snapshot.ts';
import { previewResumed } from '../../../main/workflow/preview-resumed.ts';
import type { Acquired } from '../../../main/workflow/acquire-snapshot.ts';
import type { AcquireWish } from '../../../main/workflow/acquire-wish.ts';
import type { Handsets } from '../../../main/workflow/handset-session.ts';
import type { Acquisition } from '../../../shared/model/acquisition.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { resumable } from '../../../shared/model/resumable.ts';
import { fakeHandset } from '../acquisition/fake-handset.ts';
import type { Answer } from '../acquisition/fake-handset.ts';
import { zipOf } from '../parsing/zip-builder.ts';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-resume-'));
  directory = join(folder, 'a.handsight');
  const writer = must(createCase(directory, { number: '1', title: 'cut off', examiner: 'Lin', synthetic: true }));
  must(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  writer.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

const png = Buffer.from('89504e470d0a1a0a0000000049454e44ae426082', 'hex');

const tree = Buffer.from('<?xml version=\'1.0\'?><hierarchy rotation="0"><node text="Agree" /></hierarchy>');
const reportPath = '/bugreports/bugreport-x-2026-01-01.zip';
const reportText = '== dumpstate: 2026-01-01 12:00:00\n------ UPTIME (uptime) ------\n up 3 days\n';
const report = zipOf([
  { name: 'main_entry.txt', content: 'bugreport-x.txt' },
  { name: 'bugreport-x.txt', content: reportText },
]);
/** What the handset holds as a file, by the beginning of its path. */
const files = { '/data/local/tmp/handsight-': tree, '/bugreports/': report };

interface Phone {
  readonly fingerprint: string;
  readonly serial: string;
  readonly bootedAt: number;
  readonly uptime: boolean;
}
const phone: Phone = { fingerprint: 'a/b/c:14/1', serial: 'S1', bootedAt: Date.now() - 5_000_000, uptime: true };

/** Android 14 that refuses one dump; `cutAt` is met once: the cable goes, somebody cancels, or the program dies. */
function acquire(
  wish: Partial<AcquireWish> = {},
  cut: { readonly at: string; readonly by: 'cable' | 'cancel' | 'crash' } | null = null,
  is: Phone = phone,
): {
  readonly sent: string[];
  readonly notices: string[];
  readonly handsets: Handsets;
  readonly done: Promise<Result<Acquired>>;
} {
  const cancel = new AbortController();
  let present = true;
  const cutHere = (command: string): 'TRUNCATED' | 'ABORTED' | null => {
    if (cut === null || !command.startsWith(cut.at)) return null;
    if (cut.by === 'crash') throw new Error('the program died');
    if (cut.by === 'cable') present = false;
    else cancel.abort();
    return cut.by === 'cable' ? 'TRUNCATED' : 'ABORTED';
  };
  const answers = (command: string): Answer => {
    const problem = cutHere(command);
    if (problem !== null) return { problem, stdout: 'half of' };
    if (command === 'bugreportz -h 2>&1') return { stdout: 'usage: bugreportz [-h | -v]\n  -p: display progress\n' };
    if (command === 'bugreportz -p') return { stdout: `BEGIN:${reportPath}\nOK:${reportPath}\n` };
    if (command.startsWith('sha256sum '))
      return { stdout: `${createHash('sha256').update(report).digest('hex')}  ${reportPath}\n` };
    if (command.startsWith('uiautomator dump '))
      return { stdout: `UI hierchary dumped to: ${command.slice('uiautomator dump '.length)}\n` };
    if (command.startsWith('rm ')) return { stdout: '' };
    if (command === 'getprop')
      return {
        stdout: `[ro.build.version.release]: [14]\n[ro.build.version.sdk]: [34]\n[ro.build.fingerprint]: [${is.fingerprint}]\n[ro.serialno]: [${is.serial}]\n`,
      };
    if (command === 'getprop ro.build.fingerprint') return { stdout: `${is.fingerprint}\n` };
    if (command === 'getprop ro.serialno') return { stdout: `${is.serial}\n` };
    if (command === 'cat /proc/uptime')
      return is.uptime ? { stdout: `${((Date.now() - is.bootedAt) / 1000).toFixed(2)} 9.00\n` } : { stdout: '' };
    if (command.startsWith('date')) return { stdout: `${Date.now()}000000\n` };
    if (command === 'screencap -p') return { stdout: png };
    if (command === 'dumpsys dropbox --print')
      return { stdout: "Permission Denial: can't dump DropBoxManagerService from pid=1, uid=2000\n" };
    return { stdout: `${command}\n` };
  };
  const { link, sent } = fakeHandset(answers, { present: () => present, files });
  const pull: typeof link.pull = async (path, onChunk, options) => {
    const problem = cutHere(`pull ${path}`);
    return problem === null ? await link.pull(path, onChunk, options) : { ...fail(problem), partial: null };
  };
  const whole = { ...link, pull, journal: [], journalDropped: 0, close: () => undefined };
  const handsets = { open: () => Promise.resolve(ok(whole)), keyFingerprint: () => null } as unknown as Handsets;
  const notices: string[] = [];
  const conduct = {
    actor: null,
    lang: 'en',
    signal: cancel.signal,
    progress: () => undefined,
    notice: (text: string) => void notices.push(text),
  } as const;
  const full = { serial: 'fake', handset: 'H1', label: 'before', run: null, profile: 'standard', ...wish } as const;
  return { sent, notices, handsets, done: acquireSnapshot(directory, full, handsets, conduct) };
}

function inCase<T>(read: (acquisitions: readonly Acquisition[], exhibits: readonly Exhibit[]) => T): T {
  const reader = must(openCaseForReading(directory));
  try {
    return read(reader.acquisitions(), reader.exhibits());
  } finally {
    reader.close();
  }
}
const commandsOf = (exhibits: readonly Exhibit[], ...of: string[]): string[] => [
  ...new Set(
    exhibits.flatMap(({ acquisition, origin, outcome }) =>
      origin.type === 'command' && outcome === 'read' && of.includes(acquisition ?? '') ? [origin.command] : [],
    ),
  ),
];

describe.each(['cable', 'cancel', 'crash'] as const)('an acquisition that was cut off by: %s', (by) => {
  it('is gone on with: what it answered is not asked again, what it did not is, and together they are whole', async () => {
    const first = acquire({}, { at: 'dumpsys package', by });
    if (by === 'crash') await expect(first.done).rejects.toThrow('died');
    else expect(must(await first.done).acquisition.outcome).toBe('interrupted');
    const left = inCase((all, exhibits) => ({ row: all[0], exhibits }));

    const second = acquire({ resume: true });
    const { acquisition, gaps } = must(await second.done);
    expect(acquisition).toMatchObject({ id: 'A2', profile: 'standard', continues: 'A1' });
    expect(acquisition.collectors?.slice(0, 4)).toEqual(['clock', 'state-check', 'properties', 'package-detail']);
    expect(second.sent).toContain('dumpsys package');
    expect(second.sent).toContain('dumpsys usagestats');
    for (const answered of ['logcat -d -b crash -v threadtime -v year -v zone', 'dumpsys appops', 'screencap -p'])
      expect(second.sent).not.toContain(answered);
    // What A1 was refused was not asked again, and is what the two lack.
    expect(second.sent).not.toContain('dumpsys dropbox --print');
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toContain('dumpsys dropbox --print');
    expect(acquisition.outcome).toBe('complete-with-gaps');
    expect(second.notices.join('\n')).toContain('Goes on with A1');

    // A whole one under another label reads what both did together, and lacks the same.
    const whole = must(await acquire({ label: 'whole' }).done);
    expect(whole.gaps).toEqual(gaps);
    inCase((all, exhibits) => {
      expect(commandsOf(exhibits, 'A1', 'A2').toSorted()).toEqual(commandsOf(exhibits, 'A3').toSorted());
      // Nothing of A1 was edited, but for the end that a dead program owed it.
      const edited = by === 'crash' ? ['endedAt', 'detail'] : [];
      for (const [key, value] of Object.entries(left.row ?? {}))
        if (!edited.includes(key)) expect(all[0]).toHaveProperty(key, value);
      expect(exhibits.filter((one) => one.acquisition === 'A1').length).toBeGreaterThanOrEqual(
        left.exhibits.filter((one) => one.acquisition === 'A1').length,
      );
    });
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
  });
});

describe.each(['cable', 'cancel', 'crash'] as const)('what is pulled, cut off by: %s', (by) => {
  const own = { profile: 'own', collectors: ['screen-text', 'bug-report'] } as const;
  const names = (): readonly string[] =>
    inCase((_, all) => all.map((one) => `${one.acquisition} ${one.originalName} ${one.outcome}`));
  const cutAt = async (at: string): Promise<void> => {
    const { done } = acquire(own, { at, by });
    if (by === 'crash') await expect(done).rejects.toThrow('died');
    else expect(must(await done).acquisition.outcome).toBe('interrupted');
  };

  it('is asked again where its file did not come', async () => {
    await cutAt('pull /data/local/tmp/handsight-');
    const second = acquire({ ...own, resume: true });
    const { acquisition } = must(await second.done);
    expect(acquisition).toMatchObject({ id: 'A2', continues: 'A1' });
    expect(acquisition.collectors).toContain('screen-text');
    expect(names()).toContain('A2 screen-text.xml read');
  });

  it('is not asked again where it came whole: a report that was pulled before the cut', async () => {
    await cutAt('sha256sum ');
    const second = acquire({ ...own, resume: true });
    const { acquisition } = must(await second.done);
    expect(acquisition).toMatchObject({ continues: 'A1' });
    expect(acquisition.collectors).not.toContain('bug-report');
    expect(second.sent).not.toContain('bugreportz -p');
    expect(names().filter((one) => one.includes(' bugreport-x-2026-01-01.zip '))).toEqual([
      'A1 bugreport-x-2026-01-01.zip read',
    ]);
  });
});

describe('going on', () => {
  it('goes on with what went on, in as many parts as it takes', async () => {
    await acquire({}, { at: 'dumpsys appops', by: 'cable' }).done;
    const second = must(await acquire({ resume: true }, { at: 'dumpsys user', by: 'cable' }).done);
    expect(second.acquisition).toMatchObject({ continues: 'A1', outcome: 'interrupted' });
    const third = acquire({ resume: true });
    const { acquisition, gaps } = must(await third.done);
    expect(acquisition).toMatchObject({ id: 'A3', continues: 'A2' });
    expect(third.sent).toContain('dumpsys user');
    expect(third.sent).not.toContain('dumpsys appops');
    expect(third.sent).not.toContain('dumpsys package');
    expect(gaps).toHaveLength(1);
  });

  it.each([
    ['build', { ...phone, fingerprint: 'a/b/c:15/2' }, /another build/],
    ['boot', { ...phone, bootedAt: Date.now() - 60_000 }, /started anew/],
    ['serial', { ...phone, serial: 'S2' }, /another serial/],
    ['unknown', { ...phone, uptime: false }, /not known/],
  ] as const)(
    'asks everything again, and says why, where the handset is not as it was left: %s',
    async (why, now, said) => {
      await acquire({}, { at: 'dumpsys package', by: 'cable' }).done;
      const second = acquire({ resume: true }, null, now);
      const { acquisition } = must(await second.done);
      expect(acquisition).toMatchObject({ id: 'A2', insteadOf: { id: 'A1', because: [why] } });
      expect(acquisition).not.toHaveProperty('continues');
      expect(second.sent).toContain('dumpsys appops');
      expect(second.notices.join('\n')).toMatch(said);
      expect(inCase(([, row]) => row)).toMatchObject({ insteadOf: { id: 'A1', because: [why] } });
    },
  );

  it('does not begin where nothing was cut off', async () => {
    const refused = async (wish: Partial<AcquireWish>) => await acquire({ ...wish, resume: true }).done;
    expect(await refused({})).toMatchObject({ ok: false, problem: { code: 'nothing-to-resume' } });
    await acquire({ profile: 'quick' }, { at: 'settings list secure', by: 'cable' }).done;
    expect(await refused({ profile: 'standard' })).toMatchObject({ ok: false });
    expect(await refused({ profile: 'quick', label: 'after' })).toMatchObject({ ok: false });
    expect(must(await refused({ profile: 'quick' })).acquisition.continues).toBe('A1');
    expect(await refused({ profile: 'quick' })).toMatchObject({ ok: false, problem: { code: 'nothing-to-resume' } });
    expect(inCase((all) => all)).toHaveLength(2);
  });

  it('goes on with one’s own selection, where it is the same one', async () => {
    const own = { profile: 'own', collectors: ['users', 'power', 'dropbox'] } as const;
    await acquire(own, { at: 'dumpsys user', by: 'cable' }).done;
    expect(await acquire({ profile: 'own', collectors: ['users'], resume: true }).done).toMatchObject({ ok: false });
    const second = must(await acquire({ ...own, resume: true }).done);
    expect(second.acquisition).toMatchObject({
      continues: 'A1',
      profile: 'own',
      collectors: ['clock', 'state-check', 'properties', 'users', 'power'],
    });
  });

  it('refuses a collector that there is none of, and begins nothing', async () => {
    expect(await acquire({ profile: 'own', collectors: ['apks'] }).done).toMatchObject({
      ok: false,
      problem: { code: 'value-invalid', params: { value: 'apks' } },
    });
    expect(inCase((all) => all)).toEqual([]);
  });
});

it('rows that lead in a circle are no way round', () => {
  const row = (id: string, continues: string): Acquisition => ({
    id,
    handset: 'H1',
    label: 'x',
    run: null,
    profile: 'own',
    collectors: ['clock'],
    continues,
    serial: 's',
    startedAt: '',
    endedAt: null,
    outcome: 'interrupted',
    detail: null,
  });
  const wish = { handset: 'H1', label: 'x', run: null, profile: 'own', collectors: ['clock'] } as const;
  expect(resumable([row('A1', 'A2'), row('A2', 'A1')], wish)?.id).toBe('A2');
});

describe('before one goes on', () => {
  const wish = { serial: 'fake', handset: 'H1', label: 'before', run: null, profile: 'standard' } as const;
  const preview = async (id: string, is: Phone = phone): Promise<Awaited<ReturnType<typeof previewResumed>>> => {
    const { handsets, done } = acquire({ label: 'other', profile: 'quick' }, null, is);
    await done;
    return await previewResumed(directory, id, wish, { handsets: () => Promise.resolve(ok(handsets)) });
  };

  it('it is told what would be asked, as it then is', async () => {
    await acquire({}, { at: 'dumpsys package', by: 'cable' }).done;
    const told = must(await preview('A1'));
    expect(told).toMatchObject({ id: 'A1', because: [], codeFiles: 0, codeBytes: 0 });
    expect(told?.asks).not.toContain('app-ops');
    expect(told?.asks.slice(0, 4)).toEqual(['clock', 'state-check', 'properties', 'package-detail']);
    const gone = must(await acquire({ resume: true }).done);
    expect(gone.acquisition.collectors).toEqual(told?.asks);
  });

  it('it is told why everything would be asked again, and nothing of an acquisition that is not the one', async () => {
    await acquire({}, { at: 'dumpsys package', by: 'cable' }).done;
    const told = must(await preview('A1', { ...phone, bootedAt: Date.now() - 1000 }));
    expect(told?.because).toEqual(['boot']);
    expect(told?.asks).toContain('app-ops');
    expect(must(await preview('A7'))).toBeNull();
  });
});
