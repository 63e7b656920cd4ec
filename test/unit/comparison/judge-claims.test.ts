import { describe, expect, it } from 'vitest';
import { judgeClaims, runsAsTaken } from '../../../main/comparison/claims/judge-claims.ts';
import type { JudgeClaimsInput } from '../../../main/comparison/claims/judge-claims.ts';
import { describeRuns } from '../../../main/comparison/claims/run-roles.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { ClaimVerdict } from '../../../shared/model/claim.ts';
import { component, event, finding, property, records, setting, visibility } from './fixture.ts';

const mms = 'com.android.mms';
const receiver = 'com.xiaomi.mms.transaction.MxActivationConnectivityReceiver';
const act = 'network messaging switched on by the person (pref_key_enable_mx=true)';

/** The founding case as the handbook tells it. */
function founding(): JudgeClaimsInput {
  return {
    findings: [
      finding({ kind: 'imei' }),
      finding({ kind: 'msisdn' }),
      finding({ kind: 'contact-msisdn', at: '2014-08-07T02:00:30.000000Z' }),
      finding({ kind: 'imsi', run: 'R2', consent: 'after-act' }),
      finding({ kind: 'msisdn', label: 'after-kept', run: 'R5' }),
      finding({
        kind: 'msisdn',
        label: 'after-reset',
        run: 'R4',
        channel: 'tls',
        representation: 'encoded',
        consent: 'after-act',
      }),
    ],
    records: [
      ...records(
        'before',
        [
          setting('mx_used', '1'),
          component(mms, receiver),
          { kind: 'silent-sms', atHandset: '2014-08-07T10:00:31.420000+08:00', destination: null, text: 'MX/x' },
        ],
        'E011',
      ),
      ...records('after-reset', [setting('mx_used', '0'), component(mms, receiver, { enabled: false })], 'E031'),
    ],
    events: [
      event('stimulus', 'contact saved', 'before', 'R1', '2014-08-07T01:59:30.000000Z'),
      event('consent-act', 'vendor account logged in by the person', 'before', 'R2'),
      event('stimulus', 'SIM card in', 'after-kept', 'R5'),
      event('stimulus', 'SIM card in', 'after-reset', 'R3'),
      event('consent-act', act, 'after-reset', 'R4'),
    ],
    visibility: ['before', 'after-kept', 'after-reset'].map((label) => visibility(label)),
  };
}

function verdictsOf(input: JudgeClaimsInput): Record<string, ClaimVerdict> {
  return Object.fromEntries(judgeClaims(input).map((one) => [one.claim, one]));
}

const verdictOf = (input: JudgeClaimsInput, claim: string): string | undefined => verdictsOf(input)[claim]?.verdict;

describe('the founding case', () => {
  const judged = verdictsOf(founding());

  it('gives each claim its verdict', () => {
    expect(Object.fromEntries(Object.entries(judged).map(([claim, { verdict }]) => [claim, verdict]))).toEqual({
      C1: 'partly',
      C2: 'refuted',
      C3: 'confirmed',
      C4: 'confirmed',
      C5: 'not-testable',
      C6: 'partly',
      C7: 'partly',
      C8: 'confirmed',
    });
  });

  it('does not lay to the maker’s account what others received at an address that was also asked for as the maker’s', () => {
    const sent = finding({ kind: 'imsi', recipient: 'a.example' });
    const source = (what: string, value: string) => ({ what, value, dataAt: null, note: null });
    const at = (...more: readonly ReturnType<typeof source>[]): string | undefined => {
      const names = ['a.example', 'account.xiaomi.com'];
      const sources = [source('http-host', 'a.example'), source('dns', 'account.xiaomi.com'), ...more];
      const destination = sent.destination === null ? null : { ...sent.destination, names, sources };
      return verdictOf({ ...founding(), findings: [{ ...sent, destination }] }, 'C2');
    };
    expect(at()).toBe('refuted');
    expect(at(source('dns', 'a.example'))).not.toBe('refuted');
  });

  it('links findings, records and silent runs as what speaks for and against', () => {
    const input = founding();
    const numbers = input.findings.map(({ number }) => number);
    const claims = verdictsOf(input);
    expect(claims['C2']?.against).toEqual([numbers[0], numbers[1], numbers[2], numbers[4]]);
    expect(claims['C3']?.for).toEqual([
      numbers[0],
      numbers[1],
      numbers[2],
      'E011 system/mx_used=1',
      `E011 ${mms}/${receiver}`,
      'E011 silent SMS 2014-08-07T10:00:31.420000+08:00',
    ]);
    expect(claims['C6']?.against).toEqual([numbers[4]]);
    expect(claims['C6']?.for).toEqual([
      'R3 (after-reset): not observed, 21 minutes, 87.3 % readable, control requests found at both ends',
      'E031 system/mx_used=0',
      `E031 ${mms}/${receiver}`,
    ]);
    expect(claims['C6']?.missing).toEqual([
      'the content of 12.7 % of the payload of R3 (after-reset) could not be read',
    ]);
    expect(claims['C7']?.against).toEqual([numbers[4]]);
    expect(claims['C7']?.for).toEqual([numbers[5]]);
    expect(claims['C7']?.why).toContain('own phone number: encoded in TLS (1×, R4 (after-reset))');
    expect(claims['C7']?.why).toContain('Encoding is not encryption');
  });

  it('says what each run was taken for, and words everything in both languages', () => {
    const runs = runsAsTaken(founding());
    const after = { label: 'after-reset', build: 'new build', reset: 'factory reset', basis: 'the label' };
    expect(runs).toContainEqual({ ...after, run: 'R3 (after-reset)', service: 'service not switched on by hand' });
    expect(runs).toContainEqual({ ...after, run: 'R4 (after-reset)', service: 'service switched on by hand' });
    // Said once for all claims, not in each.
    for (const { why } of Object.values(judged)) expect(why).not.toContain('by hand');
    const chinese = judgeClaims({ ...founding(), lang: 'zh-Hant' });
    for (const { why, text, source } of chinese) expect(`${why}${text}${source}`).toMatch(/[\u4e00-\u9fff]/);
    expect(chinese.map(({ verdict }) => verdict)).toEqual(judgeClaims(founding()).map(({ verdict }) => verdict));
  });
});

describe('predicates', () => {
  const nothing: JudgeClaimsInput = { findings: [], records: [], events: [], visibility: [] };

  const ids = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8'];
  /** Claims that are not testable for want of a run or stimulus, as the sentence itself says. */
  const untested = (input: JudgeClaimsInput): string[] => {
    const claims = judgeClaims(input).filter(({ why }) => why.startsWith('Not testable with what is in the case'));
    for (const { verdict, missing } of claims) expect([verdict, missing.length]).toEqual(['not-testable', 1]);
    return claims.map(({ claim }) => claim);
  };

  it('an empty case tests nothing, and no claim reads like a tested absence', () => {
    expect(untested(nothing)).toEqual(ids.filter((id) => id !== 'C5'));
    expect(verdictOf(nothing, 'C5')).toBe('not-testable');
    for (const { why } of judgeClaims({ ...nothing, lang: 'zh-Hant' }))
      expect(why).toMatch(/無法檢驗|無法由手機端測試/);
  });

  it('a claim about the other build is not testable with runs of one', () => {
    const stimulus = event('stimulus', 'contact saved', 'before', 'R1');
    const old = { ...nothing, events: [stimulus], visibility: [visibility('before')] };
    expect(untested(old)).toEqual(['C6', 'C7']);
    expect(verdictOf(old, 'C8')).toBe('not-enough-evidence');
    const young = {
      ...nothing,
      events: [{ ...stimulus, label: 'after-reset' }],
      visibility: [visibility('after-reset')],
    };
    expect(untested(young)).toEqual(['C1', 'C3', 'C8']);
    expect(verdictOf(young, 'C7')).toBe('not-enough-evidence');
  });

  it('a run of which nothing was captured tests no claim about traffic', () => {
    const input = {
      ...nothing,
      records: [...records('before', [property('a', '1')]), ...records('after-reset', [property('a', '1')])],
    };
    expect(untested(input)).toEqual(['C1', 'C2', 'C4', 'C7', 'C8']);
    const empty = visibility('before', { captures: [], minutes: 0, readablePercent: null, canaries: 'none' });
    expect(untested({ ...input, visibility: [empty] })).toContain('C8');
  });

  it('what went to others than those whom a claim is about counts neither for nor against, and is told', () => {
    const others = (recipient: string): JudgeClaimsInput => {
      const input = founding();
      return {
        ...input,
        findings: ['imei', 'msisdn', 'contact-msisdn'].flatMap((kind) => [
          finding({ kind, recipient }),
          finding({ kind, recipient, label: 'after-kept', run: 'R5' }),
        ]),
        records: [],
      };
    };
    const third = verdictsOf(others('www.umeng.com'));
    for (const id of ['C1', 'C2', 'C3', 'C4', 'C6', 'C7', 'C8']) {
      expect([id, third[id]?.for.filter((one) => /^F\d/.test(one)), third[id]?.against]).toEqual([id, [], []]);
      expect(third[id]?.verdict).not.toMatch(/refuted|partly/);
      expect(third[id]?.why).toContain('www.umeng.com');
    }
    expect(third['C3']?.verdict).toBe('not-enough-evidence');
    expect(third['C8']?.verdict).toBe('not-enough-evidence');
    // Another host of the vendor speaks to what the vendor says of itself, not to what it says of the service.
    const vendor = verdictsOf(others('policy.app.xiaomi.com'));
    expect(vendor['C2']?.verdict).toBe('refuted');
    expect(vendor['C3']?.verdict).toBe('not-enough-evidence');
    expect(vendor['C8']?.for).toEqual([]);
    // The chat connection, and any conversation in which the service showed itself.
    expect(verdictsOf(others('app.chat.xiaomi.net'))['C8']?.verdict).toBe('confirmed');
    const unnamed = others('203.0.113.9');
    const shown = finding({ recipient: '203.0.113.9' });
    const signal = { ...shown, rule: 'service-started-without-consent', identifier: null };
    expect(verdictsOf({ ...unnamed, findings: [...unnamed.findings, signal] })['C8']?.verdict).toBe('confirmed');
  });

  it('C7: says that content over TLS was not seen where the service was contacted that way', () => {
    const input = founding();
    const contact = finding({ label: 'after-reset', run: 'R4', channel: 'tls', consent: 'after-act' });
    const findings = [...input.findings, { ...contact, rule: 'service-contacted-protected', identifier: null }];
    expect(verdictsOf({ ...input, findings })['C7']?.missing.join()).toContain('R4');
  });

  it('C4: without a recorded stimulus there is nothing to follow', () => {
    const input = { ...nothing, findings: [finding({ kind: 'contact-msisdn' })] };
    expect(untested(input)).toContain('C4');
    expect(verdictsOf(input)['C4']?.for).toHaveLength(1);
  });

  it('C1: the IMEI alone leaves the purpose untestable', () => {
    expect(verdictOf({ ...nothing, findings: [finding({ kind: 'imei' })] }, 'C1')).toBe('not-testable');
  });

  it('C2: consent that is not known is missing, not against, whatever else is recorded of the run', () => {
    const unknown = { ...nothing, findings: [finding({ consent: 'unknown' })] };
    expect(verdictsOf(unknown)['C2']).toMatchObject({ verdict: 'not-enough-evidence', against: [] });
    expect(verdictsOf(unknown)['C2']?.missing[0]).toContain('not known of 1');
    for (const kind of ['canary', 'stimulus'] as const) {
      const events = [event(kind, 'boot', 'before', 'R1')];
      expect(verdictOf({ ...unknown, events }, 'C2')).toBe('not-enough-evidence');
    }
  });

  it('C2, C8: what is only possible refutes and confirms nothing until the examiner confirms it', () => {
    const possible = finding({ kind: 'msisdn', confidence: 'possible' });
    expect(verdictOf({ ...nothing, findings: [possible] }, 'C2')).toBe('not-enough-evidence');
    expect(verdictOf({ ...nothing, findings: [possible] }, 'C8')).toBe('not-enough-evidence');
    const decision = { verdict: 'confirm', reason: 'read by hand', at: '', by: '' } as unknown as Finding['decision'];
    expect(verdictOf({ ...nothing, findings: [{ ...possible, decision }] }, 'C2')).toBe('refuted');
  });

  it('C6: a run is silent only where nothing at all speaks', () => {
    const silent = {
      ...nothing,
      events: [event('stimulus', 'SIM card in', 'after-reset', 'R3')],
      visibility: [visibility('after-reset')],
    };
    expect(verdictOf(silent, 'C6')).toBe('confirmed');
    const run = { label: 'after-reset', run: 'R3' };
    const signs = [
      finding({ ...run, consent: 'unknown' }),
      finding({ ...run, confidence: 'possible' }),
      finding({ ...run, consent: 'after-act' }),
      { ...finding({ ...run, channel: 'tls' }), rule: 'service-contacted-protected', identifier: null },
    ];
    for (const sign of signs) expect(verdictOf({ ...silent, findings: [sign] }, 'C6')).not.toBe('confirmed');
  });

  it('C6: says «with a factory reset» of such runs only', () => {
    const input = founding();
    const kept = event('stimulus', 'SIM card in', 'mi2s-after', 'R6');
    const judged = verdictsOf({
      ...input,
      events: [...input.events, kept],
      visibility: [...input.visibility, visibility('mi2s-after')],
    })['C6'];
    expect(judged?.why).toContain('while the service was off (R3 (after-reset));');
  });

  it('C2: sent only after an act, in fit runs: confirmed for what was observed', () => {
    const input = { ...nothing, findings: [finding({ consent: 'after-act' })], visibility: [visibility('before')] };
    expect(verdictOf(input, 'C2')).toBe('confirmed');
    expect(verdictOf({ ...input, visibility: [visibility('before', { canaries: 'none' })] }, 'C2')).toBe(
      'not-enough-evidence',
    );
  });

  it('C2: a dismissed finding and one that only came back do not count', () => {
    const decision = { verdict: 'dismiss', reason: 'test data', by: 'x', at: '2014-08-20T00:00:00Z' } as const;
    expect(
      verdictOf({ ...nothing, findings: [finding({ decision }), finding({ direction: 'to-client' })] }, 'C2'),
    ).toBe('not-enough-evidence');
  });

  it('C3: set up to start, but nothing seen of it: partly', () => {
    const input = {
      ...nothing,
      records: records('before', [component(mms, receiver)]),
      events: [event('stimulus', 'boot', 'before', 'R1')],
    };
    expect(verdictOf(input, 'C3')).toBe('partly');
  });

  it('C3: a run in which the person switched it on shows nothing', () => {
    const input = { ...nothing, findings: [finding({})], events: [event('consent-act', act, 'before', 'R1')] };
    expect(untested(input)).toContain('C3');
  });

  it('C4: the number has to follow the stimulus, in the same run', () => {
    const number = finding({ kind: 'contact-msisdn', at: '2014-08-07T02:00:00.000000Z' });
    const with_ = (at: string, run: string): string | undefined =>
      verdictOf(
        { ...nothing, findings: [number], events: [event('stimulus', 'contact saved', 'before', run, at)] },
        'C4',
      );
    expect(with_('2014-08-07T01:59:00.000000Z', 'R1')).toBe('confirmed');
    expect(with_('2014-08-07T02:01:00.000000Z', 'R1')).toBe('not-enough-evidence');
    expect(with_('2014-08-07T01:00:00.000000Z', 'R1')).toBe('not-enough-evidence');
    expect(with_('2014-08-07T01:59:00.000000Z', 'R2')).toBe('not-enough-evidence');
  });

  it('C6: confirmed only by a fit run after a reset', () => {
    const silent = {
      ...nothing,
      events: [event('stimulus', 'boot', 'after-reset', 'R3')],
      visibility: [visibility('after-reset')],
    };
    expect(verdictsOf(silent)['C6']).toMatchObject({ verdict: 'confirmed' });
    expect(verdictsOf(silent)['C6']?.missing).toContain('no run of this kind: new build, not reset');
    for (const canaries of ['start-only', 'end-only', 'none'] as const) {
      const unfit = { ...silent, visibility: [visibility('after-reset', { canaries })] };
      expect(verdictOf(unfit, 'C6')).toBe('not-enough-evidence');
    }
    const holed = verdictsOf({ ...silent, visibility: [visibility('after-reset', { holes: 2 })] })['C6'];
    expect(holed?.verdict).toBe('not-enough-evidence');
    expect(holed?.missing.join()).toContain('its recording was interrupted or lost packets (2×)');
    expect(verdictOf({ ...silent, visibility: [] }, 'C6')).toBe('not-enough-evidence');
    const keptOnly = {
      ...nothing,
      events: [event('stimulus', 'boot', 'after-kept', 'R5')],
      visibility: [visibility('after-kept')],
    };
    expect(verdictOf(keptOnly, 'C6')).toBe('not-enough-evidence');
  });

  it('C6: still sent without a reset and nothing else known: refuted; sent after a reset: refuted', () => {
    expect(verdictOf({ ...nothing, findings: [finding({ label: 'after-kept', run: 'R5' })] }, 'C6')).toBe('refuted');
    const reset = {
      ...nothing,
      findings: [finding({ label: 'after-reset', run: 'R3' })],
      visibility: [visibility('after-reset')],
    };
    expect(verdictOf(reset, 'C6')).toBe('refuted');
  });

  it('C6: figures of the run itself go before those of its label', () => {
    const input = {
      ...nothing,
      events: [event('stimulus', 'boot', 'after-reset', 'R3')],
      visibility: [visibility('after-reset'), visibility('after-reset', { run: 'R3', canaries: 'none' })],
    };
    expect(verdictOf(input, 'C6')).toBe('not-enough-evidence');
  });

  it.each([
    ['plain', 'cleartext', 'refuted'],
    ['encoded', 'cleartext', 'refuted'],
    ['pseudonymised', 'cleartext', 'refuted'],
    ['plain', 'tls', 'partly'],
    ['encoded', 'tls', 'partly'],
    ['encrypted', 'cleartext', 'confirmed'],
    ['encrypted', 'tls', 'confirmed'],
  ] as const)('C7: the number %s in %s: %s', (representation, channel, verdict) => {
    const input = {
      ...nothing,
      findings: [finding({ kind: 'msisdn', label: 'after-reset', run: 'R4', representation, channel })],
    };
    expect(verdictOf(input, 'C7')).toBe(verdict);
  });

  it('C7: no number seen, part of it unreadable: not enough, and said', () => {
    const input = { ...nothing, visibility: [visibility('after-reset')] };
    expect(verdictsOf(input)['C7']).toMatchObject({ verdict: 'not-enough-evidence' });
    expect(verdictsOf(input)['C7']?.missing.join()).toContain('12.7 %');
  });

  it.each([
    ['plain', 'cleartext', 'confirmed'],
    ['encoded', 'cleartext', 'not-enough-evidence'],
    ['plain', 'tls', 'not-enough-evidence'],
  ] as const)('C8: the number %s in %s: %s', (representation, channel, verdict) => {
    expect(verdictOf({ ...nothing, findings: [finding({ kind: 'msisdn', representation, channel })] }, 'C8')).toBe(
      verdict,
    );
  });
});

describe('roles of runs', () => {
  it('takes what is given before the label, the label before the build date', () => {
    const input = {
      findings: [],
      events: [],
      visibility: [],
      records: [
        ...records('lab-7', [
          property('ro.build.date.utc', '1402924364'),
          setting('android_id', 'a'.repeat(16), 'secure'),
        ]),
        ...records('lab-8', [
          property('ro.build.date.utc', '1407800000'),
          setting('android_id', 'a'.repeat(16), 'secure'),
        ]),
        ...records('lab-9', [
          property('ro.build.date.utc', '1407800000'),
          setting('android_id', 'b'.repeat(16), 'secure'),
        ]),
      ],
    };
    const roles = (given: JudgeClaimsInput['given'] = []): (string | boolean | null)[][] =>
      describeRuns({ ...input, given: given ?? [] }).map(({ label, build, reset, basis }) => [
        label,
        build,
        reset,
        basis.join(),
      ]);
    expect(roles()).toEqual([
      ['lab-7', 'before', null, 'build-date'],
      ['lab-8', 'after', false, 'build-date,android-id'],
      ['lab-9', 'after', true, 'build-date,android-id'],
    ]);
    expect(roles([{ label: 'lab-8', reset: true }])[1]).toEqual(['lab-8', 'after', true, 'build-date,given']);
  });
});
