import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { bigCapture, imei, inParallel, jsonLines, openCliBench, tellingCapture } from './cli-bench.ts';
import type { CliBench } from './cli-bench.ts';
import { EXCHANGES, IMEI, packetsOf } from '../unit/dissection/keylog/tls-exchanges.ts';
import { pcap } from '../unit/dissection/packet-builder.ts';

let bench: CliBench;
const telling = tellingCapture();
beforeAll(() => {
  bench = openCliBench();
});
afterAll(() => bench.close());

async function exhibits(directory: string): Promise<Exhibit[]> {
  return jsonLines((await bench.must(['exhibits', directory, '--json'])).stdout) as unknown as Exhibit[];
}

async function findings(directory: string): Promise<Finding[]> {
  return jsonLines((await bench.must(['findings', directory, '--json'])).stdout) as unknown as Finding[];
}

describe('a capture with faults: exit 4, in custody whole, what stands before the fault is read', () => {
  const cases: readonly { readonly name: string; readonly bytes: () => Buffer; readonly packets: number }[] = [
    {
      name: 'cut in its last record.pcap',
      bytes: () => telling.bytes.subarray(0, telling.bytes.length - 20),
      packets: telling.packets - 1,
    },
    { name: 'only a header.pcap', bytes: () => telling.bytes.subarray(0, 20), packets: 0 },
    {
      name: 'not at all.pcap',
      bytes: () => Buffer.from('this was never a capture, whatever its name says'),
      packets: 0,
    },
    {
      name: 'gzip cut.pcap.gz',
      bytes: () => {
        const whole = gzipSync(bigCapture(1_000_000));
        return whole.subarray(0, whole.length - 200);
      },
      packets: -1,
    },
  ];

  test('truncated, damaged, no capture in spite of its name', { timeout: 180_000 }, async () => {
    await inParallel(cases, async ({ name, bytes, packets }) => {
      const directory = await bench.newCase(`${name}.handsight`);
      const file = bench.path(name);
      writeFileSync(file, bytes());
      for (const lang of ['en', 'zh-Hant']) {
        const end = await bench.run(['import', directory, file, '--label', lang, '--lang', lang, '--json']);
        expect(end.code, `${name}: ${end.stderr}`).toBe(4);
        const said = end.stderr.split('\n').filter((line) => line.includes('E00'));
        expect(said, name).toHaveLength(1);
        if (lang === 'zh-Hant') expect(said[0]).toMatch(/[\u4e00-\u9fff]/);
      }
      const [stored] = await exhibits(directory);
      expect(stored, name).toMatchObject({ bytes: bytes().length, originalName: name });
      expect(stored?.fault, name).not.toBeNull();
      if (packets >= 0) expect(stored?.packets, name).toBe(packets);
      else expect(stored?.packets ?? 0, name).toBeGreaterThan(1000);
      const analysed = await bench.run(['analyse', directory]);
      expect(analysed.code, `${name}: ${analysed.stderr}`).toBe(4);
      await bench.must(['verify', directory]);
    });
  });

  test('the finding before the fault is found', async () => {
    const directory = await bench.newCase('before-the-fault.handsight');
    const file = bench.path('cut.pcap');
    writeFileSync(file, telling.bytes.subarray(0, telling.bytes.length - 20));
    await bench.must([
      'identifier',
      'add',
      directory,
      '--handset',
      'H1',
      '--kind',
      'imei',
      '--value',
      imei,
      '--source',
      's',
    ]);
    expect((await bench.run(['import', directory, file, '--handset', 'H1', '--label', 'l'])).code).toBe(4);
    await bench.run(['analyse', directory]);
    expect((await findings(directory)).map((one) => one.identifier?.kind)).toEqual(['imei']);
  });
});

describe('places', () => {
  const long = `${'很長的路徑'.repeat(12)}${'x'.repeat(15)}`;
  const names = [`it's "100%" a\\b case.handsight`, '紅米 1S 案.handsight', `${long}.handsight`];

  test('space, quotes, CJK, 200 characters in the paths of case and capture', { timeout: 180_000 }, async () => {
    expect(Buffer.byteLength(`${long}.handsight`)).toBeGreaterThan(200);
    await inParallel(names, async (name) => {
      const directory = await bench.newCase(name);
      const file = bench.path(`capture ${name.slice(0, 60)}.pcap`);
      writeFileSync(file, telling.bytes);
      await bench.must(['import', directory, file, '--handset', 'H1', '--label', '升級前']);
      await bench.must([
        'identifier',
        'add',
        directory,
        '--handset',
        'H1',
        '--kind',
        'imei',
        '--value',
        imei,
        '--source',
        '盒',
      ]);
      await bench.must(['analyse', directory]);
      expect(await findings(directory), name).toHaveLength(1);
      await bench.must(['report', directory, '--edition', 'full', '--format', 'html', '--out', `${directory}.html`]);
      await bench.must(['verify', directory]);
    });
  });

  test('relative paths count from where the person stands, also under npm', async () => {
    const stand = bench.path('where I stand');
    mkdirSync(stand);
    writeFileSync(join(stand, 'here.pcap'), telling.bytes);
    const made = ['case', 'new', 'relative.handsight', '--number', '1', '--title', 't', '--examiner', 'e'];
    await bench.must(made, { cwd: stand });
    expect(existsSync(join(stand, 'relative.handsight', 'case.sqlite'))).toBe(true);
    // npm runs a script in the project's folder and tells in INIT_CWD where the person stands.
    const env = { INIT_CWD: stand };
    const elsewhere = bench.path('project');
    mkdirSync(elsewhere);
    await bench.must(['import', 'relative.handsight', './here.pcap'], { cwd: elsewhere, env });
    const [first] = jsonLines(
      (await bench.must(['exhibits', '../where I stand/relative.handsight', '--json'], { cwd: elsewhere, env })).stdout,
    );
    expect(first).toMatchObject({ originalName: 'here.pcap' });
    await bench.must(['exhibits', relative(elsewhere, join(stand, 'relative.handsight'))], { cwd: elsewhere });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe('hostile names and words', () => {
  const nasty = 'a\u001b[2J\u001b]0;owned\u0007\nE999  read\u202Egpj.pcap';

  test('of a file are stored as they are and shown escaped', async () => {
    const directory = await bench.newCase('hostile.handsight');
    writeFileSync(bench.path(nasty), telling.bytes);
    const end = await bench.must(['import', directory, bench.path(nasty)]);
    const listed = await bench.must(['exhibits', directory]);
    for (const said of [end.stdout, end.stderr, listed.stdout]) {
      expect(said).not.toMatch(/[\u001b\u0007\u202e]/);
      expect(said).not.toMatch(/^E999/m);
    }
    expect(listed.stdout).toContain('\\u001b[2J');
    expect((await exhibits(directory)).map((one) => one.originalName)).toEqual([nasty]);
    const html = bench.path('hostile.html');
    await bench.must(['report', directory, '--edition', 'full', '--format', 'html', '--out', html]);
    expect(readFileSync(html, 'utf8')).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  test('in labels, titles and texts: HTML is only text, controls are refused, huge values are refused', async () => {
    const directory = bench.path('words.handsight');
    const title = '<script>alert(1)</script> & "quoted" =cmd|\' /C calc\'!A0';
    await bench.must(['case', 'new', directory, '--number', '=1+1', '--title', title, '--examiner', '<b>Lin</b>']);
    const shown = await bench.must(['case', 'show', directory, '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ title, number: '=1+1', examiner: '<b>Lin</b>' });
    const html = bench.path('words.html');
    await bench.must(['report', directory, '--edition', 'full', '--format', 'html', '--out', html]);
    expect(readFileSync(html, 'utf8')).not.toMatch(/<script>alert|<b>Lin/);
    const note = (text: string, run = 'R1'): string[] => [
      'event',
      'add',
      directory,
      '--run',
      run,
      '--kind',
      'note',
      '--at',
      '2014-08-07T10:00:00Z',
      '--text',
      text,
    ];
    await bench.must(note('two lines\nand <i>markup</i>; 中文'));
    await inParallel(
      [
        note('\u001b[31mred'),
        note('x'.repeat(30_000)),
        note('fine', 'R\u202E1'),
        note('fine', 'R'.repeat(300)),
        ['handset', 'add', directory, '--label', 'a\nb'],
      ],
      async (args) => {
        const end = await bench.run(args);
        expect(end, args.join(' ').slice(0, 200)).toMatchObject({ code: 1, stdout: '' });
        expect(end.stderr.length).toBeLessThan(400);
        expect(end.stderr).not.toMatch(/[\u001b\u202e]/);
      },
    );
    await bench.must(['verify', directory]);
  });
});

describe('a full disk', () => {
  test('is said, what was acknowledged stays, the case still opens, verifies and takes more', async ({ skip }) => {
    const mount = bench.path('small disk');
    mkdirSync(mount);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mount]);
    if (mounted.status !== 0) skip('no right to mount a small disk here');
    try {
      const directory = join(mount, 'full.handsight');
      await bench.must(['case', 'new', directory, '--number', '1', '--title', 't', '--examiner', 'e']);
      const small = bench.path('small.pcap');
      const big = bench.path('too-big.pcap');
      writeFileSync(small, telling.bytes);
      writeFileSync(big, bigCapture(8 * 1024 * 1024));
      await bench.must(['import', directory, small]);
      for (const lang of ['en', 'zh-Hant']) {
        const end = await bench.run(['import', directory, big, '--lang', lang]);
        expect(end.code, end.stderr).toBe(1);
        expect(end.stderr).toMatch(lang === 'en' ? /disk is full/ : /磁碟已滿/);
      }
      expect(readdirSync(join(directory, 'exhibits', '.incoming'))).toEqual([]);
      // Nothing left for the index: said, and the case is as good as before.
      const filler = join(mount, 'filler');
      writeFull(filler);
      const analysed = await bench.run(['analyse', directory]);
      expect(analysed.code, analysed.stderr).toBe(1);
      expect(analysed.stderr).toMatch(/disk is full/);
      const added = await bench.run(['handset', 'add', directory, '--label', 'x']);
      expect([0, 1], added.stderr).toContain(added.code);
      if (added.code === 1) expect(added.stderr).toMatch(/disk is full/);
      await bench.must(['verify', directory]);
      rmSync(filler);
      await bench.must(['import', directory, small, '--label', 'again']);
      await bench.must(['analyse', directory]);
      await bench.must(['verify', directory]);
      expect((await exhibits(directory)).map((one) => one.originalName)).toEqual(['small.pcap', 'small.pcap']);
    } finally {
      spawnSync('umount', [mount]);
    }
  });

  /** Takes all the room there is. */
  function writeFull(file: string): void {
    for (let bytes = 4 * 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      try {
        writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
      } catch {
        // The disk is full at this size: a smaller one may still fit.
      }
    }
  }
});

describe('the same file twice', () => {
  test('is two exhibits with one content; a gzip around it is kept as it came and read through', async () => {
    const directory = await bench.newCase('twice.handsight');
    const file = bench.path('once.pcap');
    writeFileSync(file, telling.bytes);
    copyFileSync(file, bench.path('twin.pcap'));
    const packed = bench.path('packed.pcap.gz');
    writeFileSync(packed, gzipSync(telling.bytes));
    await bench.must(['import', directory, file, bench.path('twin.pcap'), packed]);
    const [one, two, three] = await exhibits(directory);
    expect(one?.sha256).toBe(two?.sha256);
    expect(three).toMatchObject({ packets: telling.packets, fault: null });
    expect(three?.bytes).toBe(readFileSync(packed).length);
    expect(
      (await exhibits(directory)).every((each) => each.handset === 'unassigned' && each.label === 'unassigned'),
    ).toBe(true);
    await bench.must(['verify', directory]);
  });
});

describe('a key log', () => {
  test('goes in with its capture or later, and its content is told as known by it', { timeout: 120_000 }, async () => {
    const [one] = EXCHANGES;
    if (one === undefined) throw new Error('no exchange');
    const directory = await bench.newCase('keys.handsight');
    const value = ['--kind', 'imei', '--value', IMEI, '--source', 'label'];
    await bench.must(['identifier', 'add', directory, '--handset', 'H1', ...value]);
    const capture = bench.path('tls.pcap');
    const keys = bench.path('tls.keys');
    writeFileSync(capture, pcap(packetsOf(one)));
    writeFileSync(keys, one.keyLog);
    const of = ['--handset', 'H1', '--label', 'before'];
    await bench.must(['import', directory, capture, ...of]);
    expect(await findings(directory)).toEqual([]);
    const later = await bench.must(['import', directory, '--keylog', keys, ...of, '--json']);
    expect(jsonLines(later.stdout)).toMatchObject([{ id: 'E002', kind: 'key-log', packets: null, fault: null }]);
    expect(await findings(directory)).toMatchObject([{ contentKnownBy: 'keylog', channel: 'tls', label: 'before' }]);
    await bench.must(['verify', directory]);
    for (const args of [[directory], [directory, capture, '--for', 'E001']]) {
      expect(await bench.run(['import', ...args])).toMatchObject({ code: 2 });
    }
    expect(await bench.run(['import', directory, '--keylog', capture])).toMatchObject({ code: 1 });
  });
});

test(
  'packets of an imported capture have no instant by the workstation: null in each row, and said once to people',
  { timeout: 60_000 },
  async () => {
    const directory = await bench.newCase('no second clock.handsight');
    const file = bench.path('no second clock.pcap');
    writeFileSync(file, telling.bytes);
    await bench.must(['import', directory, file, '--label', 'before']);
    for (const list of ['flows', 'messages']) {
      const rows = jsonLines((await bench.must([list, directory, '--json'])).stdout);
      expect(rows.length).toBeGreaterThan(0);
      const field = list === 'flows' ? 'firstPacketAtWorkstation' : 'atWorkstation';
      expect(new Set(rows.map((row) => row[field]))).toEqual(new Set([null]));
      const people = await bench.must([list, directory, '--lang', 'zh-Hant']);
      expect(people.stderr.match(new RegExp(`${rows.length} 列沒有工作站時間：.*（E001）`, 'g'))).toHaveLength(1);
      expect(people.stdout).not.toContain('工作站時間');
    }
  },
);
