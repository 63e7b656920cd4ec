import { describe, expect, it } from 'vitest';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { Message } from '../../../shared/model/traffic.ts';
import { OperatorLedger } from '../../../main/analysis/visibility/operator-ledger.ts';

const base = { flow: 1, exhibit: 'E001', at: '2014-08-07T10:00:00.000000Z', frame: 1 };
const request = (change: Partial<Message> = {}): Message =>
  ({
    ...base,
    kind: 'http-request',
    method: 'GET',
    host: 'a.example',
    uri: '/p?imei=1',
    bodyBytes: 0,
    contentType: null,
    ...change,
  }) as Message;
const finding = (change: Partial<FindingDraft> = {}): FindingDraft =>
  ({
    identifier: { id: 'I1', kind: 'imei' },
    representation: 'plain',
    channel: 'cleartext',
    contentKnownBy: 'wire',
    direction: 'to-server',
    flow: 4,
    at: base.at,
    destination: { address: '192.0.2.1', names: ['a.example'], country: null, asn: null, holder: null, sources: [] },
    ...change,
  }) as FindingDraft;

describe('what anybody on the path can read', () => {
  it('counts a thing once for all its times, with the first and the last', () => {
    const ledger = new OperatorLedger();
    ledger.message(request({ at: '2014-08-07T10:00:02.000000Z', flow: 2 }));
    ledger.message(request({ uri: '/p?imei=2' }));
    expect(ledger.rows()).toEqual([
      expect.objectContaining({ what: 'host', value: 'a.example', count: 2, flow: 1 }),
      expect.objectContaining({
        what: 'uri',
        value: 'a.example/p',
        count: 2,
        firstAt: '2014-08-07T10:00:00.000000Z',
        lastAt: '2014-08-07T10:00:02.000000Z',
      }),
    ]);
  });

  it('takes the address of a request to a proxy as it stands, and its host beside the Host field', () => {
    const ledger = new OperatorLedger();
    ledger.message(request({ uri: 'http://b.example/p?imei=1' }));
    ledger.message(request({ method: 'CONNECT', host: 'c.example', uri: 'c.example:443' }));
    expect(ledger.rows().map(({ what, value }) => `${what} ${value}`)).toEqual([
      'host a.example',
      'host b.example',
      'host c.example',
      'uri c.example:443',
      'uri http://b.example/p',
    ]);
  });

  it('leaves out what only a key log opened', () => {
    const ledger = new OperatorLedger();
    ledger.message(request({ contentKnownBy: 'keylog' }));
    ledger.finding(finding({ contentKnownBy: 'keylog', channel: 'tls' }));
    ledger.finding(finding({ contentKnownBy: 'keylog', channel: 'quic' }));
    expect(ledger.rows()).toEqual([]);
  });

  it('tells an identifier in the opening of a protected connection, as in the name of a server', () => {
    const ledger = new OperatorLedger();
    ledger.finding(finding({ channel: 'tls' }));
    ledger.finding(finding({ channel: null }));
    expect(ledger.rows()).toMatchObject([{ what: 'identifier', identifier: 'imei', reach: 'path', count: 1 }]);
  });

  it('keeps apart how an identifier is written, to whom it goes and how far it is seen', () => {
    const ledger = new OperatorLedger();
    ledger.finding(finding());
    ledger.finding(finding({ at: '2014-08-07T11:00:00.000000Z' }));
    ledger.finding(finding({ representation: 'encoded' }));
    ledger.finding(finding({ direction: 'lan' }));
    expect(
      ledger.rows().map(({ representation, reach, count, value }) => [representation, reach, count, value]),
    ).toEqual([
      ['plain', 'path', 2, 'a.example'],
      ['encoded', 'path', 1, 'a.example'],
      ['plain', 'link', 1, 'a.example'],
    ]);
  });

  it('says of names asked on the link that only the link sees them', () => {
    const ledger = new OperatorLedger();
    ledger.message({ ...base, kind: 'dns-query', name: 'phone.local', type: 'A' });
    ledger.message({ ...base, kind: 'dns-query', name: 'a.example', type: 'A' });
    expect(ledger.rows().map(({ value, reach }) => [value, reach])).toEqual([
      ['a.example', 'path'],
      ['phone.local', 'link'],
    ]);
  });

  it('counts what is beyond its limit', () => {
    const ledger = new OperatorLedger();
    for (let n = 0; n < 2005; n += 1) ledger.message({ ...base, kind: 'dns-query', name: `n${n}.example`, type: 'A' });
    expect(ledger.rows()).toHaveLength(2000);
    expect(ledger.left()).toEqual([{ what: 'dns-name', count: 5 }]);
  });
});
