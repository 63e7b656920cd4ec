import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { analyseCase } from '../../../main/workflow/analyse.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { wordFault } from '../../../main/workflow/gaps.ts';
import { importFiles } from '../../../main/workflow/import-file.ts';
import { listCase } from '../../../main/workflow/query-case.ts';
import { rowFactsOf } from '../../../main/workflow/row-facts.ts';
import { clockStepOf } from '../../../main/workflow/clock-step-note.ts';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import { must, newCase, read } from '../evidence/case-fixture.ts';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';

const imei = '490154203237518';
const start = Date.parse('2014-08-07T10:00:00Z') / 1000;
const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
  notice: () => undefined,
};
let folder = '';
let directory = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clock-steps-'));
  directory = join(folder, 'case.handsight');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const talk = (port: number): readonly Buffer[] =>
  new Conversation({ sourcePort: port }).toServer(`GET /a?imei=${imei} HTTP/1.1\r\nHost: api.example\r\n\r\n`).close()
    .packets;

/** A transmission at `start`, and one whose packets say they went so many seconds earlier; agreed to so many minutes later than `start`. */
async function given(backSeconds: number, minutes: number): Promise<void> {
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
  must(
    writer.addIdentifier({ handset: 'H1', kind: 'imei', value: imei, original: imei, source: 'label', warnings: [] }),
  );
  must(
    writer.addEvent({
      run: null,
      label: 'before',
      handset: 'H1',
      kind: 'consent-act',
      at: new Date((start + minutes * 60) * 1000).toISOString().replace('Z', '000Z'),
      atHandset: null,
      text: 'terms accepted',
      source: 'attested by Lin',
    }),
  );
  writer.close();
  const second = pcap(talk(51_235), { startSeconds: start - backSeconds }).subarray(24);
  const path = join(folder, 'wifi.pcap');
  writeFileSync(path, Buffer.concat([pcap(talk(51_234), { startSeconds: start }), second]));
  must(await importFiles(directory, [path], { handset: 'H1', label: 'before', run: null, asOne: false }, conduct));
}

const found = async () => must(await listCase(directory, 'findings', { label: null, run: null }, conduct));

it('an imported capture whose clock stepped back says so, and nothing is «before any act» by such times', async () => {
  await given(3600, 10);
  const findings = await found();
  expect(findings.map(({ rule, consent, consentReason }) => [rule, consent, consentReason])).toEqual([
    ['identifier-transmitted', 'unknown', 'clock-steps-back'],
    ['identifier-transmitted', 'before-any-act', undefined],
  ]);
  const open = findings.find(({ consent }) => consent === 'unknown');
  expect(open?.statement).toContain('the clock of the capture stepped back');
  if (open) expect(statementOf(open, 'zh-Hant')).toContain('時鐘曾倒退');
  const said = { en: '3600.00', 'zh-Hant': '封包時間倒退' };
  for (const lang of ['en', 'zh-Hant'] as const) {
    const { gaps } = must(await analyseCase(directory, { workers: 1 }, { ...conduct, lang }));
    expect(gaps.filter((one) => one.includes(said[lang]))).toHaveLength(1);
    expect(gaps.join()).toMatch(/3600\.\d{3} s/);
  }
  const reader = read(directory);
  const index = must(reader.openIndex());
  const [fault] = index.faults().filter(({ code }) => code === 'clock-steps-back');
  expect(fault).toMatchObject({ exhibit: 'E001', frame: talk(51_234).length + 1, count: 1 });
  expect(clockStepOf(index, 'E001')).toBeGreaterThan(3_600_000_000);
  expect(JSON.stringify(index.visibility())).toContain('clock-steps-back');
  // Lists are filtered by the same order.
  const spans = rowFactsOf(reader, index).phasesOf('E001');
  expect(spans.map(({ phase }) => phase)).toEqual(['before-consent', 'unknown', 'after-consent']);
  expect((spans[2]?.fromUs ?? 0) - (spans[1]?.fromUs ?? 0)).toBeGreaterThan(7_200_000_000);
  index.close();
  reader.close();
});

it('a step that an act lies far from, and a clock that did not step, leave the order as it is', async () => {
  await given(60, 10);
  expect((await found()).map(({ consent }) => consent)).toEqual(['before-any-act', 'before-any-act']);
});

it('the size of a step is worded in each language', () => {
  expect(wordFault('en', 'clock-steps-back', '70.000 s')).toMatch(/step back.*: 70\.000 s$/);
  expect(wordFault('zh-Hant', 'clock-steps-back', '70.000 s')).toMatch(/倒退.*：70\.000 s$/);
  expect(wordFault('zh-Hant', 'snaplen', 'packets were cut')).not.toContain('packets');
});
