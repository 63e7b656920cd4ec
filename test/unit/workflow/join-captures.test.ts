import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { openCaseForReading } from '../../../main/evidence/open-case.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { importFiles } from '../../../main/workflow/import-file.ts';
import { listCase } from '../../../main/workflow/query-case.ts';
import { searchCase } from '../../../main/workflow/search-case.ts';
import { must, newCase } from '../evidence/case-fixture.ts';
import { Conversation } from '../dissection/conversation.ts';
import { dns, pcap, PcapngBuilder, udp } from '../dissection/packet-builder.ts';

const imei = '490154203237518';
let folder = '';
let directory = '';
let notices: string[] = [];
const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
  notice: (text) => notices.push(text),
};
const wish = { handset: 'H1', label: 'before', run: null };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'join-captures-'));
  directory = join(folder, 'case.handsight');
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
  must(
    writer.addIdentifier({ handset: 'H1', kind: 'imei', value: imei, original: imei, source: 'label', warnings: [] }),
  );
  writer.close();
  notices = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A handset that tells its IMEI twice; pieces of six bytes, so that a cut lies inside it. */
const talk = new Conversation()
  .toServer(`GET /a?imei=${imei}&x=${'y'.repeat(40)} HTTP/1.1\r\nHost: api.example\r\n\r\n`, 6)
  .toClient('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  .toServer(`POST /b HTTP/1.1\r\nHost: api.example\r\nX-Id: ${imei}\r\n\r\n`)
  .close();

/** Packets `from`..`to` of the conversation, each a millisecond after the one before, as one file. */
function piece(from: number, to: number, first = 1_407_405_600): Buffer {
  return pcap(talk.packets.slice(from, to), { startSeconds: first + from });
}

function file(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function taken(files: readonly string[], asOne = true) {
  return must(await importFiles(directory, files, { ...wish, asOne }, conduct));
}

const all = { label: null, run: null };
async function read(): Promise<{ findings: Finding[]; flows: Flow[]; messages: Message[] }> {
  const findings = must(await listCase(directory, 'findings', all, conduct));
  return {
    // Their numbers follow their keys: here the first and longer one comes first.
    findings: findings.toSorted((a, b) => b.frames.length - a.frames.length),
    flows: must(await listCase(directory, 'flows', all, conduct)),
    messages: must(await listCase(directory, 'messages', all, conduct)),
  };
}

/** Frames counted through the files again, to be compared with those of the undivided capture. */
function through(cuts: readonly number[], exhibits: readonly string[]) {
  return ({ exhibit, frame }: { readonly exhibit: string; readonly frame: number }): number =>
    (cuts[exhibits.indexOf(exhibit)] ?? Number.NaN) + frame;
}

describe('files of one recording', () => {
  it('are one conversation, with the frames of each exhibit, wherever they were cut and in whatever order they are named', async () => {
    await taken([file('whole.pcap', piece(0, talk.packets.length))], false);
    const whole = await read();
    expect(whole.findings.map((one) => one.frames.length)).toEqual([3, 1]);
    // The first cut lies inside the first IMEI, the second between the two.
    const first = whole.findings[0]?.frames[0]?.frame ?? 0;
    const cuts = [0, first, first + 9];
    rmSync(directory, { recursive: true });
    const writer = newCase(directory);
    must(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
    must(writer.addIdentifier({ handset: 'H1', kind: 'imei', value: imei, original: imei, source: 'l', warnings: [] }));
    writer.close();
    const named = [1, 2, 0].map((n) =>
      file(`r_0000${n}.pcap`, piece(cuts[n] ?? 0, cuts[n + 1] ?? talk.packets.length)),
    );
    const { exhibits, gaps } = await taken(named);
    expect(gaps).toEqual([]);
    expect(exhibits.map(({ id, partOf }) => [id, partOf])).toEqual([
      ['E001', { capture: 'J1', part: 2, parts: 3 }],
      ['E002', { capture: 'J1', part: 3, parts: 3 }],
      ['E003', { capture: 'J1', part: 1, parts: 3 }],
    ]);
    expect(notices).toHaveLength(2);
    const split = await read();
    const order = ['E003', 'E001', 'E002'];
    const number = through(cuts, order);
    expect(split.flows).toMatchObject([
      {
        ...whole.flows[0],
        exhibit: 'E003',
        capture: { id: 'J1', part: 1 },
        lastPacketAt: expect.any(String) as string,
      },
    ]);
    expect(split.flows[0]?.incomplete).toEqual([]);
    expect(split.messages.map(number)).toEqual(whole.messages.map(({ frame }) => frame));
    expect(split.findings.map((one) => one.frames.map(number))).toEqual(
      whole.findings.map((one) => one.frames.map(({ frame }) => frame)),
    );
    const [cut, later] = split.findings;
    expect(cut?.frames.map(({ exhibit }) => exhibit)).toEqual(['E003', 'E001', 'E001']);
    expect(cut).toMatchObject({
      exhibitSha256: exhibits[2]?.sha256,
      filter: `tcp.stream==0 && frame.number==${first}`,
      streamOffset: whole.findings[0]?.streamOffset,
    });
    // tshark counts connections anew in a later file: the stream is not named there.
    expect(later).toMatchObject({
      exhibitSha256: exhibits[1]?.sha256,
      filter: `frame.number==${later?.frames[0]?.frame ?? 0}`,
    });
    expect(split.findings.map((one) => [one.rule, one.confidence])).toEqual(
      whole.findings.map((one) => [one.rule, one.confidence]),
    );
    const found = must(await searchCase(directory, imei, conduct)).hits.filter((one) => one.where === 'stream');
    expect(found.map(({ exhibit, frame }) => [exhibit, frame])).toEqual([
      ['E003', first],
      ['E002', later?.frames[0]?.frame],
    ]);
  });

  it('may differ in format, compression and link type, and each keeps its own fault', async () => {
    const cut = 6;
    const second = new PcapngBuilder().section().interface(1);
    talk.packets
      .slice(cut, 9)
      .forEach((packet, i) => second.enhanced(0, BigInt(1_407_405_600 + cut) * 1_000_000n + BigInt(i), packet));
    const broken = gzipSync(piece(9, talk.packets.length));
    broken.fill(0, broken.length - 8);
    const { exhibits, gaps } = await taken([
      file('r.pcap', piece(0, cut)),
      file('r.pcap1', second.bytes()),
      file('r.pcap2.gz', broken),
    ]);
    expect(exhibits.map(({ partOf, fault }) => [partOf?.part, fault === null])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(gaps).toHaveLength(1);
    const { flows, findings } = await read();
    expect(flows).toHaveLength(1);
    expect(findings).toHaveLength(2);
    const reader = must(openCaseForReading(directory));
    reader.close();
  });

  it('a file cut short in the middle says so of itself', async () => {
    await taken([
      file('r.pcap', piece(0, 6)),
      file('r.pcap1', piece(6, 9).subarray(0, -3)),
      file('r.pcap2', piece(9, 12)),
    ]);
    await read();
    const reader = must(openCaseForReading(directory));
    const index = must(reader.openIndex());
    expect(index.faults().filter(({ code }) => code === 'cut-in-record')).toMatchObject([
      { exhibit: 'E002', frame: 2 },
    ]);
    index.close();
    reader.close();
  });
});

describe('what is not one recording stays apart, and that is told', () => {
  const other = pcap([1, 2].map((i) => udp(40_000 + i, 53, dns(`n${i}.example`, 1))));

  it.each([
    [
      'two recordings of one time',
      [
        other,
        pcap([udp(1, 53, dns('x.example', 1)), udp(2, 53, dns('y.example', 1))], { stepUnits: 5_000_000 }),
        pcap([udp(3, 53, dns('z.example', 1)), udp(4, 53, dns('z.example', 1))], {
          stepUnits: 5_000_000,
          startSeconds: 1_407_405_601,
        }),
      ],
      /cover the same 4 s/,
    ],
    ['the same bytes twice', [other, other], /very bytes/],
    ['a file without packets', [other, other.subarray(0, 24)], /no packet with a time/],
  ])('%s', async (_name, files, told) => {
    const paths = files.map((bytes, n) => file(`f${n}.pcap`, bytes));
    const { exhibits, gaps } = await taken(paths);
    expect(exhibits).toHaveLength(files.length);
    expect(exhibits.filter((one) => one.partOf !== undefined)).toEqual([]);
    expect(gaps.join('\n')).toMatch(told);
    const reader = must(openCaseForReading(directory));
    expect(reader.joinedCaptures()).toEqual([]);
    reader.close();
  });

  it('a file named twice stores nothing', async () => {
    const path = file('a.pcap', other);
    const done = await importFiles(directory, [path, join(folder, '.', 'a.pcap')], { ...wish, asOne: true }, conduct);
    expect(done).toMatchObject({ ok: false, problem: { code: 'file-twice' } });
    const reader = must(openCaseForReading(directory));
    expect(reader.exhibits()).toEqual([]);
    reader.close();
  });
});
