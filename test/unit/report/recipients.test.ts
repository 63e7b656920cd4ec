import { expect, test } from 'vitest';
import { reportHtml } from '../../../main/report/html.ts';
import type { ReportLang } from '../../../main/report/report-input.ts';
import type { Destination, Finding } from '../../../shared/model/finding.ts';
import { finding, imei, reportFinding, reportInput } from './fixture.ts';

const at = '2014-08-07T10:00:00.250000Z';

function page(more: Partial<Finding>, sources: Destination['sources'], lang: ReportLang): string {
  const destination = { address: '192.168.1.255', names: [], country: null, asn: null, holder: null, sources };
  const one = finding('F0001', { destination, ...more });
  return reportHtml(reportInput({ findings: [reportFinding(one, ['id=', imei, ''])] }), { lang, fontFaces: '' });
}

test.each([
  ['en', 'DNS answer to another address (192.168.1.9): other.example (2014-08-07'],
  ['zh-Hant', '送往其他位址之 DNS 回應（192.168.1.9）：other.example（2014-08-07'],
] as const)('a name that another client was answered stands with that client: %s', (lang, said) => {
  const source = { what: 'dns-other-client', value: 'other.example', dataAt: at, note: '192.168.1.9' };
  // What stands in elements of its own (instants) is joined.
  expect(page({}, [source], lang).replaceAll(/<[^>]*>/g, '')).toContain(said);
});

test.each([
  ['en', 'local network (taken for its broadcast address)'],
  ['zh-Hant', '區域網路（應為其廣播位址）'],
] as const)('the broadcast address of a network is said to be that: %s', (lang, said) => {
  const source = { what: 'local-broadcast', value: '192.168.1.255', dataAt: null, note: null };
  const onLink = { rule: 'identifier-on-link', direction: 'lan' } as const;
  expect(page(onLink, [source], lang)).toContain(said);
  expect(page(onLink, [], lang)).not.toContain(said);
});

test.each([
  ['en', 'More names on the certificate: 17', 'More names that DNS answered with this address: 2961'],
  ['zh-Hant', '憑證上其餘名稱數', 'DNS 以此位址回應之其餘名稱數'],
] as const)('names that are not listed are counted: %s', (lang, certificate, dns) => {
  const more = (what: string, value: string): Destination['sources'][number] => ({
    what,
    value,
    dataAt: null,
    note: null,
  });
  const text = page({}, [more('certificate-more', '17'), more('dns-more', '2961')], lang).replaceAll(/<[^>]*>/g, '');
  expect(text).toContain(certificate);
  expect(text).toContain(dns);
  expect(text).not.toContain('-more');
});
