import { describe, expect, it } from 'vitest';
import type { Identifier, IdentifierKind } from '../../../shared/model/identifier.ts';
import { compareSources } from '../../../main/analysis/identifiers/compare-sources.ts';
import { luhnCheckDigit, passesLuhn } from '../../../main/analysis/identifiers/luhn.ts';
import { normaliseIdentifier } from '../../../main/analysis/identifiers/normalise-identifier.ts';
import { readImsiParts } from '../../../main/analysis/identifiers/mobile-country-codes.ts';

const typed = { strict: true, region: 'TW' };

describe('normaliseIdentifier', () => {
  const accepted: [IdentifierKind, string, string, string[]][] = [
    ['imei', '490154203237518', '490154203237518', []],
    ['imei', '49-015420-323751-8', '490154203237518', []],
    ['imei', '49015420323751', '490154203237518', ['check-digit-computed']],
    ['imei', '4901542032375101', '490154203237518', ['imeisv']],
    ['imei', '490154203237518 / 01', '490154203237518', []],
    ['imei', '000000000000000', '000000000000000', ['placeholder']],
    ['meid', 'A0000000002329', 'a0000000002329', []],
    ['imsi', '466920123456789', '466920123456789', []],
    ['imsi', '999920123456789', '999920123456789', ['mcc-unknown']],
    ['iccid', '8944500102198304826', '8944500102198304826', []],
    ['iccid', '8944500102198304826F', '8944500102198304826', []],
    ['iccid', '89860012345678901234', '89860012345678901234', ['luhn']],
    ['msisdn', '0912 345 678', '+886912345678', []],
    ['msisdn', '00886912345678', '+886912345678', []],
    ['msisdn', '+886-912-345-678', '+886912345678', []],
    ['contact-msisdn', '886912345678', '+886912345678', []],
    ['android-id', 'A1B2C3D4E5F607', '00a1b2c3d4e5f607', ['zeros-restored']],
    ['android-id', '9774d56d682e549c', '9774d56d682e549c', ['placeholder']],
    ['wifi-mac', '64-09-80-1A-2B-3C', '64:09:80:1a:2b:3c', []],
    ['wifi-mac', '02:00:00:00:00:00', '02:00:00:00:00:00', ['locally-administered', 'placeholder']],
    ['advertising-id', '{384000008CF011BDB23E10B96E40000D}', '38400000-8cf0-11bd-b23e-10b96e40000d', []],
    ['ssid', '"demo-lab"', 'demo-lab', []],
    ['ssid', 'home', 'home', ['short']],
    ['email', 'Some.Body@Example.org', 'some.body@example.org', []],
  ];
  it.each(accepted)('%s %s', (kind, text, value, warnings) => {
    expect(normaliseIdentifier(kind, text, typed)).toEqual({ ok: true, value: { value, warnings } });
  });

  const refused: [IdentifierKind, string, string, string][] = [
    ['imei', '49015420323751X', 'characters', '0-9'],
    ['imei', '490154203237517', 'luhn', '8'],
    ['imei', '123', 'length', '14, 15, 16'],
    ['imsi', '46692012345678x', 'characters', '0-9'],
    ['imsi', '4669', 'length', '14, 15'],
    ['iccid', '1234567890123456789', 'prefix', '89'],
    ['iccid', '8944500102198304827', 'luhn', '6'],
    ['msisdn', 'abc', 'characters', '0-9 +'],
    ['msisdn', '12', 'not-a-number', 'TW'],
    ['android-id', 'xyz', 'characters', '0-9 a-f'],
    ['wifi-mac', '64:09:80', 'length', '12 (hex)'],
    ['email', 'nobody', 'characters', 'name@domain'],
    ['custom', '   ', 'empty', ''],
    ['custom', 'a\u0007b', 'characters', 'printable text'],
    ['custom', 'x'.repeat(129), 'too-long', '128'],
  ];
  it.each(refused)('refuses %s %s', (kind, text, reason, expected) => {
    expect(normaliseIdentifier(kind, text, typed)).toMatchObject({
      ok: false,
      problem: { code: 'identifier-invalid', params: { kind, reason, expected } },
    });
  });

  it('keeps a handset’s IMEI that fails its check digit, with the doubt', () => {
    expect(normaliseIdentifier('imei', '490154203237517')).toEqual({
      ok: true,
      value: { value: '490154203237517', warnings: ['luhn'] },
    });
  });
  it('says that it assumed a region, and takes another when told', () => {
    expect(normaliseIdentifier('msisdn', '0912345678')).toMatchObject({
      value: { value: '+886912345678', warnings: ['region-assumed'] },
    });
    expect(normaliseIdentifier('msisdn', '13800138000', { region: 'CN' })).toMatchObject({
      value: { value: '+8613800138000', warnings: [] },
    });
  });
  it('never puts the refused value into the problem', () => {
    const answer = normaliseIdentifier('imei', '490154203237517', typed);
    expect(JSON.stringify(answer)).not.toContain('490154203237517');
  });
});

it('knows the check digit', () => {
  expect(luhnCheckDigit('49015420323751')).toBe(8);
  expect(passesLuhn('490154203237518')).toBe(true);
  expect(readImsiParts('466920123456789')).toEqual({ mcc: '466', mnc: '92', region: 'TW', known: true });
  expect(readImsiParts('310260123456789')).toMatchObject({ mnc: '260', region: 'US' });
});

it('compares two sources of one kind', () => {
  const row = (value: string, source: string, warnings: string[] = []): Identifier => ({
    id: 'I1',
    handset: 'H1',
    kind: 'imei',
    value,
    original: value,
    source,
    addedAt: '',
    warnings,
  });
  expect(compareSources([row('1', 'label'), row('2', '*#06#', ['luhn'])]).contradictions).toMatchObject([
    { kind: 'imei', reason: 'luhn' },
  ]);
  expect(compareSources([row('1', 'label'), row('1', '*#06#'), row('2', '*#06#')])).toMatchObject({
    contradictions: [],
    agreements: [{ value: '1', sources: ['*#06#', 'label'] }],
  });
  expect(compareSources([row('1', 'label'), row('2', 'label')]).contradictions).toEqual([]);
});
