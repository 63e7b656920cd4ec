import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureTraffic } from '../../main/workflow/capture-traffic.ts';
import { openCaseForReading } from '../../main/evidence/open-case.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { inScene, keptIn } from './fault-matrix/scene.ts';
import { openBench, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
});

/** A capture file of raw IP (link type 101) with so many records of four bytes. */
function captureOf(packets: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(101, 20);
  const record = Buffer.alloc(20);
  record.writeUInt32LE(4, 8);
  record.writeUInt32LE(4, 12);
  return Buffer.concat([header, ...Array.from({ length: packets }, () => record)]);
}

const saying = (captured: number, dropped: number): string =>
  `PID 77\nlistening on any\n${captured} packets captured\n9999 packets received by filter\n${dropped} packets dropped by kernel\n`;

test.each([
  { captured: 3, dropped: 0, en: [], zh: [] },
  {
    captured: 3,
    dropped: 2_293_565,
    en: [
      'segment 1: 2,293,565 packets were dropped on the handset before they could be recorded: what was in them is not known',
    ],
    zh: ['第 1 段：手機遺失 2,293,565 個封包，未及記錄，其內容不明'],
  },
  {
    captured: 4,
    dropped: 1,
    en: [
      'segment 1: The end is missing: what arrived before it is kept. tcpdump captured 4 packets, 3 arrived; 1 packets were dropped on the handset',
      'segment 1: 1 packet that the handset had recorded did not arrive: what was in them is not known',
      'segment 1: 1 packet was dropped on the handset before it could be recorded: what was in them is not known',
    ],
    zh: [
      '第 1 段：缺少結尾：先前收到的部分保留。',
      '第 1 段：手機已記錄的 1 個封包未送達，其內容不明',
      '第 1 段：手機遺失 1 個封包，未及記錄，其內容不明',
    ],
  },
])('$captured captured, three arrived, $dropped dropped: told in both languages', async (one) => {
  await inScene(bench, { persona: 'modern-rooted' }, async ({ handset, handsets, directory }) => {
    handset.addOverride({
      match: /tcpdump/,
      stdout: captureOf(3),
      stderr: saying(one.captured, one.dropped),
      exitCode: 0,
    });
    for (const lang of ['en', 'zh-Hant'] as const) {
      const conduct: Conduct = {
        actor: null,
        lang,
        signal: new AbortController().signal,
        progress: () => undefined,
      };
      const wish = { serial: handset.address, handset: 'H1', label: 'x', run: null, seconds: 60 };
      const { gaps } = valueOf(await captureTraffic(directory, wish, handsets, conduct));
      const told = gaps.filter((gap) => /^(?:segment 1|第 1 段)/.test(gap));
      expect(told).toEqual(lang === 'en' ? one.en : one.zh);
    }
    // In the case it is a hole: what was not seen is then no proof that it was not sent.
    const reader = valueOf(openCaseForReading(directory));
    const holes = reader.events().filter(({ kind }) => kind === 'gap');
    reader.close();
    const text = `${one.dropped} packet(s) of segment 1 were dropped on the handset`;
    expect(holes.map((hole) => hole.text)).toEqual(one.dropped === 0 ? [] : [text, text]);
    const captures = keptIn(directory).filter(({ exhibit }) => exhibit.kind === 'capture');
    const outcome = one.captured === 3 ? 'read' : 'interrupted';
    expect(captures.map(({ exhibit }) => exhibit.outcome)).toEqual([outcome, outcome]);
  });
});
