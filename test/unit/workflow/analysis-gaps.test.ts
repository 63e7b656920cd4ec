import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { analyseCase } from '../../../main/workflow/analyse.ts';
import { writeCase } from '../../../main/workflow/case-session.ts';
import { gatherReport } from '../../../main/workflow/gather-report.ts';
import { listCase } from '../../../main/workflow/query-case.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { addHandset, newCase } from '../../../main/workflow/open-case.ts';

const conduct: Conduct = { actor: null, lang: 'en', signal: new AbortController().signal, progress: () => undefined };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-gaps-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function store(directory: string, command: string, bytes: string, { label = 'before', cut = false } = {}): void {
  const stored = writeCase(directory, 'test', conduct, (writer) => {
    const begun = writer.beginExhibit({
      originalName: `${command}.txt`,
      kind: 'command-output',
      label,
      handset: 'H1',
      run: null,
      acquisition: null,
      collector: 'properties',
      origin: {
        type: 'command',
        command,
        stream: 'stdout',
        protocol: 'shell-v2',
        startedAt: '2014-08-07T10:00:00.000000Z',
        endedAt: '2014-08-07T10:00:01.000000Z',
        problem: cut ? 'LIMIT' : null,
        exitStatus: 0,
      },
    });
    if (!begun.ok) return begun;
    begun.value.write(Buffer.from(bytes));
    return begun.value.finish({ outcome: 'read', packets: null, fault: cut ? `byte-limit:${bytes.length}` : null });
  });
  if (!stored.ok) throw new Error(JSON.stringify(stored.problem));
}

it('an analysis says which outputs it could not read whole', async () => {
  const directory = join(folder, 'case');
  newCase(directory, { number: '1', title: 't', examiner: 'e' }, conduct);
  addHandset(directory, { label: 'one', serial: null, role: 'exhibit' }, conduct);
  store(directory, 'getprop', '[a]: [1]\nno property at all\n');
  store(directory, 'dumpsys appops', 'A'.repeat(100));
  store(directory, 'pm list packages', 'package:com.x\n');
  const analysed = await analyseCase(directory, { workers: 1 }, conduct);
  if (!analysed.ok) throw new Error(JSON.stringify(analysed.problem));
  expect(analysed.value.gaps).toHaveLength(2);
  expect(analysed.value.gaps[0]).toContain('lines that no rule could read: first: line 2');
  expect(analysed.value.gaps[1]).toContain('E002');
});

it('the last line of a cut output gives no record, and the report words the cut', async () => {
  const directory = join(folder, 'case');
  newCase(directory, { number: '1', title: 't', examiner: 'e' }, conduct);
  addHandset(directory, { label: 'one', serial: null, role: 'exhibit' }, conduct);
  store(directory, 'pm list packages', 'package:com.x\npackage:com.example.mess', { cut: true });
  store(directory, 'pm list packages', 'package:com.x\npackage:com.example.messenger', { label: 'after' });
  const records = await listCase(directory, 'records', { label: null, run: null }, conduct);
  if (!records.ok) throw new Error(JSON.stringify(records.problem));
  const names = records.value.flatMap((one) => (one.kind === 'package' ? [`${one.label} ${one.name}`] : []));
  expect(names).toEqual(['before com.x', 'after com.x', 'after com.example.messenger']);
  const gathered = await gatherReport(directory, { ...conduct, lang: 'zh-Hant' });
  if (!gathered.ok) throw new Error(JSON.stringify(gathered.problem));
  expect(gathered.value.exhibits[0]?.fault).toContain('已截斷');
});

it('a part that a format looks for and the text lacks is one gap, worded in both languages', async () => {
  const directory = join(folder, 'case');
  newCase(directory, { number: '1', title: 't', examiner: 'e' }, conduct);
  addHandset(directory, { label: 'one', serial: null, role: 'exhibit' }, conduct);
  store(directory, 'dumpsys jobscheduler', 'something else\n');
  const said = async (lang: Conduct['lang']): Promise<readonly string[]> => {
    const analysed = await analyseCase(directory, { workers: 1 }, { ...conduct, lang });
    if (!analysed.ok) throw new Error(JSON.stringify(analysed.problem));
    return analysed.value.gaps;
  };
  expect(await said('en')).toEqual(['E001 dumpsys jobscheduler.txt: lacks the section «Registered jobs»; raw kept']);
  expect(await said('zh-Hant')).toEqual(['E001 dumpsys jobscheduler.txt：沒有「Registered jobs」部分，已保留原始內容']);
});
