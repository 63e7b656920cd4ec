import { describe, expect, it } from 'vitest';
import { confidenceOf, reasonOf } from '../../../main/analysis/search/confidence.ts';
import { createSearcher, type Hit } from '../../../main/analysis/search/searcher.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import { makeFindings } from '../../../main/analysis/detectors/make-findings.ts';
import type { Flow } from '../../../shared/model/traffic.ts';

/** A German mobile number without its 0 is a time of March 2024. */
const patterns = compilePatterns([
  { id: 'I1', handset: 'H1', kind: 'msisdn', value: '+491711234567' },
  { id: 'I2', handset: 'H1', kind: 'contact-msisdn', value: '+13456789012' },
  { id: 'I3', handset: 'H1', kind: 'account', value: '1711300000123' },
]);

function hitsOf(text: string, at: string): Hit[] {
  const hits: Hit[] = [];
  const searcher = createSearcher(patterns, (hit) => hits.push(hit));
  const bytes = Uint8Array.from(Buffer.from(text));
  searcher.run(
    {
      flow: 0,
      way: 0,
      layer: 'stream',
      sequence: 1,
      offset: 0,
      bytes,
      start: 0,
      end: bytes.length,
      decodings: [],
      opaque: false,
    },
    {
      locate: (from) => ({
        frames: [1],
        streamOffset: from,
        atUs: Date.parse(at) * 1000,
        channel: 'cleartext',
        message: null,
        field: null,
      }),
    },
  );
  searcher.finish();
  return hits;
}

const mib = 2 ** 20;
const judged = (text: string, at: string): string[] =>
  hitsOf(text, at).map((hit) => [confidenceOf(hit, mib), reasonOf(hit, mib) ?? 'none'].join(' '));

const near = '2024-03-24T01:00:00Z';
const years = '2021-06-01T00:00:00Z';
const far = '2014-08-07T10:00:00Z';

describe('digits that may be something else', () => {
  it.each([
    ['a time of the very day', 'GET /a?to=1711234567&b=1 HTTP/1.1', near, 'possible time-of-packet'],
    ['a time of some years', 'GET /a?to=1711234567&b=1 HTTP/1.1', years, 'probable time-of-years'],
    ['no time of these years', 'GET /a?to=1711234567&b=1 HTTP/1.1', far, 'certain none'],
    ['in JSON', '{"address":1711234567,"b":1}', near, 'possible time-of-packet'],
    ['with a fraction of a second', '{"from":1711234567.25}', near, 'possible time-of-packet'],
    ['in a path', 'GET /to/1711234567/x', near, 'possible time-of-packet'],
    ['a time that a telephone has', '{"phone_updated_at":1711234567}', near, 'possible time-of-packet'],
    ['in milliseconds', 'x?name=1711300000123&', near, 'probable time-of-packet'],
    ['an account in milliseconds', 'x?account=1711300000123&', near, 'certain none'],
    ['the whole number', 'GET /a?to=491711234567&b=1', near, 'certain none'],
    ['the number with its prefix', 'GET /a?to=01711234567&b=1', near, 'certain none'],
  ])('%s', (_, text, at, expected) => {
    expect(judged(text, at)).toEqual([expected]);
  });

  it.each(['phone', 'userPhone', 'msisdn', 'tel', 'tel_no', 'telHome', 'mobile', 'sender', 'number', 'to_number'])(
    'a number in %s is certain whatever the time',
    (name) => {
      expect(judged(`GET /a?${name}=1711234567&b=1 HTTP/1.1`, near)).toEqual(['certain none']);
      expect(judged(`{"${name}":"1711234567"}`, years)).toEqual(['certain none']);
    },
  );

  it.each([
    ['a fraction', '{"address":12.3456789012,"b":1}', 'possible fraction'],
    ['a fraction in a form', 'address=12.3456789012&b', 'possible fraction'],
    ['below zero', '{"address":-0.3456789012}', 'possible fraction'],
    ['behind a name of telephones', '{"phone":"12.3456789012"}', 'certain none'],
    ['the calling code before it', 'address=1.3456789012&b', 'certain none'],
    ['as registries write it', 'address=+44.3456789012&b', 'certain none'],
    ['several points', 'address=1.2.3456789012&b', 'certain none'],
    ['a point without digits', 'address=a.3456789012&b', 'certain none'],
  ])('%s', (_, text, expected) => {
    expect(judged(text, far)).toEqual([expected]);
  });

  it('are told in both languages, and never left out', () => {
    const at = new Date(near).toISOString().replace('Z', '000Z');
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
      packets: { toServer: 1, toClient: 0 },
      payloadBytes: { toServer: 30, toClient: 0 },
      app: null,
      streamIndex: 0,
      incomplete: [],
    };
    const findings = makeFindings({
      patterns,
      exhibits: [{ id: 'E001', sha256: 'ab'.repeat(32), label: 'before', handset: 'H1', run: null }],
      flows: [flow],
      messages: [],
      hits: hitsOf('GET /a?to=1711234567&b=1 ', near).map((hit) => ({ hit, exhibit: 'E001', flow: 1, message: null })),
      events: [],
      records: [],
      bytesSearched: new Map([['E001', mib]]),
      countries: null,
    });
    expect(findings.map((one) => [one.rule, one.confidence, one.confidenceReason, one.severity])).toEqual([
      ['identifier-transmitted', 'possible', 'time-of-packet', 'info'],
    ]);
    for (const one of findings) {
      expect(statementOf(one, 'en')).toContain('Unix time');
      expect(statementOf(one, 'zh-Hant')).toContain('亦可能為時間');
    }
  });
});
