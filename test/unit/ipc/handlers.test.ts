import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDispatcher, type Sender } from '../../../main/ipc/dispatch.ts';
import { createSession, taskForPage } from '../../../main/ipc/session.ts';
import type { OpenCase, RecentCase } from '../../../shared/contract/cases.ts';
import type { ChosenFile } from '../../../shared/contract/imports.ts';
import type { HostTask } from '../../../shared/contract/tasks.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { fakePorts, hostCase } from './fake-ports.ts';

const page: Sender = { url: 'app://handsight/index.html', isMainFrameOfWindow: true };
const directory = '/cases/2014-081.handsight';

async function value<Value>(reply: Promise<{ ok: boolean }>): Promise<Value> {
  const settled = (await reply) as { ok: true; value: Value };
  expect(settled.ok).toBe(true);
  return settled.value;
}

test('a new case: the dialog gives the folder, the host makes it, the list remembers it', async () => {
  const ports = fakePorts(() => ok(hostCase(directory)), { newCase: () => Promise.resolve(directory) });
  const session = createSession(ports);
  const dispatch = createDispatcher(session);
  const made = await value<OpenCase>(dispatch(page, 'cases.new', { number: '2014-081', title: 'T', examiner: 'Lin' }));
  expect(made.case).toMatch(/^[0-9a-f]{32}$/);
  expect(made.actor).toBe('Lin');
  expect(ports.asked).toEqual([
    { method: 'cases.create', input: { directory, number: '2014-081', title: 'T', examiner: 'Lin' }, actor: 'Lin' },
  ]);
  const recent = await value<readonly RecentCase[]>(dispatch(page, 'cases.recent', {}));
  expect(recent).toEqual([
    {
      case: made.case,
      folder: directory,
      number: '2014-081',
      title: 'T',
      synthetic: false,
      openedAt: '2014-08-07T10:00:00.000Z',
      present: false,
    },
  ]);
});

test('a closed dialog changes nothing', async () => {
  const ports = fakePorts();
  const dispatch = createDispatcher(createSession(ports));
  for (const channel of ['cases.choose', 'imports.choose', 'outputs.choose'] as const) {
    expect(await dispatch(page, channel, {})).toEqual({ ok: true, value: null });
  }
  expect(ports.asked).toEqual([]);
});

test('a case that cannot be opened is not remembered', async () => {
  const ports = fakePorts(() => fail('case-newer', { path: directory }), {
    openCase: () => Promise.resolve(directory),
  });
  const dispatch = createDispatcher(createSession(ports));
  expect(await dispatch(page, 'cases.choose', {})).toMatchObject({ ok: false, problem: { code: 'case-newer' } });
  expect(ports.settings.get().recent).toEqual([]);
});

test('filters are kept by name, the last saved first, and what cannot be one is refused', async () => {
  const ports = fakePorts();
  const dispatch = createDispatcher(createSession(ports));
  const save = (name: string, filter: string) => dispatch(page, 'settings.save-filter', { name, filter });
  await save('a', 'channel:tls');
  await save('b', 'host:x');
  await save(' a ', 'channel:quic');
  expect(ports.settings.get().filters).toEqual([
    { name: 'a', filter: 'channel:quic' },
    { name: 'b', filter: 'host:x' },
  ]);
  expect(await save('', 'x')).toMatchObject({ ok: false, problem: { code: 'value-invalid' } });
  expect(await save('c', 'x'.repeat(2001))).toMatchObject({ ok: false });
  await dispatch(page, 'settings.remove-filter', { name: 'a' });
  expect(ports.settings.get().filters).toEqual([{ name: 'b', filter: 'host:x' }]);
  for (let n = 0; n < 120; n += 1) await save(`n${n}`, 'x');
  expect(ports.settings.get().filters).toHaveLength(100);
});

test('one’s own selection of collectors is kept, and goes with that profile only', async () => {
  const ports = fakePorts(() => ok({ task: 't' }));
  const session = createSession(ports);
  const dispatch = createDispatcher(session);
  const kept = await dispatch(page, 'settings.keep-collectors', { collectors: ['packages', 'power'] });
  expect(kept).toMatchObject({ ok: true, value: { collectors: ['packages', 'power'] } });
  expect(ports.settings.get().collectors).toEqual(['packages', 'power']);
  expect(await dispatch(page, 'settings.keep-collectors', { collectors: ['../x'] })).toMatchObject({ ok: false });
  const wish = {
    case: session.caseTokens.tokenOf(directory),
    serial: 's',
    handset: 'H1',
    label: 'before',
    run: null,
    resume: false,
  };
  const start = (scope: object) => dispatch(page, 'acquisition.start', { ...wish, ...scope });
  expect(await start({ profile: 'own', collectors: ['packages'] })).toMatchObject({ ok: true });
  expect(await start({ profile: 'quick', collectors: null })).toMatchObject({ ok: true });
  expect(await start({ profile: 'own', collectors: null })).toMatchObject({ ok: false });
  expect(await start({ profile: 'quick', collectors: ['packages'] })).toMatchObject({ ok: false });
});

test('who acts now goes along with every later order of that case', async () => {
  const ports = fakePorts((method) => ok(method.startsWith('cases.') ? hostCase(directory) : []));
  const session = createSession(ports);
  const dispatch = createDispatcher(session);
  const token = session.caseTokens.tokenOf(directory);
  const other = session.caseTokens.tokenOf('/cases/other.handsight');
  expect(
    (await value<OpenCase>(dispatch(page, 'cases.set-actor', { case: token, actor: ' Wu Mei-ling ' }))).actor,
  ).toBe('Wu Mei-ling');
  await dispatch(page, 'traffic.totals', { case: token });
  await dispatch(page, 'traffic.totals', { case: other });
  await dispatch(page, 'cases.open', { case: token });
  expect(ports.asked.map(({ method, actor }) => [method, actor])).toEqual([
    ['cases.actor', 'Wu Mei-ling'],
    ['traffic.totals', 'Wu Mei-ling'],
    ['traffic.totals', null],
    ['cases.open', 'Wu Mei-ling'],
  ]);
});

test('files are imported by the names that the dialog gave, and their paths stay in main', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-ipc-'));
  const path = join(folder, 'gateway one.pcap');
  writeFileSync(path, 'xyz');
  const look = { bytes: 3, format: 'pcap', firstPacketAt: null };
  const answer = (method: string): ReturnType<typeof ok> => ok(method === 'imports.look' ? [look] : { task: 'T1' });
  const ports = fakePorts(answer, { captureFiles: () => Promise.resolve([path]) });
  const session = createSession(ports);
  const dispatch = createDispatcher(session);
  const chosen = await value<readonly ChosenFile[]>(dispatch(page, 'imports.choose', {}));
  expect(chosen).toEqual([
    { file: expect.stringMatching(/^[0-9a-f]{32}$/) as string, name: 'gateway one.pcap', ...look },
  ]);
  expect(JSON.stringify(chosen)).not.toContain(folder);
  const token = session.caseTokens.tokenOf(directory);
  const files = chosen.map((file) => file.file);
  await dispatch(page, 'imports.start', { case: token, files, handset: null, label: null, run: null, asOne: true });
  const owned = { handset: null, label: null, run: null, asOne: true };
  expect(ports.asked.at(-1)?.input).toEqual({ directory, paths: [path], ...owned });
});

test('a report goes where the dialog said, and can be shown there', async () => {
  const ports = fakePorts((method) => ok(method === 'cases.state' ? hostCase(directory) : { task: 'T7' }), {
    reportFile: (name) => Promise.resolve(`/reports/${name}`),
  });
  const session = createSession(ports);
  const dispatch = createDispatcher(session);
  const token = session.caseTokens.tokenOf(directory);
  await dispatch(page, 'report.export', { case: token, edition: 'full', format: 'pdf', language: 'zh-Hant' });
  expect(ports.asked.at(-1)?.input).toEqual({
    directory,
    edition: 'full',
    format: 'pdf',
    language: 'zh-Hant',
    path: '/reports/2014-081-full-zh-Hant.pdf',
  });
  expect(await dispatch(page, 'report.reveal', { task: 'T7' })).toEqual({ ok: true, value: null });
  expect(ports.revealed).toEqual(['/reports/2014-081-full-zh-Hant.pdf']);
  expect(await dispatch(page, 'report.reveal', { task: 'T8' })).toMatchObject({ ok: false });
});

test('a task never carries a folder to the page', () => {
  const session = createSession(fakePorts());
  const task: HostTask = {
    task: 'T1',
    kind: 'demonstration',
    title: '',
    startedAt: '2014-08-07T10:00:00Z',
    endedAt: null,
    status: 'done',
    progress: null,
    items: [],
    counts: {},
    problem: null,
    gaps: [],
    about: { directory },
    result: { kind: 'demonstration', directory },
  };
  const shown = taskForPage(session, task);
  expect(JSON.stringify(shown)).not.toContain('/cases');
  expect(shown.about?.case).toBe(session.caseTokens.tokenOf(directory));
  expect(shown.result).toEqual({ kind: 'demonstration', case: session.caseTokens.tokenOf(directory) });
});
