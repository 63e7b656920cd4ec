import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conduct, Lang } from '../../main/workflow/conduct.ts';
import { decideFinding } from '../../main/workflow/decide.ts';
import { exportReport } from '../../main/workflow/export-report.ts';
import type { Exported } from '../../main/workflow/export-report.ts';
import { importFiles } from '../../main/workflow/import-file.ts';
import { openCaseForWriting } from '../../main/evidence/open-case.ts';
import {
  addEvent,
  addHandset,
  addIdentifiers,
  listIdentifiers,
  newCase,
  showCase,
} from '../../main/workflow/open-case.ts';
import { printPdfWithElectron } from '../../main/workflow/print-pdf.ts';
import { listCase } from '../../main/workflow/query-case.ts';
import { wordProblem } from '../../main/workflow/word-problem.ts';
import { findIdentifiers } from '../../main/report/self-check.ts';
import { Conversation } from '../unit/dissection/conversation.ts';
import { pcap } from '../unit/dissection/packet-builder.ts';
import { founderHash, imei, imsi, msisdn } from '../unit/report/fixture.ts';

const langs: readonly Lang[] = ['en', 'zh-Hant'];
const conductIn = (lang: Lang): Conduct => ({
  actor: null,
  lang,
  signal: new AbortController().signal,
  progress: () => undefined,
});
const work = mkdtempSync(join(tmpdir(), 'handsight report «測試» '));
const directory = join(work, 'small.handsight');

/** Plain, hashed, percent-encoded and inside a chunked, compressed body: each way that the report has to explain. */
function smallCapture(): Buffer {
  const plain = new Conversation({ sourcePort: 40001 }).toServer(
    `GET /pass/activate/dev/${founderHash(imei)}/activating?imsi=${imsi}&n=%2B${msisdn.slice(1)} HTTP/1.1\r\nHost: api.account.xiaomi.com\r\n\r\n`,
  );
  const packed = gzipSync(Buffer.from(`{"pad":"${'x'.repeat(40)}","device_id":"${imei}"}`));
  const chunk = Buffer.concat([Buffer.from(`${packed.length.toString(16)}\r\n`), packed, Buffer.from('\r\n0\r\n\r\n')]);
  const head =
    'POST /app_logs HTTP/1.1\r\nHost: www.umeng.com\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n';
  const body = new Conversation({ sourcePort: 40002 }).toServer(Buffer.concat([Buffer.from(head), chunk]));
  return pcap([...plain.close().packets, ...body.close().packets]);
}

beforeAll(async () => {
  const conduct = conductIn('en');
  const good = <T>(result: { readonly ok: boolean; readonly value?: T }): T => {
    if (!result.ok) throw new Error(JSON.stringify(result));
    return result.value as T;
  };
  good(
    newCase(directory, { number: 'T-7', title: '紅米 1S <b>test</b>', examiner: '林檢查員', synthetic: true }, conduct),
  );
  good(addHandset(directory, { label: 'Redmi 1S', serial: null, role: 'exhibit' }, conduct));
  const values = [
    { kind: 'imei', value: imei },
    { kind: 'imsi', value: imsi },
    { kind: 'msisdn', value: msisdn },
  ] as const;
  good(addIdentifiers(directory, { handset: 'H1', source: 'label', values: [...values] }, conduct));
  const file = join(work, `${imei}.pcap`);
  writeFileSync(file, smallCapture());
  good(await importFiles(directory, [file], { handset: 'H1', label: 'before', run: 'R1' }, conduct));
  const at = '2014-08-07T09:00:00Z';
  good(
    addEvent(
      directory,
      { run: 'R1', kind: 'stimulus', at, text: `dialled ${msisdn}`, label: 'before', handset: 'H1' },
      conduct,
    ),
  );
  const findings = good(await listCase(directory, 'findings', { label: null, run: null }, conduct));
  const [first] = findings;
  const decision = { key: first?.key ?? '', verdict: 'dismiss', reason: `not ${imei}` } as const;
  good(await decideFinding(directory, decision, conduct));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function report(format: 'html' | 'json' | 'pdf', lang: Lang): Promise<Exported> {
  const outPath = join(work, `report.${lang}.${format}`);
  const done = await exportReport(directory, { format, lang, outPath }, printPdfWithElectron, conductIn(lang));
  if (!done.ok) throw new Error(JSON.stringify(done.problem));
  return done.value;
}

function identifiers(): Parameters<typeof findIdentifiers>[1] {
  const listed = listIdentifiers(directory, true);
  if (!listed.ok) throw new Error(listed.problem.code);
  return listed.value;
}

interface JsonReport {
  readonly findings: readonly {
    readonly finding: { readonly number: string; readonly identifier: { readonly id: string } | null };
    readonly decodings: readonly string[];
    readonly repeat: readonly { readonly purpose: string; readonly command: string; readonly expect: string | null }[];
  }[];
}

describe.each(langs)('the report of a small case in %s', (lang) => {
  test('as HTML: masked by the detector’s own measure, dismissed finding listed, hostile title dead', async () => {
    const done = await report('html', lang);
    expect(done).toMatchObject({ gaps: [] });
    const text = readFileSync(done.path, 'utf8');
    expect(findIdentifiers(text, identifiers())).toEqual([]);
    expect(text).toContain('紅米 1S &#60;b&#62;test');
    expect(text).toContain(lang === 'en' ? 'Dismissed by the examiner (1)' : '經鑑識人員駁回（1 項）');
    expect(text).not.toContain(work);
  });

  test('as JSON: canonical, masked, its hash noted in custody', async () => {
    const done = await report('json', lang);
    const text = readFileSync(done.path, 'utf8');
    expect(findIdentifiers(text, identifiers())).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({ format: 'handsight-report', lang });
    const again = readFileSync((await report('json', lang)).path, 'utf8');
    expect(again).toContain(done.sha256);
  });

  test('as PDF: right text, embedded fonts, tags, outline, nothing left behind', async ({ skip }) => {
    if ((process.env['HANDSIGHT_ELECTRON'] ?? '') === '') skip('HANDSIGHT_ELECTRON is not set: npm test sets it');
    if (spawnSync('pdftotext', ['-v']).error !== undefined) skip('pdftotext (poppler-utils) is not installed');
    const done = await report('pdf', lang);
    expect(done).toMatchObject({ gaps: [] });
    const text = execFileSync('pdftotext', ['-layout', done.path, '-'], { encoding: 'utf8' });
    expect(findIdentifiers(text, identifiers())).toEqual([]);
    const said =
      lang === 'en'
        ? ['Evidence report', 'Hash manifest', '(Taipei)']
        : ['證據報告', '雜湊清單', '民國 103 年', '，', '（臺北）'];
    for (const one of [...said, '紅米 1S', '林檢查員']) expect(text).toContain(one);
    // A command on paper can be typed or pasted as it stands: no line of it is broken.
    // The running mark in the margin can share a line of the text with it.
    const lines = text.split('\n').map((line) => line.trim());
    const printed = JSON.parse(readFileSync((await report('json', lang)).path, 'utf8')) as JsonReport;
    const commands = printed.findings.flatMap(({ repeat }) => repeat.flatMap(({ command }) => command.split('\n')));
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.map((line) => line.trim()).filter((line) => !lines.some((one) => one.endsWith(line)))).toEqual([]);
    const about = execFileSync('pdfinfo', [done.path], { encoding: 'utf8' });
    expect(about).toMatch(/Tagged:\s+yes/);
    expect(about).toMatch(/JavaScript:\s+no/);
    const fonts = execFileSync('pdffonts', [done.path], { encoding: 'utf8' });
    expect(fonts).toMatch(/NotoSansTC/);
    expect(fonts).not.toMatch(/Type 3/);
    expect(readFileSync(done.path, 'latin1')).toMatch(/\/Outlines/);
    // Each page says that it is a demonstration, wherever it ends up.
    const pages = Number(/Pages:\s+(\d+)/.exec(about)?.[1]);
    for (let page = 1; page <= pages; page += 1) {
      const alone = execFileSync('pdftotext', ['-f', String(page), '-l', String(page), done.path, '-'], {
        encoding: 'utf8',
      });
      expect(alone.replace(/\s/g, '')).toMatch(/SYNTHETICDEMONSTRATION/i);
    }
    expect(readdirSync(work).filter((name) => name.startsWith('.handsight-report'))).toEqual([]);
  });
});

test('every finding is found again with the commands that stand with it', async ({ skip }) => {
  for (const tool of ['tshark', 'xxd', 'openssl', 'perl']) {
    if (spawnSync('which', [tool]).status !== 0) skip(`${tool} is not installed`);
  }
  const parsed = JSON.parse(readFileSync((await report('json', 'en')).path, 'utf8')) as JsonReport;
  const values = new Map(identifiers().map(({ id, value }) => [id, value]));
  expect(parsed.findings.length).toBeGreaterThanOrEqual(4);
  expect(parsed.findings.map(({ decodings }) => decodings.join())).toContain('chunked,gzip');
  for (const { finding, repeat } of parsed.findings) {
    const id = finding.identifier?.id ?? '';
    const env = { ...process.env, [id]: values.get(id) ?? '' };
    const printed = new Map<string, string>();
    for (const { purpose, command, expect: expected } of repeat) {
      const out = execFileSync('bash', ['-c', command], {
        cwd: directory,
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      printed.set(purpose, out);
      if (expected !== null) expect(out.trim().split('\n').join(', ')).toBe(expected);
    }
    const bytes = printed.get('bytes') ?? printed.get('body');
    const made = printed.get('recipe') ?? printed.get('value');
    if (finding.identifier !== null) expect([finding.number, bytes]).toEqual([finding.number, made?.trim()]);
  }
});

const noElectron: typeof printPdfWithElectron = async () => ({ ok: false, problem: { code: 'no-electron' } });

describe('without the window’s runtime', () => {
  test('a PDF becomes HTML beside it, with the reason', async () => {
    const outPath = join(work, 'no-runtime.pdf');
    const done = await exportReport(directory, { format: 'pdf', lang: 'en', outPath }, noElectron, conductIn('en'));
    expect(done).toMatchObject({
      ok: true,
      value: { path: join(work, 'no-runtime.html'), gaps: [{ code: 'no-electron' }] },
    });
    expect(existsSync(outPath)).toBe(false);
  });

  test('files that have its names already stay as they are', async () => {
    const kept = ['notes.html', 'notes-2.html', 'notes.pdf.new', 'notes.html.new'].map((name) => join(work, name));
    for (const path of kept) writeFileSync(path, 'the examiner’s own');
    const wish = { format: 'pdf', lang: 'en', outPath: join(work, 'notes.pdf') } as const;
    const done = await exportReport(directory, wish, noElectron, conductIn('en'));
    expect(done).toMatchObject({ ok: true, value: { path: join(work, 'notes-3.html') } });
    for (const path of kept) expect(readFileSync(path, 'utf8')).toBe('the examiner’s own');
    expect(readFileSync(join(work, 'notes-3.html'), 'utf8')).toContain('<!doctype html>');
  });
});

describe('a report that would show a listed identifier', () => {
  const leaky = join(work, 'leaky.handsight');
  beforeAll(async () => {
    cpSync(directory, leaky, { recursive: true });
    const file = join(work, 'large.pcap');
    const padding = 'x'.repeat(1_200_000);
    const head = `POST /log HTTP/1.1\r\nHost: www.umeng.com\r\nContent-Length: ${padding.length + imei.length}\r\n\r\n`;
    const conversation = new Conversation({ sourcePort: 40003 }).toServer(head + padding + imei, 1400);
    writeFileSync(file, pcap(conversation.close().packets));
    await importFiles(leaky, [file], { handset: 'H1', label: 'before', run: 'R1' }, conductIn('en'));
    const listed = await listCase(leaky, 'findings', { label: null, run: null }, conductIn('en'));
    const offset = (listed.ok ? listed.value : []).map((one) => one.streamOffset ?? 0).find((one) => one > 1_000_000);
    // A figure of the report itself is what no masking of texts reaches: here the place of a finding.
    const values = [{ kind: 'custom', value: String(offset) }] as const;
    const added = addIdentifiers(leaky, { handset: 'H1', source: 'label', values: [...values] }, conductIn('en'));
    expect(added.ok).toBe(true);
  });

  test.each(['html', 'json', 'pdf'] as const)(
    'is not written as %s, and leaves case and place as they were',
    async (format) => {
      const outPath = join(work, `leaky.${format}`);
      writeFileSync(outPath, 'was here');
      const before = readdirSync(work);
      const entries = (): number => {
        const shown = showCase(leaky);
        return shown.ok ? shown.value.counts.custody : Number.NaN;
      };
      await listCase(leaky, 'findings', { label: null, run: null }, conductIn('en'));
      const known = entries();
      let printed = false;
      const print: typeof printPdfWithElectron = async () => {
        printed = true;
        return { ok: false, problem: { code: 'no-electron' } };
      };
      const wish = { format, lang: 'zh-Hant', outPath, force: true } as const;
      const done = await exportReport(leaky, wish, print, conductIn('zh-Hant'));
      expect(done).toMatchObject({ ok: false, problem: { code: 'report-unmasked' } });
      expect(done.ok ? '' : wordProblem('zh-Hant', done.problem)).toMatch(/報告未寫入.*I4/);
      expect(printed).toBe(false);
      expect(readFileSync(outPath, 'utf8')).toBe('was here');
      expect(readdirSync(work)).toEqual(before);
      expect(entries()).toBe(known);
    },
  );
});

describe('a case that cannot be written', () => {
  test('while another person writes: the report is there, and it is said that custody does not hold it', async () => {
    const outPath = join(work, 'locked.html');
    const other = openCaseForWriting(directory, 'capturing before', { actor: 'Chen', program: 'test' });
    if (!other.ok) throw new Error(other.problem.code);
    try {
      const done = await exportReport(directory, { format: 'html', lang: 'en', outPath }, noElectron, conductIn('en'));
      expect(done).toMatchObject({
        ok: true,
        value: { gaps: [{ code: 'report-not-noted', params: { because: 'locked' } }] },
      });
    } finally {
      other.value.close();
    }
  });

  test.each(langs)(
    'on read-only ground, in %s: exit 4, the reason and the hash to note, nothing about lock files',
    (lang) => {
      const folder = join(work, `read-only ${lang}`);
      cpSync(directory, folder, { recursive: true });
      const out = mkdtempSync(join(work, 'out-'));
      const asRoot = process.getuid?.() === 0;
      // Permissions do not bind root: there the program runs as nobody, who owns the copy.
      if (asRoot) execFileSync('chown', ['-R', '65534:65534', folder, out]);
      chmodSync(work, 0o755);
      execFileSync('chmod', ['-R', 'a-w', folder]);
      const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
      const path = join(out, 'report.html');
      const ended = spawnSync(
        process.execPath,
        [
          '--no-warnings',
          cli,
          'report',
          folder,
          '--edition',
          'full',
          '--format',
          'html',
          '--out',
          path,
          '--lang',
          lang,
        ],
        {
          encoding: 'utf8',
          env: { ...process.env, HOME: out, TMPDIR: out },
          ...(asRoot ? { uid: 65534, gid: 65534 } : {}),
        },
      );
      execFileSync('chmod', ['-R', 'u+w', folder]);
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      expect(ended.stderr).toContain(sha256);
      expect(ended.stderr).toContain(lang === 'en' ? 'the case can only be read' : '案件僅能讀取');
      expect(ended.stderr).not.toContain('writer');
      expect(ended.status).toBe(4);
    },
  );
});
