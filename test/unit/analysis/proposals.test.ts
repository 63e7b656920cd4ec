import { describe, expect, it } from 'vitest';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { maxProposals } from '../../../main/analysis/detectors/identifier-proposed.ts';
import { makeFindings } from '../../../main/analysis/detectors/make-findings.ts';
import { proposalRows, proposeIdentifiers } from '../../../main/analysis/identifiers/propose-identifiers.ts';
import { compilePatterns, maxLiterals } from '../../../main/analysis/transforms/compile-patterns.ts';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';
import { findingsIn } from './findings-of-capture.ts';

describe('values that nobody listed', () => {
  it.each([
    ['?a=1&imei=356938035643809&b=2', ['imei 356938035643809']],
    ['?deviceId=356938035643809', ['imei 356938035643809']],
    ['?phone=%2B886912345678', ['msisdn +886912345678']],
    ['?imsi=466920123456789', ['imsi 466920123456789']],
    ['?sim_serial=8944500102198304826', ['iccid 8944500102198304826']],
    ['?wifi_mac=64:09:80:1A:2B:3C', ['wifi-mac 64:09:80:1A:2B:3C']],
    [
      '?android_id=f00dbeef12345671&oaid=7d8b1a4e-3f5c-4c2e-9a61-0b2f4d6e8a9c',
      ['android-id f00dbeef12345671', 'advertising-id 7d8b1a4e-3f5c-4c2e-9a61-0b2f4d6e8a9c'],
    ],
    // A wrong check digit, a field of another name, no reporting body, a placeholder, a country code that is not in use.
    ['?imei=356938035643808', []],
    ['?order=356938035643809', []],
    ['?imei=206938035643803', []],
    ['?imei=004999010640000', []],
    ['?imsi=999920123456789', []],
    ['?mac=02:00:00:00:00:00', []],
    ['?phone=%2', []],
    ['?phone=%2B8869123', []],
  ])('%s', (text, expected) => {
    const found = proposeIdentifiers(text);
    expect(found.map((p) => `${p.kind} ${p.value}`)).toEqual(expected);
    for (const { value, start, end } of found) expect(decodeURIComponent(text.slice(start, end))).toBe(value);
  });
  it('are looked for within bounds', () => {
    expect(proposeIdentifiers('?imei=1&'.repeat(100_000))).toEqual([]);
    expect(proposeIdentifiers(`?${'imei=356938035643809&'.repeat(10_000)}`).length).toBeLessThanOrEqual(200);
    expect(proposalRows.every((row) => row.source.length > 5)).toBe(true);
  });
});

describe('the rule', () => {
  const at = '2014-08-07T10:00:00.000000Z';
  const flow: Flow = {
    id: 1,
    exhibit: 'E001',
    label: 'before',
    transport: 'tcp',
    client: { address: '192.168.7.20', port: 51234 },
    server: { address: '42.62.48.17', port: 80 },
    serverNames: [],
    application: 'http',
    channel: 'cleartext',
    firstPacketAt: at,
    lastPacketAt: at,
    packets: { toServer: 1, toClient: 1 },
    payloadBytes: { toServer: 1, toClient: 1 },
    app: null,
    streamIndex: 0,
    incomplete: [],
  };
  const request = (frame: number, uri: string): Message => ({
    flow: 1,
    exhibit: 'E001',
    at,
    frame,
    kind: 'http-request',
    method: 'GET',
    host: 'api.example.net',
    uri,
    bodyBytes: 0,
    contentType: null,
  });
  const judge = (messages: readonly Message[]): ReturnType<typeof makeFindings> =>
    makeFindings({
      patterns: compilePatterns([{ id: 'I1', handset: 'H1', kind: 'imei', value: '490154203237518' }]),
      exhibits: [{ id: 'E001', sha256: '0'.repeat(64), label: 'before', handset: 'H1', run: null }],
      flows: [flow],
      messages,
      hits: [],
      events: [],
      records: [],
      bytesSearched: new Map(),
      countries: null,
    });

  it('says that a key log opened the content where one did', () => {
    const open = request(7, '/x?imei=356938035643809');
    expect(judge([open])[0]?.contentKnownBy).toBe('wire');
    expect(judge([{ ...open, contentKnownBy: 'keylog' }])[0]?.contentKnownBy).toBe('keylog');
  });

  it('proposes each value once, claims nothing, and leaves out what is listed', () => {
    const found = judge([
      request(9, '/x?imei=356938035643809'),
      request(7, '/x?imei=356938035643809&k=1'),
      request(8, '/x?imei=490154203237518'),
      request(8, '/x?imei=49015420323751'),
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      rule: 'identifier-proposed',
      confidence: 'possible',
      severity: 'info',
      identifier: null,
      form: 'unlisted-imei',
      field: 'imei',
      frames: [{ exhibit: 'E001', frame: 7 }],
      context: null,
    });
    const [first] = found;
    if (first === undefined) throw new Error('nothing found');
    for (const lang of ['en', 'zh-Hant'] as const) {
      expect(statementOf(first, lang)).toContain('IMEI');
      expect(statementOf(first, lang)).not.toContain('356938035643809');
    }
  });
  it('is bounded', () => {
    const many = Array.from({ length: 600 }, (_, i) =>
      request(i + 1, `/x?android_id=f00dbeef${String(10_000_000 + i)}`),
    );
    expect(judge(many)).toHaveLength(maxProposals);
  });
});

describe('what the search found', () => {
  const set = compilePatterns([{ id: 'I1', handset: 'H1', kind: 'imei', value: '490154203237518' }], maxLiterals, [], {
    seeds: [],
    probes: true,
  });
  const found = (request: string): ReturnType<typeof findingsIn> =>
    findingsIn(pcap(new Conversation().toServer(request, 1400).packets), set);

  it('is proposed as far as the search hands it on, which says where its limit bites', () => {
    const body = Array.from({ length: 800 }, (_, i) => `{"android_id":"f00dbeef${10_000_000 + i}"}`).join(',\n');
    expect(found(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`)).toHaveLength(800);
  });

  it('beyond what is looked at of a request is found by the search', () => {
    for (const before of ['abcdefgh=12345678&'.repeat(300), `a=${'b'.repeat(20_000)}&`])
      expect(found(`GET /x?${before}imei=356938035643809&b=1 HTTP/1.1\r\nHost: h\r\n\r\n`)).toMatchObject([
        { form: 'unlisted-imei', field: 'imei' },
      ]);
  });

  it.each([
    ['', 'imei'],
    ['n'.repeat(60), `${'n'.repeat(60)}imei`],
    [`&${'n'.repeat(60)}`, `${'n'.repeat(60)}imei`],
    ['n'.repeat(61), `…${'n'.repeat(60)}imei`],
    [`1${'n'.repeat(60)}`, `…${'n'.repeat(60)}imei`],
    ['n'.repeat(1000), `…${'n'.repeat(60)}imei`],
  ])('stands in a field whose name is told whole, or with a mark: %s', (before, field) => {
    expect(
      found(`GET /x?a=1&${before}imei=356938035643809&b=1 HTTP/1.1\r\nHost: h\r\n\r\n`).map((one) => one.field),
    ).toEqual([field]);
  });
});
