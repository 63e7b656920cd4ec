import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../shared/model/problem.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { exportReport } from '../../main/workflow/export-report.ts';
import type { Exported, ReportWish } from '../../main/workflow/export-report.ts';
import { importFiles } from '../../main/workflow/import-file.ts';
import { addHandset, newCase } from '../../main/workflow/open-case.ts';
import { wordProblem } from '../../main/workflow/word-problem.ts';
import { Conversation } from '../unit/dissection/conversation.ts';
import { pcap } from '../unit/dissection/packet-builder.ts';

const work = mkdtempSync(join(tmpdir(), 'handsight target «地» '));
const directory = join(work, 'b.handsight');
const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};

let prints = 0;

/** A printer that needs no window. */
const printed = async (_html: string, pdf: string): Promise<Result<null>> => {
  prints += 1;
  writeFileSync(pdf, `%PDF-1.4\n${prints}\n%%EOF\n`);
  return { ok: true, value: null };
};

const write = (outPath: string, more: Partial<ReportWish> = {}, print = printed): Promise<Result<Exported>> =>
  exportReport(directory, { format: 'html', lang: 'en', outPath, ...more }, print, conduct);

const codeOf = (done: Result<Exported>): string => (done.ok ? 'written' : done.problem.code);

function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

/** Every file of the case with its bytes. */
function evidence(): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(directory, name)).isFile(),
  );
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(directory, name), 'base64')]));
}

beforeAll(async () => {
  good(newCase(directory, { number: 'T-9', title: 'Targets', examiner: 'Lin', synthetic: true }, conduct));
  good(addHandset(directory, { label: 'Redmi 1S', serial: null, role: 'exhibit' }, conduct));
  const file = join(work, 'good.pcap');
  const packets = new Conversation({ sourcePort: 40001 }).toServer('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
  writeFileSync(file, pcap(packets.close().packets));
  good(await importFiles(directory, [file], { handset: 'H1', label: 'before', run: 'R1' }, conduct));
  good(await write(join(work, 'first.html')));
  mkdirSync(join(directory, 'reports'), { recursive: true });
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const exhibitPath = (): string => {
  const name = Object.keys(evidence()).find((one) => /^exhibits.[0-9a-f]{2}.[0-9a-f]{64}$/.test(one));
  return join(directory, name ?? 'no exhibit');
};

describe('a report cannot be written over evidence', () => {
  test.each([
    ['the case itself', () => join(directory, 'case.sqlite')],
    ['an exhibit', exhibitPath],
    ['a new file among the exhibits', () => join(dirname(exhibitPath()), 'report.html')],
    ['a new file in the case', () => join(directory, 'report.html')],
    ['the pointer to the index', () => join(directory, 'index.json')],
    [
      'an exhibit through a link',
      () => {
        const link = join(work, 'innocent.html');
        if (!existsSync(link)) symlinkSync(exhibitPath(), link);
        return link;
      },
    ],
    [
      'the case through a link to its folder',
      () => {
        const link = join(work, 'folder');
        if (!existsSync(link)) symlinkSync(directory, link);
        return join(link, 'case.sqlite');
      },
    ],
  ])('%s, with and without force, in every format', async (_what, target) => {
    const path = target();
    const before = evidence();
    for (const force of [false, true])
      for (const format of ['html', 'json', 'pdf'] as const)
        expect(codeOf(await write(path, { force, format }))).toBe('report-in-case');
    expect(evidence()).toEqual(before);
  });

  test('what cannot be printed leaves no page where it may not be', async () => {
    const before = evidence();
    const none = async (): Promise<Result<null>> => ({ ok: false, problem: { code: 'no-electron' } });
    expect(codeOf(await write(join(directory, 'a.pdf'), { format: 'pdf', force: true }, none))).toBe('report-in-case');
    expect(evidence()).toEqual(before);
  });

  test('a new file in reports/ is written, and never replaced', async () => {
    const path = join(directory, 'reports', 'new.html');
    expect(good(await write(path)).path).toBe(path);
    const first = readFileSync(path, 'utf8');
    for (const force of [false, true]) expect(codeOf(await write(path, { force }))).toBe('report-in-case');
    expect(readFileSync(path, 'utf8')).toBe(first);
  });

  test('reports/ that leads among the exhibits is not reports/', async () => {
    rmSync(join(directory, 'reports'), { recursive: true });
    symlinkSync(dirname(exhibitPath()), join(directory, 'reports'));
    expect(codeOf(await write(join(directory, 'reports', 'new.html')))).toBe('report-in-case');
    rmSync(join(directory, 'reports'));
    mkdirSync(join(directory, 'reports'));
  });

  test.each(['en', 'zh-Hant'] as const)('the refusal names the place and what may be done, in %s', async (lang) => {
    const path = join(directory, 'index.json');
    const done = await write(path);
    const said = done.ok ? '' : wordProblem(lang, done.problem);
    expect(said).toContain(path);
    expect(said).toContain('reports');
  });
});

describe('outside every case', () => {
  test('a file that is no report of ours stays, without force', async () => {
    const path = join(work, 'somebody.pcap');
    writeFileSync(path, 'an original capture');
    expect(codeOf(await write(path))).toBe('report-place-taken');
    expect(codeOf(await write(path, { format: 'pdf' }))).toBe('report-place-taken');
    expect(readFileSync(path, 'utf8')).toBe('an original capture');
    expect(good(await write(path, { force: true })).path).toBe(path);
    expect(readFileSync(path, 'utf8')).toContain('<!doctype html>');
  });

  test.each(['html', 'json', 'pdf'] as const)('our own report in %s is replaced', async (format) => {
    const path = join(work, `again.${format}`);
    good(await write(path, { format, lang: 'zh-Hant' }));
    const first = readFileSync(path);
    good(await write(path, { format }));
    expect(readFileSync(path).equals(first)).toBe(false);
  });

  test('pages, objects and documents of others are no reports of ours', async () => {
    const own = join(work, 'own.json');
    good(await write(own, { format: 'json' }));
    const inner = JSON.stringify({ a: readFileSync(own, 'utf8') }, null, 1);
    const others = {
      'page.html': '<!doctype html>\n<html><head><title>handsight-report</title></head></html>',
      'object.json': inner,
      'document.pdf': '%PDF-1.4\n%handsight-report\n%%EOF\n',
      'empty.html': '',
    };
    for (const [name, text] of Object.entries(others)) {
      writeFileSync(join(work, name), text);
      expect([name, codeOf(await write(join(work, name)))]).toEqual([name, 'report-place-taken']);
    }
  });

  test('a large report is known by a mark that lies far inside', async () => {
    const path = join(work, 'large.json');
    const far = `{\n "acquisitions": ["${'x'.repeat(3_145_715)}"],\n "format": "handsight-report",\n "formatVersion": 1\n}\n`;
    writeFileSync(path, far);
    expect(good(await write(path, { format: 'json' })).path).toBe(path);
  });

  test('a second name of an exhibit is replaced as a name; the exhibit stays', async () => {
    const before = evidence();
    const path = join(work, 'second-name.pcap');
    linkSync(exhibitPath(), path);
    expect(codeOf(await write(path))).toBe('report-place-taken');
    good(await write(path, { force: true }));
    const after = evidence();
    for (const name of Object.keys(before).filter((one) => one.startsWith('exhibits')))
      expect(after[name]).toBe(before[name]);
  });

  test('a link to our own report is followed; one that leads nowhere is refused', async () => {
    const link = join(work, 'latest.html');
    symlinkSync(join(work, 'first.html'), link);
    expect(good(await write(link, { lang: 'zh-Hant' })).path).toBe(link);
    expect(readFileSync(join(work, 'first.html'), 'utf8')).toContain('lang="zh-Hant"');
    const nowhere = join(work, 'nowhere.html');
    symlinkSync(join(work, 'absent'), nowhere);
    expect(codeOf(await write(nowhere, { force: true }))).toBe('path-unwritable');
  });

  test('a file that appears while the report is printed stays', async () => {
    const path = join(work, 'meanwhile.pdf');
    const slow = async (html: string, pdf: string): Promise<Result<null>> => {
      writeFileSync(path, 'meanwhile');
      return printed(html, pdf);
    };
    expect(codeOf(await write(path, { format: 'pdf' }, slow))).toBe('report-place-taken');
    expect(readFileSync(path, 'utf8')).toBe('meanwhile');
  });
});
