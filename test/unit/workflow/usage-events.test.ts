import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCase } from '../../../main/evidence/open-case.ts';
import { reportHtml } from '../../../main/report/html.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { gatherReport } from '../../../main/workflow/gather-report.ts';
import { wordGap } from '../../../main/workflow/gaps.ts';
import { rowPageHandlers } from '../../../main/workflow/host/row-pages.ts';
import { listCase } from '../../../main/workflow/query-case.ts';
import { UsageEvents, keptUsageEvents } from '../../../main/workflow/usage-events.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { imei, tellingCapture } from '../../integration/cli-bench.ts';
import { valueOf } from '../../integration/handset-bench.ts';

const owned = { handset: 'H1', label: 'before', run: null } as const;

function use(name: string, owner: string, atHandset: string | null, value = ''): SnapshotRecord {
  return { ...owned, exhibit: 'E5', kind: 'fact', topic: 'usage', package: owner, name, value, atHandset };
}
const at = (second: number): string => `2014-08-07T18:00:${String(second).padStart(2, '0')}.000000+08:00`;

function eventsOf(...records: readonly SnapshotRecord[]): ReturnType<UsageEvents['result']> {
  const usage = new UsageEvents();
  for (const record of records) usage.take(record);
  return usage.result();
}

describe('of the handset’s own record of its use', () => {
  it('is an event what bears on consent: screens that ask, start and end of the handset, lock screen', () => {
    const { events, gaps } = eventsOf(
      use('ACTIVITY_RESUMED', 'com.android.provision', at(4), 'class=com.android.provision.Terms instanceId=1'),
      use('MOVE_TO_BACKGROUND', 'com.xiaomi.account', at(5), 'class=com.xiaomi.account.Login'),
      use('10/ACTIVITY_PAUSED', 'com.google.android.permissioncontroller', at(6)),
      use('DEVICE_SHUTDOWN', 'android', at(0)),
      use('DEVICE_STARTUP', 'android', at(1)),
      use('KEYGUARD_SHOWN', 'android', at(2)),
      use('KEYGUARD_HIDDEN', 'android', at(3)),
    );
    expect(events.map(({ eventKind, text }) => [eventKind, text])).toEqual([
      ['usage', 'the handset shut down'],
      ['usage', 'the handset started'],
      ['usage', 'the lock screen came up'],
      ['usage', 'the lock screen went'],
      ['usage', 'on the screen: com.android.provision/com.android.provision.Terms'],
      ['usage', 'no longer in front: com.xiaomi.account/com.xiaomi.account.Login'],
      ['usage', 'no longer in front: com.google.android.permissioncontroller (user 10)'],
    ]);
    expect(gaps).toEqual([]);
  });

  it('is none: what other programs show, what has no instant, sums and other kinds of records', () => {
    const { events } = eventsOf(
      use('ACTIVITY_RESUMED', 'com.example.game', at(1), 'class=com.example.game.Main'),
      use('ACTIVITY_RESUMED', 'com.android.provision', null),
      use('STANDBY_BUCKET_CHANGED', 'com.android.provision', at(1)),
      use('In-memory daily stats', 'com.android.provision', at(1), 'totalTime="01:00"'),
      { ...owned, exhibit: 'E5', kind: 'property', name: 'KEYGUARD_SHOWN', value: 'x' },
    );
    expect(events).toEqual([]);
  });

  it('is one event, however often the dump lists it; under another label it is one more', () => {
    const again = use('KEYGUARD_SHOWN', 'android', at(2));
    const { events } = eventsOf(again, again, { ...again, exhibit: 'E6' }, { ...again, label: 'after' });
    expect(events.map(({ label, exhibit }) => [label, exhibit])).toEqual([
      ['before', 'E5'],
      ['after', 'E5'],
    ]);
  });

  it('quotes a name that is very long with a mark', () => {
    const owner = 'com.android.provision';
    const screen = (n: number): SnapshotRecord => use('ACTIVITY_RESUMED', owner, at(2), `class=${'s'.repeat(n)}`);
    expect(eventsOf(screen(178)).events[0]?.text).toMatch(/: com\.android\.provision\/s{178}$/);
    expect(eventsOf(screen(179)).events[0]?.text).toMatch(/: com\.android\.provision\/s{177}…$/);
  });

  it('keeps the latest where there are too many, and says so', () => {
    const instant = (n: number): string =>
      new Date(Date.UTC(2014, 7, 7) + n * 1000).toISOString().replace('Z', '+08:00');
    const found = keptUsageEvents + 7;
    const { events, gaps } = eventsOf(
      ...Array.from({ length: found }, (_, n) => use('KEYGUARD_SHOWN', 'android', instant(n))),
    );
    expect(events).toHaveLength(keptUsageEvents);
    expect(events[0]?.atHandset).toBe(instant(7));
    expect(gaps.map((one) => wordGap('en', one))).toEqual([
      'handset H1, before: of 507 lines of its own record of use that bear on consent the latest 500 are events; all are records',
    ]);
    expect(gaps.map((one) => wordGap('zh-Hant', one))[0]).toContain('共 507 筆，僅最近 500 筆列為事件');
  });
});

describe('beside the transmissions of a case', () => {
  const conduct: Conduct = { actor: null, lang: 'en', signal: new AbortController().signal, progress: () => undefined };
  const everything = { label: null, run: null };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'handsight-usage-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The handset's clock is 37.5 s ahead of the workstation's; the request goes out at 10:00:00 by the clock of the packets. */
  function caseWith(origin: Exhibit['origin']): string {
    const directory = join(folder, 'usage.handsight');
    const writer = valueOf(createCase(directory, { number: '1', title: 't', examiner: 'Lin', synthetic: true }));
    valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
    const value = { handset: 'H1', kind: 'imei', value: imei, original: imei, source: 'label', warnings: [] } as const;
    valueOf(writer.addIdentifier(value));
    const { id: acquisition } = valueOf(writer.beginAcquisition({ ...owned, serial: 's', profile: 'full' }));
    const shell = { stream: 'stdout', protocol: 'shell-v2', exitStatus: 0, problem: null } as const;
    const times = { startedAt: '2014-08-07T10:05:00.000000Z', endedAt: '2014-08-07T10:05:00.000000Z' };
    const answers = {
      clock: ['clock-offset', JSON.stringify({ offsetMs: 37_500, boundMs: 20, zone: 'Asia/Taipei' })],
      usage: [
        'dumpsys usagestats',
        [
          'user=0 ',
          '  Last 24 hour events (timeRange="…")',
          '    time="2014-08-07 17:59:58" type=KEYGUARD_HIDDEN package=android flags=0x0 ',
          '    time="2014-08-07 18:00:00" type=ACTIVITY_RESUMED package=com.android.mms class=com.android.mms.Terms flags=0x0 ',
          '    time="2014-08-07 18:00:09" type=ACTIVITY_PAUSED package=com.android.mms class=com.android.mms.Terms flags=0x0 ',
          '',
        ].join('\n'),
      ],
    } as const;
    for (const [collector, [command, text]] of Object.entries(answers)) {
      const about = { kind: 'command-output', collector, acquisition, originalName: `${collector}.txt` } as const;
      const told = { ...owned, ...about, origin: { type: 'command', command, ...shell, ...times } } as const;
      valueOf(writer.storeExhibit(Buffer.from(text), told, { outcome: 'read', packets: null, fault: null }));
    }
    valueOf(writer.endAcquisition(acquisition, { outcome: 'complete', detail: null }));
    const { bytes, packets } = tellingCapture();
    const capture = { ...owned, kind: 'capture', collector: null, acquisition: null, originalName: 'a.pcap' } as const;
    valueOf(writer.storeExhibit(bytes, { ...capture, origin }, { outcome: 'read', packets, fault: null }));
    writer.close();
    return directory;
  }
  const tcpdump: Exhibit['origin'] = {
    type: 'capture',
    method: 'tcpdump',
    segment: 1,
    end: 'complete',
    startedAt: '2014-08-07T09:59:00.000000Z',
    endedAt: '2014-08-07T10:01:00.000000Z',
    packetsCaptured: 1,
    packetsReceivedByFilter: 1,
    packetsDroppedByKernel: 0,
    positions: [],
  };

  it('stands on the clock of the packets with the other two beside it, and attests no act: no finding is judged by it', async () => {
    const directory = caseWith(tcpdump);
    const events = valueOf(await listCase(directory, 'events', everything, conduct));
    expect(events.map(({ kind, at: placed, atHandset, text }) => [kind, placed, atHandset, text])).toEqual([
      ['usage', '2014-08-07T09:59:58.000000Z', '2014-08-07T17:59:58.000000+08:00', 'the lock screen went'],
      [
        'usage',
        '2014-08-07T10:00:00.000000Z',
        '2014-08-07T18:00:00.000000+08:00',
        'on the screen: com.android.mms/com.android.mms.Terms',
      ],
      [
        'usage',
        '2014-08-07T10:00:09.000000Z',
        '2014-08-07T18:00:09.000000+08:00',
        'no longer in front: com.android.mms/com.android.mms.Terms',
      ],
    ]);
    expect(events[1]).toMatchObject({ atWorkstation: '2014-08-07T09:59:22.500000Z', atWorkstationBoundMs: 1020 });
    const findings = valueOf(await listCase(directory, 'findings', everything, conduct));
    expect(findings.find(({ identifier }) => identifier?.kind === 'imei')).toMatchObject({
      consent: 'unknown',
      consentReason: 'nothing-attested',
    });
  });

  it('stands on the workstation’s beside packets of another clock', async () => {
    const directory = caseWith({ type: 'import', fileName: 'a.pcap', compression: null });
    const [first] = valueOf(await listCase(directory, 'events', everything, conduct));
    expect(first).toMatchObject({ at: '2014-08-07T09:59:20.500000Z', boundMs: 1020 });
    expect(first).not.toHaveProperty('atWorkstation');
  });

  it.each([
    ['en', 'on the screen: com.android.mms/com.android.mms.Terms', 'The handset’s own record of its use'],
    ['zh-Hant', '畫面在前景：com.android.mms/com.android.mms.Terms', '手機自身的使用紀錄'],
  ] as const)(
    'shows on the timeline of the traffic and in a chapter of its own in the report: %s',
    async (lang, text, title) => {
      const directory = caseWith(tcpdump);
      valueOf(await listCase(directory, 'events', everything, conduct));
      const envelope = { actor: null, language: lang };
      const wish = { directory, filter: '', buckets: 10 };
      const timeline = valueOf(await rowPageHandlers['traffic.timeline'](wish, envelope));
      // The others were before and after the traffic.
      expect(timeline.events).toMatchObject([{ kind: 'usage', at: '2014-08-07T10:00:00.000000Z', text }]);
      expect(timeline.eventsLeftOut).toBe(0);
      const input = valueOf(await gatherReport(directory, { ...conduct, lang }));
      const page = reportHtml(input, { lang, fontFaces: '' });
      expect(page.split(`<h3>${title}</h3>`)[1]).toContain(text);
    },
  );
});
