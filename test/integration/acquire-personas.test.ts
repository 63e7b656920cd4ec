import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAcquisition } from '../../main/acquisition/run-acquisition.ts';
import type { AcquisitionOutcome } from '../../main/acquisition/run-acquisition.ts';
import { compareSnapshots } from '../../main/comparison/compare-snapshots.ts';
import { judgeComplaint } from '../../main/comparison/judge-complaint.ts';
import { acquisitionKnowledge as knowledge } from '../../main/parsing/acquisition-knowledge.ts';
import { handsetInstantToUtc } from '../../main/parsing/handset-time.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import type { ParseResult } from '../../main/parsing/parse-result.ts';
import type { RecordBody, SnapshotRecord } from '../../shared/model/record.ts';
import { makeWorld, runOf } from '../demo-world/world.ts';
import type { RunId } from '../demo-world/world.ts';
import { fakeEvidence } from '../unit/acquisition/fake-handset.ts';
import type { StoredOutput } from '../unit/acquisition/fake-handset.ts';
import { openBench } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

const world = makeWorld(1);
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
});

interface Acquired {
  readonly run: AcquisitionOutcome;
  readonly stored: readonly StoredOutput[];
  readonly parsed: readonly { readonly command: string; readonly result: ParseResult }[];
  readonly records: readonly SnapshotRecord[];
}

/** One acquisition through the real adb server, read as the workflow reads it: from the stored bytes and the measured clock. */
async function acquire(persona: string, run: RunId | null, label: string): Promise<Acquired> {
  const handset = await bench.plug(persona, run === null ? {} : { run });
  const link = await bench.link(handset);
  const evidence = fakeEvidence();
  const outcome = await runAcquisition({ link, evidence, knowledge, profile: 'standard' });
  const clock = outcome.clockAtStart;
  const parsed = evidence.stored.flatMap(({ meta, bytes, outcome: judged }) => {
    if (meta.origin.type !== 'command' || judged !== 'read') return [];
    const context = {
      collectedAt: meta.origin.startedAt,
      handsetClock: clock === null ? null : { offsetMs: clock.offsetMs, boundMs: clock.boundMs, zone: clock.zone },
      release: outcome.release,
    };
    return [
      {
        command: meta.command,
        result: parseExhibit({
          collector: meta.collector,
          command: meta.command,
          bytes,
          context,
          stream: meta.origin.stream,
        }),
      },
    ];
  });
  const bodies = parsed.flatMap(({ result }) => result.records);
  await handset.close();
  link.close();
  return {
    run: outcome,
    stored: evidence.stored,
    parsed,
    records: bodies.map((body) => ({ ...body, label, handset: 'H', run, exhibit: 'E001' })),
  };
}

function of<K extends RecordBody['kind']>(acquired: Acquired, kind: K): Extract<SnapshotRecord, { kind: K }>[] {
  return acquired.records.filter((record): record is Extract<SnapshotRecord, { kind: K }> => record.kind === kind);
}

const identifiers = (acquired: Acquired): Set<string> =>
  new Set(of(acquired, 'identifier').map(({ identifierKind, value }) => `${identifierKind} ${value}`));
const facts = (acquired: Acquired): string[] =>
  of(acquired, 'fact').map(({ topic, package: owner, name, value }) => [topic, owner ?? '-', name, value].join(' | '));
const eventTexts = (acquired: Acquired, kind: string): string[] =>
  of(acquired, 'event')
    .filter(({ eventKind }) => eventKind === kind)
    .map(({ text }) => text);
const valueOf = (acquired: Acquired, name: string): string | undefined =>
  of(acquired, 'setting').find((one) => one.name === name)?.value;

/** Lines that no rule could read, with the command they came from: none is the rule. */
const unread = (acquired: Acquired): string[] =>
  acquired.parsed.flatMap(({ command, result }) =>
    result.unparsed.map(({ text, reason }) => `${command}: ${reason}: ${text}`),
  );

describe('founding-before (Android 4.3)', () => {
  let before: Acquired;
  beforeAll(async () => {
    before = await acquire('founding-before', 'R1', 'before');
  });

  it('comes to its end, with gaps only where the persona refuses', () => {
    expect(before.run.notReached).toEqual([]);
    expect(before.run.endedBy).toBeNull();
    expect(before.run.release).toBe('4.3');
    expect(before.run.gaps).toEqual([]);
    expect(unread(before)).toEqual([]);
  });

  it('reads every identifier of the world that the handset tells', () => {
    const { imei, imsi, iccid, msisdn, androidId, serial, wifiMac, contacts } = world.handsets.H1;
    const found = identifiers(before);
    for (const one of [
      `imei ${imei}`,
      `imsi ${imsi}`,
      `iccid ${iccid}`,
      `msisdn ${msisdn}`,
      `android-id ${androidId}`,
      `serial ${serial}`,
      `wifi-mac ${wifiMac}`,
    ]) {
      expect(found).toContain(one);
    }
    expect(
      [...found].some((one) =>
        contacts.some(
          (contact) => one === `contact-msisdn ${contact.msisdn}` || one === `contact-msisdn ${contact.national}`,
        ),
      ),
    ).toBe(true);
  });

  it('finds the service at work without a consent act: setting, receiver, log, silent SMS', () => {
    expect(valueOf(before, 'mx_used')).toBe('1');
    const receiver = of(before, 'component').find(({ name }) => name.endsWith('MxActivationConnectivityReceiver'));
    expect(receiver).toMatchObject({ bootReceiver: true, enabled: null });
    expect(eventTexts(before, 'consent-act')).toEqual([]);
    expect(eventTexts(before, 'note')).toContain('network messaging started without an act of the person');
    expect(of(before, 'silent-sms')).toMatchObject([{ destination: world.handsets.H1.silentSmsGateway }]);
  });

  it('reads what the handset says of its state: user, battery, what wakes it, bytes of each app, sockets', () => {
    expect(facts(before)).toEqual(
      expect.arrayContaining([
        'user | - | 0/flags | 13 (PRIMARY, ADMIN, INITIALIZED)',
        'power | - | battery/level | 87',
        'alarm | com.xiaomi.xmsf | ELAPSED_WAKEUP | ELAPSED_WAKEUP; when=+4m12s201ms; repeatInterval=300000; broadcastIntent',
        'traffic | - | uid 10013 | rxBytes=18220 txBytes=14980',
        'traffic | - | uid 10012 | rxBytes=301244 txBytes=52310',
        'default-app | com.sohu.inputmethod.sogou.xiaomi | secure/default_input_method | com.sohu.inputmethod.sogou.xiaomi/.SogouIME',
      ]),
    );
    expect(of(before, 'fact').filter(({ topic }) => topic === 'job' || topic === 'exit')).toEqual([]);
  });

  it('puts the canaries of the run at their instants on the gateway’s clock', () => {
    const { canaries, clockSkewMs, stimuli } = runOf(world, 'R1');
    const skew = { offsetMs: clockSkewMs, boundMs: 0, zone: world.zone };
    const found = of(before, 'event').filter(({ eventKind }) => eventKind === 'canary');
    expect(found.map(({ text }) => text)).toEqual(canaries.map(({ nonce }) => `canary request sent, nonce ${nonce}`));
    found.forEach(({ atHandset }, i) => {
      const lagMs = Date.parse(handsetInstantToUtc(atHandset, skew) ?? '') - Date.parse(canaries[i]?.at ?? '');
      expect(Math.abs(lagMs)).toBeLessThan(5);
    });
    const texts = eventTexts(before, 'stimulus');
    for (const text of [
      'SIM card in',
      'joined a Wi-Fi',
      'contact saved',
      'SMS sent',
      'SMS received',
      'MMS sent',
      'MMS received',
      'call made',
      'call coming in',
    ])
      expect(texts).toContain(text);
    expect(stimuli.length).toBeGreaterThan(5);
  });
});

describe('the founding handset after the upgrade', () => {
  it('reset: off; switched on by hand: one consent act; not reset: as before', async () => {
    const reset = await acquire('founding-after', 'R3', 'after-reset');
    expect(valueOf(reset, 'mx_used')).not.toBe('1');
    expect(eventTexts(reset, 'consent-act')).toEqual([]);
    expect(of(reset, 'silent-sms')).toEqual([]);
    expect(of(reset, 'component').find(({ name }) => name.endsWith('MxActivationConnectivityReceiver'))).toMatchObject({
      enabled: false,
    });
    const on = await acquire('founding-after', 'R4', 'after-reset');
    expect(eventTexts(on, 'consent-act')).toContain(
      'network messaging switched on by the person (pref_key_enable_mx=true)',
    );
    const kept = await acquire('founding-after-kept', 'R5', 'after-kept');
    expect(valueOf(kept, 'mx_used')).toBe('1');
    expect(eventTexts(kept, 'consent-act')).toEqual([]);
    for (const one of [reset, on, kept]) expect(unread(one)).toEqual([]);
  });
});

describe('the Mi 2S before and after', () => {
  it('names the crash of the browser, and what the messenger lost', async () => {
    const before = await acquire('mi2s-before', 'R6a', 'mi2s-before');
    const after = await acquire('mi2s-after', 'R6b', 'mi2s-after');
    const changes = compareSnapshots(before.records, after.records).filter(({ noise }) => !noise);
    const subjects = changes.map(({ kind, change, subject }) => `${kind} ${change} ${subject}`);
    expect(subjects.some((one) => one.startsWith('crash added com.android.browser'))).toBe(true);
    expect(subjects).toContain('app-op changed jp.naver.line.android/AUTO_START(10008)');
    expect(subjects).toContain('permission removed jp.naver.line.android/android.permission.READ_CONTACTS');
    expect(
      changes.find(({ subject }) => subject === 'jp.naver.line.android/jp.naver.line.android.receiver.BootReceiver')
        ?.facts?.['boot'],
    ).toBe('lost');
    const complaint = {
      id: 'K1',
      handset: 'H2',
      receivedAt: '2014-08-16',
      from: 'a user',
      package: null,
      labelBefore: null,
      labelAfter: null,
    };
    const sides = { before: before.records, after: after.records };
    expect(judgeComplaint({ ...complaint, text: '升級後瀏覽器打不開' }, sides)).toMatchObject({
      verdict: 'confirmed',
      package: 'com.android.browser',
    });
    expect(judgeComplaint({ ...complaint, text: 'LINE lost functions' }, sides)).toMatchObject({
      verdict: 'partly',
      package: 'jp.naver.line.android',
    });
  });
});

describe('the modern ones (Android 14)', () => {
  it.each(['modern-locked', 'modern-rooted'])(
    '%s: everything that was read is understood, refusals are named',
    async (persona) => {
      const acquired = await acquire(persona, null, 'modern');
      expect(acquired.run).toMatchObject({ release: '14', notReached: [], endedBy: null });
      expect(unread(acquired)).toEqual([]);
      expect(of(acquired, 'package').length).toBeGreaterThan(3);
      expect(of(acquired, 'property').length).toBeGreaterThan(10);
      expect(facts(acquired)).toEqual(
        expect.arrayContaining([
          'webview | com.android.webview | Current WebView package | 123.0.6312.100',
          'alarm | com.miui.analytics | *walarm*:com.miui.analytics.UPLOAD | RTC_WAKEUP; startService',
          'traffic | - | uid 10203 | rxBytes=4120110 txBytes=901220',
          'socket | - | uid 2000/tcp | 127.0.0.1:5037 - 0.0.0.0:0 LISTEN',
        ]),
      );
      expect(of(acquired, 'fact').filter(({ topic }) => topic === 'job')).toMatchObject([
        { package: 'com.miui.analytics', name: 'com.miui.analytics/.AnalyticsService' },
        { package: 'jp.naver.line.android', name: 'jp.naver.line.android/.service.SyncJob', value: '#u0a203/10' },
      ]);
      expect(of(acquired, 'fact').find(({ topic }) => topic === 'exit')).toMatchObject({
        package: 'com.xiaomi.mipicks',
        name: '6 (ANR)',
        atHandset: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.118000/),
      });
      for (const gap of acquired.run.gaps) expect(gap.outcome).toBe('refused');
    },
  );
});

describe('the cable', () => {
  it('pulled in the middle of an acquisition: all so far is kept, the rest is named, the next attempt works', async () => {
    const handset = await bench.plug('modern-rooted');
    const link = await bench.link(handset);
    const evidence = fakeEvidence();
    const pulled = await runAcquisition({
      link,
      evidence,
      knowledge,
      profile: 'standard',
      onProgress: ({ step }) => {
        if (step === 'packages') void handset.unplug();
      },
    });
    expect(pulled.outcome).toBe('interrupted');
    expect(pulled.notReached).toContain('logcat');
    expect(evidence.stored.find(({ meta }) => meta.command === 'getprop')?.outcome).toBe('read');
    expect(pulled.results.at(-1)?.outcome).toBe('interrupted');
    await handset.close();
    const again = await acquire('modern-rooted', null, 'again');
    expect(again.run.notReached).toEqual([]);
  });
});
