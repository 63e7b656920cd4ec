import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifierKinds } from '../../../shared/model/identifier.ts';
import { maskIdentifier, maskSerial } from '../../../main/report/mask.ts';
import { maskReport } from '../../../main/report/masked-report.ts';
import { createRedactor } from '../../../main/report/redactor.ts';
import { findIdentifiers } from '../../../main/report/self-check.ts';
import {
  exhibit,
  finding,
  founderHash,
  identifier,
  imei,
  imsi,
  msisdn,
  reportFinding,
  reportInput,
} from './fixture.ts';

const listed = [identifier('I1', 'imei', imei), identifier('I2', 'imsi', imsi), identifier('I3', 'msisdn', msisdn)];
const sha1 = (text: string): Buffer => createHash('sha1').update(text).digest();

describe('a masked identifier', () => {
  test('shows at most a third of itself, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...identifierKinds),
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        (kind, value) => {
          fc.pre(!value.includes('•'));
          const masked = Array.from(maskIdentifier(kind, value));
          expect(masked).toHaveLength(Array.from(value).length);
          expect(masked.filter((one) => one !== '•').length * 3).toBeLessThanOrEqual(masked.length);
        },
      ),
    );
  });

  test.each([
    ['imei', imei, '490••••••••••18'],
    ['contact-name', '王小明', '王••'],
    ['contact-name', '李', '•'],
    ['email', 'someone@example.org', 's••••••••••••••••••'],
  ] as const)('%s %s is shown as %s', (kind, value, shown) => expect(maskIdentifier(kind, value)).toBe(shown));

  test('an address of adb is none, a serial number is', () => {
    expect(maskSerial('127.0.0.1:5555')).toBe('127.0.0.1:5555');
    expect(maskSerial('ff01ab92')).toBe('ff••••••');
  });
});

describe('masking within text', () => {
  const redactor = createRedactor(listed);
  const forms: readonly (readonly [string, string])[] = [
    ['as it is', imei],
    ['in groups', '49-015420-323751-8'],
    ['without check digit', imei.slice(0, 14)],
    ['national', '0912345678'],
    ['percent', '%2B886912345678'],
    ['hex', Buffer.from(imsi).toString('hex')],
    ['upper hex', Buffer.from(imsi).toString('hex').toUpperCase()],
    ['base64', Buffer.from(imei).toString('base64')],
    ['base64 of a longer text', Buffer.from(`{"id":"${imei}"}`).toString('base64')],
    ['H16', founderHash(imei)],
    ['27 characters', sha1(imsi).toString('base64url').slice(0, 27)],
    ['SHA-1', sha1(imei).toString('hex')],
    ['MD5', createHash('md5').update(msisdn).digest('hex')],
    ['SHA-256', createHash('sha256').update(imsi).digest('base64')],
  ];

  test.each(forms)('%s leaves nothing to find', (_name, written) => {
    const masked = redactor.text(`before ${written} after`);
    expect(masked).not.toContain(written);
    expect(masked.startsWith('before ')).toBe(true);
    expect(masked.endsWith(' after')).toBe(true);
    expect(findIdentifiers(masked, listed)).toEqual([]);
  });

  test('what remains of base64 does not decode to a digit of the value', () => {
    const around = `{"seq":83044,"sub":"${imei}","v":1}`;
    const masked = redactor.text(`x=${Buffer.from(around).toString('base64')}`);
    for (const rest of masked.slice(2).split(/\[.*?\]/)) {
      const shift = [0, 1, 2, 3].map((cut) => Buffer.from(rest.slice(cut), 'base64').toString('latin1'));
      for (const text of shift) expect(text).not.toMatch(/4901|7518/);
    }
  });

  test('text without an identifier stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        fc.pre(!/[0-9A-Za-z+/_-]{7}/.test(text));
        expect(redactor.text(text)).toBe(text);
      }),
    );
  });

  test('an identifier put anywhere into a text is gone', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.constantFrom(...forms),
        fc.string({ maxLength: 40 }),
        (a, form, b) => {
          const masked = redactor.text(`${a} ${form[1]} ${b}`);
          expect(findIdentifiers(masked, listed)).toEqual([]);
          expect(masked).not.toContain(form[1]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('values that the search leaves out are masked as words', () => {
    const short = createRedactor([identifier('I9', 'contact-name', '王小明'), identifier('I8', 'custom', 'Ann')]);
    expect(short.text('與王小明通話')).toBe('與王••通話');
    expect(short.text('Ann called; Annual report')).toBe('A•• called; Annual report');
  });

  test('our own hashes are left alone', () => {
    const hash = sha1(imei).toString('hex');
    expect(redactor.deep({ sha256: hash, note: hash }).sha256).toBe(hash);
    expect(redactor.deep({ note: hash }).note).not.toContain(hash);
  });
});

describe('a masked report', () => {
  const dirty = (text: string): string => `${text} ${imei} ${founderHash(imsi)} 0912345678`;
  const input = reportInput({
    exhibits: [exhibit('E001', { originalName: `${imei}.pcap`, fault: dirty('fault') })],
    events: [
      {
        id: 'V1',
        run: 'R1',
        label: 'before',
        handset: 'H1',
        kind: 'note',
        at: '2014-08-07T10:00:00.000000Z',
        atHandset: null,
        text: dirty('event'),
        source: 'attested by X',
      },
    ],
    findings: [
      reportFinding(
        finding('F0001', {
          field: imei,
          decision: { verdict: 'dismiss', reason: dirty('why'), by: 'X', at: '2014-08-08T00:00:00.000000Z' },
          destination: {
            address: '192.0.2.1',
            names: [`${imei}.example`],
            country: null,
            asn: null,
            holder: null,
            sources: [],
          },
        }),
        [`/dev/${founderHash(imsi)}/x?n=0912345678&id=`, imei, `&b=${Buffer.from(msisdn).toString('base64')}`],
      ),
    ],
    comparisons: [
      {
        before: 'before',
        after: 'after',
        noiseLeftOut: 0,
        compared: true,
        caveats: [],
        changes: [
          {
            kind: 'setting',
            change: 'changed',
            subject: dirty('s'),
            before: dirty('b'),
            after: dirty('a'),
            meaning: dirty('m'),
            noise: false,
          },
        ],
      },
    ],
    custody: [
      {
        seq: 1,
        at: '2014-08-07T10:00:00.000000Z',
        actor: 'X',
        action: 'exhibit-added',
        subject: null,
        note: dirty('note'),
        rowHash: null,
        previousHash: '0'.repeat(64),
        hash: '1'.repeat(64),
      },
    ],
    traffic: [{ label: 'before', recipient: `${imei}.example`, channel: 'cleartext', bytesToServer: 1 }],
  });

  test('holds no identifier in any field, and nothing of the workstation', () => {
    const text = JSON.stringify(maskReport(input));
    expect(findIdentifiers(text, input.identifiers)).toEqual([]);
    expect(text).not.toContain('/secret/place');
    expect(text).not.toContain('workstation-seven');
    expect(text).not.toContain('abcdef0123456');
  });

  test('shows the bytes around a match with each identifier taken out and the match marked', () => {
    const [one] = maskReport(input).findings;
    const shown = one?.context
      ?.map((piece) => ('shown' in piece ? piece.shown : `<${piece.id}${piece.match ? '!' : ''}>`))
      .join('');
    expect(shown).toBe('/dev/<I2>/x?n=<I3>&id=<I1!>&b=<I3>==');
  });

  test('is the same for the same input', () => expect(maskReport(input)).toEqual(maskReport(input)));
});

describe('digests that a longer recipe made', () => {
  const salts = [{ what: 'model' as const, value: 'HM 1SW', handset: 'H1' }];
  const md5 = createHash('md5').update(`${imei}_HM 1SW`).digest('hex');

  test('a digest joined with the model is masked where the handset’s own words are known', () => {
    expect(createRedactor(listed, salts).text(`k=${md5}&`)).not.toContain(md5);
    // Without them nobody can know that it is one.
    expect(createRedactor(listed).text(`k=${md5}&`)).toContain(md5);
  });

  test('a report masks it, checks itself for it, and does not print the words', () => {
    const one = reportFinding(finding('F0001'), ['id=', imei, ` k=${md5}`]);
    const input = reportInput({ findings: [one], salts });
    expect(JSON.stringify(maskReport(input))).not.toContain(md5);
    expect(maskReport(input)).not.toHaveProperty('salts');
    expect(findIdentifiers(`<p>${md5}</p>`, listed, salts)).toHaveLength(1);
  });

  test.each(['sha384', 'sha512'])('a %s is masked whole', (algorithm) => {
    const digest = createHash(algorithm).update(imei).digest('base64url');
    expect(createRedactor(listed).text(`"${digest}"`)).toBe('"[I1: ••••••••]"');
  });

  test('two thousand contacts are masked in their common writings', () => {
    const contacts = Array.from({ length: 2_000 }, (_, index) =>
      identifier(`I${index + 10}`, 'contact-msisdn', `+8869${String(10_000_000 + index * 7919).slice(-8)}`),
    );
    const redactor = createRedactor(contacts);
    for (const { value } of [contacts[0], contacts[1_999]].filter((one) => one !== undefined)) {
      expect(redactor.text(`to ${value} now`)).not.toContain(value);
      expect(redactor.text(`to 0${value.slice(4)} now`)).not.toContain(value.slice(4));
    }
  });
});
