import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { normaliseIdentifier } from '../../../main/analysis/identifiers/normalise-identifier.ts';
import { isPlaceholder } from '../../../main/analysis/identifiers/placeholders.ts';
import { confidenceOf } from '../../../main/analysis/search/confidence.ts';
import { forEachEscape, undoEscapes } from '../../../main/analysis/search/undo-escapes.ts';
import { binaryFormsOf, binaryRows } from '../../../main/analysis/transforms/binary-forms.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import {
  digestAlgorithms,
  digestInputs,
  founderHash,
  missingIdentifierMarker,
  missingIdentifierTexts,
  truncations,
} from '../../../main/analysis/transforms/digests.ts';
import { encodings } from '../../../main/analysis/transforms/encodings.ts';
import { DigestCollector } from '../../../main/analysis/transforms/digest-table.ts';
import { joinedDigests, type Salt } from '../../../main/analysis/transforms/joined-digests.ts';
import { normalFormsOf } from '../../../main/analysis/transforms/normal-forms.ts';
import { vendorSchemes } from '../../../main/analysis/transforms/vendor-schemes.ts';
import type { DigestPattern, PatternValue } from '../../../main/analysis/transforms/pattern-set.ts';
import { listOf } from './digest-lists.ts';
import { feedText, patternsOf } from './feeding.ts';

const textsOf = (kind: IdentifierKind, value: string): string[] =>
  normalFormsOf(kind, value).flatMap((f) => [...f.texts]);
const bytesOf = (kind: IdentifierKind, value: string): string[] =>
  binaryFormsOf(kind, value).map((f) => `${f.steps.join()} ${Buffer.from(f.bytes).toString('hex')}`);

describe('normal forms', () => {
  const cases: [IdentifierKind, string, string[]][] = [
    [
      'imei',
      '490154203237518',
      [
        '49015420323751',
        '49-015420-323751-8',
        '49015420-323751-8',
        '49-015420-323751',
        '49 015420 323751 8',
        '4901542032375101',
      ],
    ],
    ['meid', 'a1000012345678', ['A1000012345678', 'A1-000012-345678', '270113179403430008']],
    ['imsi', '466920123456789', ['1466920123456789@', '0466920123456789@', '6466920123456789@']],
    ['iccid', '8944500102198304826', ['894450010219830482', '8944500102198304826F']],
    ['iccid', '898869200123456789', ['8988692001234567898']],
    [
      'msisdn',
      '+886912345678',
      [
        '886912345678',
        '00886912345678',
        '0912345678',
        '912345678',
        '+886-912345678',
        '+886 912 345 678',
        '0912 345 678',
      ],
    ],
    ['msisdn', '+12015550123', ['12015550123', '2015550123', '(201) 555-0123', '+1 201 555 0123', '+1.2015550123']],
    // As PhoneNumberUtils.formatNumber of Android writes them, in the country and abroad.
    [
      'msisdn',
      '+14155238671',
      ['415-523-8671', '415 523 8671', '415.523.8671', '(415) 523-8671', '+1 415-523-8671', '+1 (415) 523-8671'],
    ],
    ['msisdn', '+79161834627', ['8-916-183-46-27', '+7 916 183-46-27', '+7 (916) 183-46-27']],
    ['msisdn', '+5491158346271', ['011 15-5834-6271', '+54 9 11 5834-6271']],
    ['msisdn', '+5511987654321', ['(11) 98765-4321', '+55 11 98765-4321', '+55 (11) 98765-4321']],
    ['msisdn', '+821012345678', ['010-1234-5678', '+82 10-1234-5678']],
    ['msisdn', '+819012345678', ['090-1234-5678', '+81 90-1234-5678']],
    ['msisdn', '+60123456789', ['012-345 6789', '+60 12-345 6789']],
    // No country of its own: the plan of the calling code.
    ['msisdn', '+447911583462', ['07911 583462', '+44 7911 583462']],
    ['msisdn', '+33612345678', ['06 12 34 56 78', '06.12.34.56.78']],
    ['msisdn', '+393331234567', ['3331234567', '+39 333 123 4567']],
    [
      'wifi-mac',
      '64:09:80:1a:2b:3c',
      [
        '64-09-80-1A-2B-3C',
        '6409801a2b3c',
        '6409.801a.2b3c',
        '64.09.80.1a.2b.3c',
        '64:9:80:1a:2b:3c',
        '6609:80ff:fe1a:2b3c',
        '109991966681916',
      ],
    ],
    ['android-id', 'f00dbeef12345671', ['android-f00dbeef12345671', '17297691677811824241', '-1149052395897727375']],
    [
      'advertising-id',
      '7d8b1a4e-3f5c-4c2e-9a61-0b2f4d6e8a9c',
      ['7d8b1a4e3f5c4c2e9a610b2f4d6e8a9c', '7D8B1A4E3F5C4C2E9A610B2F4D6E8A9C'],
    ],
    ['contact-name', 'José García', ['José García'.normalize('NFD')]],
    ['ssid', 'Demo-Lab', ['demo-lab', 'DEMO-LAB', '"Demo-Lab"']],
  ];
  it.each(cases)('%s %s', (kind, value, expected) => {
    expect(textsOf(kind, value)).toEqual(expect.arrayContaining(expected));
  });
  it('have no text twice', () => {
    for (const [kind, value] of cases) expect(new Set(textsOf(kind, value)).size).toBe(textsOf(kind, value).length);
  });
});

describe('bytes', () => {
  const cases: [IdentifierKind, string, string[]][] = [
    // 3GPP TS 29.274 8.10: fifteen digits and a filler.
    [
      'imei',
      '490154203237518',
      ['tbcd 94104502237315f8', 'tbcd 94104502237315', 'mobile-identity 4a09512430325781', 'bcd 490154203237518f'],
    ],
    ['imsi', '466920123456789', ['tbcd 64960221436587f9', 'mobile-identity 4966291032547698', 'bcd 0466920123456789']],
    ['msisdn', '+886912345678', ['tbcd 889621436587', 'bcd 886912345678']],
    ['iccid', '8944500102198304826', ['tbcd 984405102091384028f6']],
    ['wifi-mac', '64:09:80:1a:2b:3c', ['bytes 6409801a2b3c']],
    ['android-id', '0a1b2c3d4e5f6071', ['bytes 0a1b2c3d4e5f6071', 'bytes-le 71605f4e3d2c1b0a']],
    [
      'advertising-id',
      '00112233-4455-6677-8899-aabbccddeeff',
      ['bytes 00112233445566778899aabbccddeeff', 'bytes-le 33221100554477668899aabbccddeeff'],
    ],
  ];
  it.each(cases)('%s %s', (kind, value, expected) => {
    expect(bytesOf(kind, value)).toEqual(expect.arrayContaining(expected));
  });
  it('varint is what Protocol Buffers document: 150 is 96 01', () => {
    const [form] = binaryFormsOf('imei', '150').filter((f) => f.steps[0] === 'varint');
    expect(Buffer.from(form?.bytes ?? []).toString('hex')).toBe('9601');
  });
});

it('every row of the tables names its source, and no name twice', () => {
  const rows = [...encodings, ...digestInputs, ...digestAlgorithms, ...vendorSchemes];
  for (const row of [...rows, ...binaryRows, ...truncations]) expect(row.source.length).toBeGreaterThan(4);
  for (const list of [encodings, digestInputs, digestAlgorithms, vendorSchemes])
    expect(new Set(list.map((row) => row.name)).size).toBe(list.length);
});

describe('vendor schemes', () => {
  const cases = vendorSchemes.flatMap((scheme) => scheme.vectors.map((v) => [scheme.name, v.written, scheme] as const));
  it.each(cases)('%s: %s', (_, written, scheme) => {
    const hits = feedText(`GET /pass/dev/${written}/x HTTP/1.1\r\n\r\n`);
    expect(hits.map((hit) => hit.transform)).toEqual(scheme.reach === 'marker' ? [] : [scheme.steps]);
  });
});

describe('joined digests', () => {
  const join = (
    of: readonly PatternValue[],
    along: readonly Salt[],
    limit?: number,
  ): { readonly digests: DigestPattern[]; readonly dropped: number } => {
    const collector = new DigestCollector();
    const { count, dropped } = joinedDigests(of, along, collector, limit);
    const digests = listOf(collector.table());
    expect(count).toBe(digests.length);
    return { digests, dropped };
  };
  const values = [
    { kind: 'imei' as const, value: '490154203237518', owners: [{ id: 'I1', handset: 'H1' }] },
    { kind: 'android-id' as const, value: '0a1b2c3d4e5f6071', owners: [{ id: 'I2', handset: 'H1' }] },
    { kind: 'imei' as const, value: '356938035643809', owners: [{ id: 'I3', handset: 'H2' }] },
  ];
  const hex = (text: string): string => createHash('md5').update(text).digest('hex');
  const salts = [{ what: 'model' as const, value: 'HM 1SW', handset: 'H1' }];
  it('hold the pairs of one handset, in either order, and its salts', () => {
    const { digests, dropped } = join(values, salts);
    const byHex = new Map(digests.map((d) => [Buffer.from(d.digest).toString('hex'), d]));
    expect(byHex.get(hex('4901542032375180a1b2c3d4e5f6071'))).toMatchObject({
      value: 0,
      before: ['join:{imei}{android-id}'],
    });
    expect(byHex.get(hex('0A1B2C3D4E5F6071|490154203237518'))).toMatchObject({
      value: 0,
      before: ['join:{android-id upper}|{imei}'],
    });
    expect(byHex.get(hex('HM 1SW_490154203237518'))?.before).toEqual(['join:{model}_{imei}']);
    // Another handset's model and Android ID are not joined with this one's.
    expect(byHex.has(hex('HM 1SW_356938035643809'))).toBe(false);
    expect(byHex.has(hex('3569380356438090a1b2c3d4e5f6071'))).toBe(false);
    expect(dropped).toBe(0);
  });
  it('are bounded, and say how many more there would be', () => {
    const whole = join(values, salts);
    const some = join(values, salts, 100);
    expect(some.digests).toHaveLength(100);
    expect(some.dropped).toBe(whole.digests.length - 100);
    expect(compilePatterns([]).counts).toMatchObject({ joined: 0, joinedDropped: 0 });
  });
  it('are counted as they are made, whatever there is to join', () => {
    const one = (
      kind: IdentifierKind,
      value: string,
      ...handsets: string[]
    ): { kind: IdentifierKind; value: string; owners: { id: string; handset: string }[] } => ({
      kind,
      value,
      owners: handsets.map((handset, i) => ({ id: `${handset}-${i}`, handset })),
    });
    const many = [
      one('imei', '490154203237518', 'H1'),
      one('imei', '356938035643809', 'H1', 'H2'),
      one('msisdn', '+886912345678', 'H1'),
      one('wifi-mac', '0a:1b:2c:3d:4e:5f', 'H1', 'H2'),
      one('android-id', '0a1b2c3d4e5f6071', 'H2'),
      one('contact-msisdn', '+886987654321', 'H2'),
      one('contact-msisdn', '+886911111111', 'H1'),
    ];
    const more = [
      ...salts,
      { what: 'package' as const, value: 'com.example.one', handset: 'H1' },
      { what: 'package' as const, value: 'com.example.two', handset: 'H2' },
      { what: 'board' as const, value: 'armani', handset: 'H2' },
    ];
    const whole = join(many, more, Number.MAX_SAFE_INTEGER);
    expect(whole.dropped).toBe(0);
    for (const limit of [0, 3, 1000, whole.digests.length - 1, whole.digests.length]) {
      const some = join(many, more, limit);
      expect(some.digests.length + some.dropped, `limit ${limit}`).toBe(whole.digests.length);
      expect(some.digests).toEqual(whole.digests.slice(0, some.digests.length));
    }
  });
  it('of hundreds of identifiers are counted, not walked through', () => {
    const hundreds = Array.from({ length: 2000 }, (_, i) => ({
      kind: 'account' as const,
      value: `user${i}@example.org`,
      owners: [{ id: `I${i}`, handset: 'H1' }],
    }));
    const { digests, dropped } = join(hundreds, salts, 1000);
    expect(digests).toHaveLength(1000);
    expect(dropped).toBeGreaterThan(2000 * 1999 * 1998 * 4);
  });
});

it('markers of a missing identifier are no hits in any digest', () => {
  expect(founderHash('0')).toBe(missingIdentifierMarker);
  const set = patternsOf();
  for (const text of missingIdentifierTexts)
    for (const { algorithm } of digestAlgorithms)
      expect(feedText(`k=${createHash(algorithm).update(text).digest('hex')}&`, set)).toEqual([]);
});

describe('placeholders', () => {
  const placeholders: [IdentifierKind, string][] = [
    ['imei', '000000000000000'],
    ['imei', '111111111111119'],
    ['imei', '004999010640000'],
    ['imei', '012345678912345'],
    ['imei', '352099001761481'],
    ['imsi', '310260000000000'],
    ['imsi', '001010123456789'],
    ['msisdn', '+15555215554'],
    ['msisdn', '+12015550123'],
    ['android-id', '9774d56d682e549c'],
    ['android-id', '0000000000000000'],
    ['wifi-mac', '02:00:00:00:00:00'],
    ['bluetooth-mac', '00:00:00:00:00:00'],
    ['bssid', '00:11:22:33:44:55'],
    ['advertising-id', '00000000-0000-0000-0000-000000000000'],
    ['serial', 'unknown'],
    ['ssid', '<unknown ssid>'],
  ];
  it.each(placeholders)('%s %s is told when it is added, and never searched', (kind, value) => {
    expect(isPlaceholder(kind, value)).toBe(true);
    const answer = normaliseIdentifier(kind, value);
    expect(answer.ok && answer.value.warnings.includes('placeholder')).toBe(true);
    const set = compilePatterns([{ id: 'I1', handset: 'H1', kind, value }]);
    expect(set.skipped).toEqual([{ id: 'I1', kind, reason: 'placeholder' }]);
    expect(feedText(`k=${value}&h=${createHash('md5').update(value).digest('hex')}`, set)).toEqual([]);
  });
  it('are not the values of real handsets', () => {
    expect(isPlaceholder('imei', '490154203237518')).toBe(false);
    expect(isPlaceholder('msisdn', '+886912345678')).toBe(false);
    expect(isPlaceholder('wifi-mac', '64:09:80:1a:2b:3c')).toBe(false);
  });
});

function escapesIn(bytes: Uint8Array): number[] {
  const places: number[] = [];
  forEachEscape(bytes, bytes.length, (kind, at) => places.push(kind, at));
  return places;
}

describe('escapes', () => {
  const undone = (text: string): string[] => {
    const found: string[] = [];
    const bytes = Uint8Array.from(Buffer.from(text));
    undoEscapes(bytes, bytes.length, escapesIn(bytes), (u) =>
      found.push(`${u.step}: ${Buffer.from(u.bytes).toString('utf8')}`),
    );
    return found;
  };
  it.each([
    ['a=%34%39 b', ['percent: a=49']],
    ['{"n":"\\u9673 \\ud83d\\ude00\\n"}', ['json-unicode: {"n":"陳 😀\n"}']],
    ['"k":"YWJjZGVmZ2hp\\/amtsbW5vcA"', ['json-unicode: "k":"YWJjZGVmZ2hp/amtsbW5vcA"']],
    ['"u":"http:\\/\\/x.example\\/a"', []],
    ['<n>&#38515;&#x5c0f; &amp; &lt;</n>', ['html-entity: <n>陳小 & <</n>']],
    ['&#0;&#x110000;&#;', []],
    ['ENCODING=QUOTED-PRINTABLE:=E9=99=B3\r\n', ['quoted-printable: ENCODING=QUOTED-PRINTABLE:陳\r\n']],
    ['tel 49015420=\r\n3237518', ['quoted-printable: tel 490154203237518']],
    [
      'Content-Transfer-Encoding: quoted-printable\r\n\r\n=34=39',
      ['quoted-printable: Content-Transfer-Encoding: quoted-printable\r\n\r\n49'],
    ],
    ['a=34=39', ['quoted-printable: a49']],
    ['tel =34=39=30 x', ['quoted-printable: tel 490 x']],
    ['a=34&b=39', []],
    ['a=34=3', []],
    ['x:=34&y', []],
  ])('%s', (text, expected) => {
    expect(undone(text)).toEqual(expected);
  });
  it('lead back to where each byte lay', () => {
    const text = 'x "\\u0034\\u0039\\u9673" y';
    const bytes = Uint8Array.from(Buffer.from(text));
    undoEscapes(bytes, bytes.length, escapesIn(bytes), (u) => {
      const at = Buffer.from(u.bytes).indexOf('49陳');
      expect([u.startOf(at), u.endOf(at + 1), u.endOf(at + 5)]).toEqual([3, 9, 21]);
    });
  });
});

describe('confidence', () => {
  const hit = { kind: 'imei', bits: 49.8, edges: 'clean', agrees: false, representation: 'plain' } as const;
  const mib = 2 ** 20;
  it.each([
    ['an IMEI alone in a small capture', hit, mib, 'certain'],
    ['the same in ten gigabytes', hit, 10_240 * mib, 'probable'],
    ['beside its name', { ...hit, agrees: true }, 10_240 * mib, 'certain'],
    ['inside a longer number', { ...hit, edges: 'joined', agrees: true }, mib, 'possible'],
    ['a national number in a field of numbers', { ...hit, kind: 'msisdn', bits: 33.2, agrees: true }, mib, 'certain'],
    ['that in a gigabyte', { ...hit, kind: 'msisdn', bits: 33.2, agrees: true }, 1024 * mib, 'probable'],
    ['that without the name', { ...hit, kind: 'msisdn', bits: 33.2 }, mib, 'possible'],
    [
      'a digest cut to sixteen',
      { ...hit, bits: 96, edges: 'unknown', representation: 'pseudonymised' },
      1024 * mib,
      'certain',
    ],
  ] as const)('%s', (_, facts, bytes, expected) => {
    expect(confidenceOf(facts, bytes)).toBe(expected);
  });
});
