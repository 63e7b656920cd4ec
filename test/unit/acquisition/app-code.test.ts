import { describe, expect, it } from 'vitest';
import { appCode } from '../../../main/acquisition/collectors/app-code.ts';
import { clock } from '../../../main/acquisition/collectors/clock.ts';
import type { AcquisitionLink } from '../../../main/acquisition/ports.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import { appCodeLimits } from '../../../main/acquisition/run-app-code.ts';
import type { AcquisitionOptions, AcquisitionOutcome } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { parseApk } from '../../../main/parsing/apk/parse-apk.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { deviceLink, fixedDevice } from '../../integration/device-link.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';
import type { Answer, StoredOutput } from './fake-handset.ts';

const line = '/data/app/~~c3ludGhldGlj==/jp.naver.line.android-ZGVtbw==';

interface Run {
  readonly run: AcquisitionOutcome;
  readonly stored: readonly StoredOutput[];
  readonly apks: readonly StoredOutput[];
}

async function acquire(link: AcquisitionLink, more: Partial<AcquisitionOptions> = {}): Promise<Run> {
  const evidence = fakeEvidence();
  const run = await runAcquisition({ link, evidence, knowledge, profile: 'full', only: [appCode], ...more });
  return { run, stored: evidence.stored, apks: evidence.stored.filter(({ meta }) => meta.kind === 'apk') };
}

const pathOf = ({ meta }: StoredOutput): string => (meta.origin.type === 'pull' ? meta.origin.path : '');
const commandsOf = ({ results }: AcquisitionOutcome): readonly string[] =>
  results.flatMap(({ commands }) => commands.map(({ command, outcome, reason }) => `${command}: ${reason ?? outcome}`));

describe('the code of the apps of a simulated handset', () => {
  it('comes in all its parts, of the apps that lie outside the system, byte for byte', async () => {
    const device = fixedDevice('modern-rooted');
    const { run, apks } = await acquire(deviceLink(device));
    expect(run.outcome).toBe('complete');
    expect(apks.map(pathOf)).toEqual(
      ['base', 'split_config.arm64_v8a', 'split_config.zh'].map((name) => `${line}/${name}.apk`),
    );
    for (const apk of apks) {
      expect(apk.outcome).toBe('read');
      expect(apk.meta.origin).toMatchObject({ type: 'pull', package: 'jp.naver.line.android' });
      expect(apk.bytes.equals(device.files.stat(pathOf(apk))?.content() ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it.each([
    ['modern-rooted', ['signer-v2', 'signer-v3']],
    ['founding-after', ['signer-v1']],
  ])('can be read: %s is signed as its release knows it', async (persona, schemes) => {
    const { apks } = await acquire(deviceLink(fixedDevice(persona)));
    expect(apks.length).toBeGreaterThan(0);
    for (const { bytes, meta } of apks) {
      const read = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
      const { records, limits } = parseApk({
        source: { bytes: bytes.length, read },
        sha256: '',
        path: meta.command,
        package: meta.origin.type === 'pull' ? (meta.origin.package ?? null) : null,
      });
      expect(limits).toEqual([]);
      const names = records.flatMap((one) => (one.kind === 'fact' ? (/signer-v\d/.exec(one.name) ?? []) : []));
      expect([...new Set(names)].sort()).toEqual(schemes);
    }
  });
});

describe('the code of the apps of a handset that is not as it should be', () => {
  const list = (paths: Readonly<Record<string, string>>): string =>
    Object.entries(paths)
      .map(([name, path]) => `package:${path}=${name}\n`)
      .join('');
  const handset = (
    paths: Readonly<Record<string, string>>,
    answers: (command: string) => Answer | undefined = () => undefined,
    files: Readonly<Record<string, Buffer>> = { '/data/app/': Buffer.alloc(1000, 1) },
    present = true,
  ): ReturnType<typeof fakeHandset> =>
    fakeHandset(
      (command) => answers(command) ?? (command === 'pm list packages -f' ? { stdout: list(paths) } : undefined),
      { files, present: () => present },
    );

  it('asks for nothing but the code of apps, whatever path is named', async () => {
    const { link, sent } = handset({
      'a.good': '/data/app/a.good-1.apk',
      'b.out': '/data/app/../../sdcard/DCIM/x.apk',
      'c.other': '/sdcard/DCIM/picture.jpg',
      'd.$(reboot)': '/data/app/d/base.apk',
      'e.system': '/system/app/E.apk',
    });
    const { run, apks } = await acquire(link);
    expect(sent).toEqual(['pm list packages -f', 'pull /data/app/a.good-1.apk', 'pull /data/app/d/base.apk']);
    expect(apks.map(({ outcome }) => outcome)).toEqual(['read', 'read']);
    expect(run.gaps.map(({ reason }) => reason)).toEqual(['path-unfit', 'path-unfit']);
  });

  it('stops at what one acquisition takes in: the file is cut, the rest is named, both are gaps', async () => {
    const inner = handset({ 'a.a': '/data/app/a.apk', 'b.b': '/data/app/b.apk', 'c.c': '/data/app/c.apk' });
    const limits = { ...appCodeLimits, totalBytes: 1500, packages: 2 };
    const pulled: (number | undefined)[] = [];
    const link: AcquisitionLink = {
      ...inner.link,
      pull: async (_, onChunk, options) => {
        pulled.push(options?.maxBytes);
        const bytes = Buffer.alloc(Math.min(1000, options?.maxBytes ?? 0));
        await onChunk(bytes);
        const at = '2014-08-07T04:00:00.000000Z';
        const truncatedAtBytes = bytes.length < 1000 ? bytes.length : null;
        return { ok: true, value: { bytes: bytes.length, sha256: '', startedAt: at, endedAt: at, truncatedAtBytes } };
      },
    };
    const { run, apks } = await acquire(link, { appCodeLimits: limits });
    expect(pulled).toEqual([1500, 500]);
    expect(apks.map(({ outcome, fault, bytes }) => [outcome, fault, bytes.length])).toEqual([
      ['read', null, 1000],
      ['interrupted', 'total-limit', 500],
    ]);
    expect(commandsOf(run)).toEqual([
      'pm list packages -f: read',
      'pull /data/app/a.apk: read',
      'pull /data/app/b.apk: total-limit',
      'pull ….apk (1): total-limit',
    ]);
    expect(run.outcome).toBe('complete-with-gaps');
    expect(run.gaps).toHaveLength(2);
  });

  it('stops asking at the limits of answers and of files: one gap for each, with how many', async () => {
    const apps = Object.fromEntries(['a.a', 'b.b', 'c.c', 'd.d'].map((name) => [name, `/data/app/${name}/base.apk`]));
    const parts = (command: string): Answer | undefined => {
      const name = command.startsWith('pm path ') ? command.slice('pm path '.length) : null;
      if (name === null) return undefined;
      const paths = ['base', 'x', 'y'].map((part) => `package:/data/app/${name}/${part}.apk\n`);
      return { stdout: paths.join('') };
    };
    const { link, sent } = handset(apps, parts);
    const { run } = await acquire(link, { appCodeLimits: { ...appCodeLimits, answerBytes: 100 } });
    expect(sent.filter((one) => one.startsWith('pm path'))).toEqual(['pm path a.a', 'pm path b.b']);
    expect(sent.filter((one) => one.startsWith('pull'))).toHaveLength(8);
    expect(run.gaps.map(({ command, reason }) => [command, reason])).toEqual([['pm path … (2)', 'total-limit']]);

    const few = handset(apps, parts);
    const second = await acquire(few.link, { appCodeLimits: { ...appCodeLimits, files: 4, packages: 3 } });
    expect(few.sent.filter((one) => one.startsWith('pm path'))).toEqual(['pm path a.a', 'pm path b.b']);
    expect(second.apks).toHaveLength(4);
    // Two of the second app, the third and the fourth.
    expect(second.run.gaps.map(({ command, reason }) => [command, reason])).toEqual([
      ['pull ….apk (4)', 'total-limit'],
    ]);
  });

  it('says which files were refused and goes on; where the parts are not told, the file of the list is read', async () => {
    const { link } = handset({ 'a.a': '/data/app/a/base.apk', 'b.b': '/data/gone/b/base.apk' }, (command) =>
      command === 'pm path b.b' ? { stdout: 'package:/data/app/b/base.apk\r\n' } : undefined,
    );
    const { run, apks, stored } = await acquire(link);
    expect(commandsOf(run)).toEqual([
      'pm list packages -f: read',
      'app-paths: parts-not-told',
      'pull /data/app/a/base.apk: read',
      'pull /data/gone/b/base.apk: no-such-file',
      'pull /data/app/b/base.apk: read',
    ]);
    expect(run.gaps.map(({ command }) => command)).toEqual(['app-paths', 'pull /data/gone/b/base.apk']);
    expect(apks.map(({ outcome }) => outcome)).toEqual(['read', 'refused', 'read']);
    const answers = JSON.parse(stored.find(({ meta }) => meta.command === 'app-paths')?.bytes.toString() ?? '') as {
      commands: { command: string; stdout: string }[];
    };
    expect(answers.commands.map(({ command }) => command)).toEqual(['pm path a.a', 'pm path b.b']);
  });

  it('ends at the first file when the handset is gone, and keeps what came of it', async () => {
    const gone = handset({ 'a.a': '/data/app/a.apk', 'b.b': '/data/app/b.apk' }, undefined, {}, false);
    const first = await acquire(gone.link);
    expect(first.run.endedBy).toBe('OFFLINE');
    expect(commandsOf(first.run)).toEqual(['pm list packages -f: read', 'pull /data/app/a.apk: OFFLINE']);

    const cut = handset({ 'a.a': '/data/app/a.apk', 'b.b': '/data/app/b.apk' });
    const abort = new AbortController();
    const link: AcquisitionLink = {
      ...cut.link,
      pull: async (_, onChunk) => {
        await onChunk(Buffer.alloc(700));
        abort.abort();
        return { ...fail('ABORTED'), partial: null };
      },
      look: () => Promise.resolve(ok({ ...device })),
    };
    const second = await acquire(link, { signal: abort.signal, only: [appCode, clock] });
    expect(second.run).toMatchObject({ outcome: 'interrupted', endedBy: 'ABORTED' });
    expect(second.apks.map(({ outcome, bytes }) => [outcome, bytes.length])).toEqual([['interrupted', 700]]);
  });
});

const device = {
  serial: 'fake',
  state: 'device',
  rawState: 'device',
  transport: 'tcp',
  model: null,
  product: null,
  transportId: '1',
  advice: 'advice.device',
} as const;
