import { describe, expect, test } from 'vitest';
import { reportHtml } from '../../../main/report/html.ts';
import { escapeText } from '../../../main/report/markup.ts';
import type { ReportInput, ReportLang } from '../../../main/report/report-input.ts';
import { exhibit, finding, identifier, imei, reportFinding, reportInput } from './fixture.ts';

const langs: readonly ReportLang[] = ['en', 'zh-Hant'];
const page = (input: ReportInput, lang: ReportLang = 'en'): string => reportHtml(input, { lang, fontFaces: '' });

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><iframe src="https://evil.example">',
  'javascript:alert(1)',
  '\u202egnp.exe\u0000\u001b[31m\ud800',
  '<!-- --!><svg onload=alert(1)>',
  '${html}&lt;b&gt;',
].join(' ');

/** A case in which everything that comes from outside is an attack. */
function hostileInput(): ReportInput {
  const h = hostile;
  const at = '2014-08-07T10:00:00.000000Z';
  const base = reportInput();
  const evil = finding('F0001', {
    field: h,
    label: h,
    run: h,
    decision: { verdict: 'confirm', reason: h, by: h, at },
    destination: {
      address: h,
      names: [h],
      country: h,
      asn: null,
      holder: null,
      sources: [{ what: h, value: h, dataAt: h, note: h }],
    },
  });
  return {
    ...base,
    summary: { ...base.summary, number: h, title: h, examiner: h, labels: [h] },
    madeBy: h,
    handsets: [{ id: 'H1', label: h, serial: h, role: 'exhibit', addedAt: at }],
    identifiers: [...base.identifiers, identifier('I9', 'custom', `evil-${h}`, { source: h, warnings: [h] })],
    acquisitions: [
      {
        id: 'A1',
        handset: 'H1',
        label: h,
        run: h,
        profile: 'quick',
        serial: h,
        startedAt: at,
        endedAt: at,
        outcome: 'complete',
        detail: h,
      },
      {
        id: 'A2',
        handset: 'H1',
        label: h,
        run: null,
        profile: 'own',
        collectors: [h, 'clock'],
        serial: h,
        startedAt: at,
        endedAt: at,
        outcome: 'complete',
        detail: null,
      },
    ],
    exhibits: [
      exhibit('E001', { originalName: h, label: h, run: h, fault: h }),
      exhibit('E002', { originalName: h, outcome: 'absent', fault: h }),
    ],
    events: [{ id: 'V1', run: h, label: h, handset: 'H1', kind: 'note', at, atHandset: h, text: h, source: h }],
    findings: [
      reportFinding(evil, [h, imei, h], { statement: h }),
      reportFinding(finding('F0002', { frames: [], filter: null, streamOffset: null }), [h, imei, h], {
        statement: h,
        place: { exhibit: 'E002', command: h, line: 3 },
      }),
    ],
    comparisons: [
      {
        before: h,
        after: h,
        noiseLeftOut: 1,
        compared: true,
        caveats: [h],
        changes: [{ kind: 'setting', change: 'changed', subject: h, before: h, after: h, meaning: h, noise: false }],
      },
    ],
    runs: [{ label: h, run: h, build: h, reset: h, service: h, basis: h }],
    claims: [
      {
        claim: 'C1',
        verdict: 'partly',
        why: h,
        for: [h, 'F0001'],
        against: [h],
        missing: [h],
        text: h,
        source: h,
        statedAt: h,
      },
    ],
    visibility: [
      {
        label: h,
        run: h,
        captures: [h],
        minutes: 1,
        payloadBytes: 1,
        readableBytes: 1,
        readablePercent: 100,
        canaries: 'both',
        gaps: [h],
      },
    ],
    traffic: [{ label: h, recipient: h, channel: 'cleartext', bytesToServer: 5 }],
    custody: [{ seq: 1, at, actor: h, action: h, subject: h, note: h, rowHash: null, previousHash: h, hash: h }],
    countryData: { name: h, builtAt: h, licence: h },
  };
}

const tags = new Set(
  'html head meta title style body div main header h1 h2 h3 h4 p dl dt dd code pre table thead tbody tr th td section nav ol li a article span br mark b strong blockquote figure svg rect text'.split(
    ' ',
  ),
);
const attributes = new Set(
  'lang charset name content http-equiv class id role aria-hidden aria-label aria-labelledby scope href viewbox width height x y fill'.split(
    ' ',
  ),
);

/** Every tag of a page with its attributes; what is not a well-formed tag is handed back as it stands. */
function tagsOf(
  text: string,
): { readonly name: string; readonly attributes: readonly (readonly [string, string])[] }[] {
  const body = text.replace(/^<!doctype html>/, '').replace(/<style>[\s\S]*?<\/style>/, '');
  return body
    .split('<')
    .slice(1)
    .map((rest) => {
      const [, name, inner] = /^\/?([a-z][a-z0-9]*)((?:\s+[\w-]+="[^"<>]*")*)\s*\/?>/i.exec(rest) ?? [];
      if (name === undefined) return { name: `<${rest.slice(0, 60)}`, attributes: [] };
      const found = [...(inner ?? '').matchAll(/([\w-]+)="([^"]*)"/g)];
      return {
        name: name.toLowerCase(),
        attributes: found.map((one) => [(one[1] ?? '').toLowerCase(), one[2] ?? ''] as const),
      };
    });
}

describe('a page made of hostile texts', () => {
  test.each(langs)('holds only our own tags and attributes: %s', (lang) => {
    const text = page(hostileInput(), lang);
    for (const tag of tagsOf(text)) {
      expect(tags).toContain(tag.name);
      for (const [name, value] of tag.attributes) {
        expect(attributes).toContain(name);
        if (name === 'href') expect(value).toMatch(/^#/);
      }
    }
    expect(text).not.toMatch(/\son\w+\s*=\s*"/i);
    expect(text.match(/<style>/g)).toHaveLength(1);
    expect(text).toContain('&#60;script&#62;');
  });

  test('shows control characters and direction marks as what they are', () => {
    const text = page(hostileInput());
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000\u001b\u202e]/);
    expect(text).toContain('\\u202e');
    expect(escapeText('\ud800x')).toBe('\\ud800x');
    expect(escapeText('😀')).toBe('😀');
  });
});
