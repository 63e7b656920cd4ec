import { describe, expect, it } from 'vitest';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { makeFindings } from '../../../main/analysis/detectors/make-findings.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import { judgeClaims } from '../../../main/comparison/claims/judge-claims.ts';

const at = '2014-08-15T03:00:00.000000Z';
const exhibit = { id: 'E009', sha256: 'cd'.repeat(32), label: 'after-reset', handset: 'H1', run: 'R4' };
const flow: Flow = {
  id: 3,
  exhibit: 'E009',
  label: 'after-reset',
  transport: 'tcp',
  client: { address: '192.168.7.20', port: 40000 },
  server: { address: '42.62.48.17', port: 443 },
  serverNames: ['api.account.xiaomi.com'],
  application: 'tls',
  channel: 'tls',
  firstPacketAt: at,
  lastPacketAt: at,
  packets: { toServer: 9, toClient: 8 },
  payloadBytes: { toServer: 812, toClient: 4096 },
  app: null,
  streamIndex: 2,
  incomplete: [],
};
const hello = (serverName: string, frame: number): Message => ({
  flow: 3,
  exhibit: 'E009',
  at,
  frame,
  kind: 'tls-client-hello',
  serverName,
  version: '1.2',
  alpn: [],
});
const consent: CaseEvent = {
  id: 'EV1',
  run: 'R4',
  label: 'after-reset',
  handset: 'H1',
  kind: 'consent-act',
  at: '2014-08-15T02:59:00.000000Z',
  atHandset: null,
  text: 'messaging service switched on by hand',
  source: 'E1',
};

function findingsOf(messages: readonly Message[]): ReturnType<typeof makeFindings> {
  return makeFindings({
    patterns: compilePatterns([]),
    exhibits: [exhibit],
    flows: [flow],
    messages,
    hits: [],
    events: [consent],
    records: [],
    bytesSearched: new Map(),
    countries: null,
  });
}

describe('the service contacted over TLS', () => {
  it('is stated once a capture, at its first hello, without claiming what went through', () => {
    const found = findingsOf([hello('api.account.xiaomi.com', 30), hello('API.account.xiaomi.com', 40)]);
    expect(found).toHaveLength(1);
    const first = found[0];
    expect(first).toMatchObject({
      rule: 'service-contacted-protected',
      severity: 'info',
      channel: 'tls',
      identifier: null,
      representation: null,
      contentKnownBy: null,
      consent: 'after-act',
      filter: 'tcp.stream==2 && frame.number==30',
    });
    expect(first?.statement).toContain('not known from the capture');
    expect(statementOf({ ...first } as Finding, 'zh-Hant')).toContain('無法由擷取檔得知');
  });

  it('is not stated for another host', () => {
    expect(findingsOf([hello('www.example.org', 30)])).toEqual([]);
  });

  it('speaks for claim C7 beside a number in clear on another run of the new build', () => {
    const [contact] = findingsOf([hello('api.account.xiaomi.com', 30)]);
    if (contact === undefined) throw new Error('no finding');
    const numbered: Finding = { ...contact, number: 'F0001', decision: null };
    const inClear: Finding = {
      ...numbered,
      number: 'F0002',
      key: 'clear',
      rule: 'identifier-transmitted',
      label: 'after-kept',
      run: 'R5',
      identifier: { id: 'I1', kind: 'msisdn' },
      representation: 'plain',
      channel: 'cleartext',
      contentKnownBy: 'wire',
      consent: 'before-any-act',
    };
    const c7 = (findings: readonly Finding[]): unknown =>
      judgeClaims({ findings, records: [], events: [consent], visibility: [] }).find((one) => one.claim === 'C7');
    expect(c7([numbered, inClear])).toMatchObject({ verdict: 'partly', for: ['F0001'], against: ['F0002'] });
    expect(c7([inClear])).toMatchObject({ verdict: 'refuted', for: [], against: ['F0002'] });
  });
});
