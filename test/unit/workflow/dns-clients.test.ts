import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Finding } from '../../../shared/model/finding.ts';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { importFiles } from '../../../main/workflow/import-file.ts';
import { listCase } from '../../../main/workflow/query-case.ts';
import { must, newCase } from '../evidence/case-fixture.ts';
import { Conversation } from '../dissection/conversation.ts';
import { CLIENT, dns, pcap, udp } from '../dissection/packet-builder.ts';

const imei = '490154203237518';
const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
  notice: () => undefined,
};
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dns-clients-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [resolver, neighbour] = ['10.0.0.1', '10.0.0.9'];

/** An answer that gives the server's address this name, sent to `client`. */
const answer = (name: string, client: string, port: number): Buffer =>
  udp(53, port, dns(name, 1, { type: 1, data: Buffer.from([192, 0, 2, 80]) }), resolver, client);

/** Findings of a capture in which the handset tells the server its IMEI, without a name, after these packets. */
async function findingsAfter(...before: readonly Buffer[]): Promise<Finding[]> {
  const directory = join(folder, 'case.handsight');
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
  must(
    writer.addIdentifier({ handset: 'H1', kind: 'imei', value: imei, original: imei, source: 'label', warnings: [] }),
  );
  writer.close();
  const talk = new Conversation({ targetPort: 9000 }).toServer(`imei=${imei};`).close();
  const path = join(folder, 'wifi.pcap');
  writeFileSync(path, pcap([...before, ...talk.packets]));
  must(await importFiles(directory, [path], { handset: 'H1', label: 'before', run: null, asOne: false }, conduct));
  return [...must(await listCase(directory, 'findings', { label: null, run: null }, conduct))];
}

const namedBy = (findings: readonly Finding[]): unknown =>
  findings.map(({ destination }) => [
    destination?.names,
    destination?.sources.flatMap(({ what, value, note }) => (what.startsWith('dns') ? [[what, value, note]] : [])),
  ]);

it('a conversation has the name that its own client was answered, not that of a neighbour', async () => {
  const findings = await findingsAfter(
    answer('other.example', neighbour, 40_001),
    answer('mine.example', CLIENT, 40_002),
  );
  expect(namedBy(findings)).toEqual([
    [
      ['mine.example'],
      [
        ['dns', 'mine.example', null],
        ['dns-other-client', 'other.example', neighbour],
      ],
    ],
  ]);
  expect(findings[0]?.statement).not.toContain('other');
});

it('a name that only a neighbour was answered is told as that, in both languages', async () => {
  const findings = await findingsAfter(answer('other.example', neighbour, 40_001));
  expect(namedBy(findings)).toEqual([[['other.example'], [['dns-other-client', 'other.example', neighbour]]]]);
  for (const one of findings) {
    expect(one.statement).toContain('other.example (named by a DNS answer to another address)');
    expect(statementOf(one, 'zh-Hant')).toContain('other.example（依送往其他位址之 DNS 回應）');
  }
});

it('what is said to all of a network is said to the handset as well', async () => {
  const data = Buffer.from([192, 0, 2, 80]);
  const said = udp(5353, 5353, dns('all.local', 1, { type: 1, data }), neighbour, '224.0.0.251');
  expect(namedBy(await findingsAfter(said))).toEqual([[['all.local'], [['dns', 'all.local', null]]]]);
});
