import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstFailure, verifyCase } from '../../main/evidence/verify.ts';
import type { Handsets } from '../../main/workflow/handset-session.ts';
import { openHandsets } from '../../main/workflow/handset-session.ts';
import { readCase, writeCaseWhile } from '../../main/workflow/case-session.ts';
import { RecordedChanges } from '../../main/workflow/recorded-changes.ts';
import { listChanges, undoChanges } from '../../main/workflow/undo-changes.ts';
import { isOutstanding } from '../../shared/model/handset-change.ts';
import { recognisedNote } from '../../shared/model/handset-identity.ts';
import { ok } from '../../shared/model/problem.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';
import { newCase } from '../unit/evidence/case-fixture.ts';
import { openBench, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const script = path.join(import.meta.dirname, 'changing-child.ts');
const conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
} as const;

let bench: Bench;
let handsets: Handsets;
let server = '';
beforeAll(async () => {
  bench = await openBench();
  server = `127.0.0.1:${bench.server.endpoint()?.port}`;
  process.env['HANDSIGHT_ADB_SERVER'] = server;
  handsets = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en' }));
  delete process.env['HANDSIGHT_ADB_SERVER'];
});
afterAll(async () => {
  await handsets.stop();
  await bench.close();
});

/** Everything that a change of ours could touch, as the handset has it inside. */
function insideOf({ device, rules }: SimulatedHandset): unknown {
  const { system, secure, global } = device.settings;
  const settings = [system, secure, global].map((table) =>
    [...table].map(([name, value]) => `${name}=${value}`).toSorted(),
  );
  const temporary = device.files.list('/data/local/tmp') ?? [];
  return { settings, temporary: temporary.toSorted(), rules: String(rules.answer('list-forward')) };
}

/** Before Android 5 adb has no reverse rules; from 7 on a screenshot changes nothing: each of the three is outstanding in one. */
const scenes = {
  'an old release: a proxy of the person’s own, a screenshot through a file': {
    persona: 'founding-before',
    words: ['standard', '10.9.8.7:3128'],
    proxy: '10.9.8.7:3128',
    hasFile: true,
    short: ['change.before-row#2', 'change.after-row#2', 'change.made#2', 'change.undone#1', 'change.undone#2'],
  },
  'a new release: no proxy before, a reverse rule under it': {
    persona: 'modern-rooted',
    words: ['quick', 'none', 'rule'],
    proxy: null,
    hasFile: false,
    short: ['change.after-row#1', 'change.made#1', 'change.after-row#2', 'change.made#2', 'change.undone#1'],
  },
} as const;

async function newHandset({ persona, proxy }: (typeof scenes)[keyof typeof scenes]): Promise<SimulatedHandset> {
  const handset = await bench.plug(persona, persona === 'founding-before' ? { run: 'R1' } : {});
  if (proxy !== null) handset.device.settings.global.set('http_proxy', proxy);
  else handset.device.settings.global.delete('http_proxy');
  (await bench.link(handset)).close();
  return handset;
}

function newDirectory(name: string): string {
  const directory = path.join(bench.folder, `${name}.handsight`);
  const writer = newCase(directory);
  valueOf(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
  writer.close();
  return directory;
}

interface Life {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly hooks: readonly string[];
  readonly said: string;
}

async function live(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Life> {
  const child = spawn(process.execPath, [script, ...words], {
    env: { ...process.env, HANDSIGHT_ADB_SERVER: server, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code, signal] = await new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (...end) => resolve(end));
  });
  const line = /^hooks (.*)$/m.exec(out)?.[1];
  return { code, signal, said, hooks: line === undefined ? [] : (JSON.parse(line) as string[]) };
}

/**
 * A sample, said to be one in docs/decisions/0012: `name#n` while a change is on the handset or about to be. Points of changes at
 * every passing, and every point at every passing while a screenshot's file is there as well; of every other named point the first,
 * the middle and the last passing, since those between do the same to other exhibits.
 */
function pointsOf(hooks: readonly string[], hasFile: boolean): readonly string[] {
  const counts = new Map<string, number>();
  const all = hooks.map((name) => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return `${name}#${counts.get(name)}`;
  });
  const within = all.slice(
    all.indexOf('change.before-row#1'),
    all.lastIndexOf(`change.undone#${counts.get('change.undone')}`) + 1,
  );
  const file = [within.indexOf('change.made#2'), within.indexOf('change.undone#1')] as const;
  const passings = new Map<string, string[]>();
  for (const point of within) {
    const name = point.slice(0, point.indexOf('#'));
    passings.set(name, [...(passings.get(name) ?? []), point]);
  }
  const chosen = new Set([...passings.values()].flatMap((list) => [list[0], list[list.length >> 1], list.at(-1)]));
  return within.filter(
    (point, at) => point.startsWith('change.') || chosen.has(point) || (hasFile && at > file[0] && at < file[1]),
  );
}

/**
 * Where a run is slow the clock is measured once a minute more, so that the last passing of a point in one run may not come in another.
 * That other run then ended whole, which is looked at too, and it is killed at the passing before, three back at most.
 */
async function killedAt(
  point: string,
  wordsFor: (directory: string) => readonly string[],
  onWhole: () => void,
): Promise<{ readonly directory: string; readonly life: Life }> {
  const [name = '', last = '1'] = point.split('#');
  const least = Math.max(1, Number(last) - 3);
  for (let passing = Number(last); ; passing -= 1) {
    const directory = newDirectory('case');
    const life = await live(wordsFor(directory), { HANDSIGHT_KILL_AT: `${name}#${passing}` });
    if (life.signal !== null || life.code !== 0 || passing === least) return { directory, life };
    onWhole();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

async function expectAsBefore(
  directory: string,
  handset: SimulatedHandset,
  before: unknown,
  point: string,
): Promise<void> {
  const done = valueOf(await undoChanges(directory, null, handsets, conduct));
  expect(done.filter(isOutstanding), point).toEqual([]);
  expect(insideOf(handset), point).toEqual(before);
  expect(valueOf(listChanges(directory)).filter(isOutstanding), point).toEqual([]);
  expect(firstFailure(valueOf(await verifyCase(directory))), point).toBeNull();
}

describe('a process that dies with changes on the handset', () => {
  test.each(Object.entries(scenes))(
    '%s: killed at every point, the next start puts everything back',
    { timeout: 7_200_000 },
    async (_name, scene) => {
      const handset = await newHandset(scene);
      const before = insideOf(handset);
      const wordsFor = (directory: string): readonly string[] => [directory, handset.address, ...scene.words];
      const dry = newDirectory('dry');
      const whole = await live(wordsFor(dry), { HANDSIGHT_COUNT_HOOKS: '1' });
      expect(whole, whole.said).toMatchObject({ code: 0, said: '' });
      expect(insideOf(handset)).toEqual(before);
      expect(valueOf(listChanges(dry)).map(({ ends }) => ends.map(({ outcome }) => outcome))).toEqual(
        Array(2).fill(['undone']),
      );
      fs.rmSync(dry, { recursive: true, force: true });
      const points = pointsOf(whole.hooks, scene.hasFile);
      expect(points).toEqual(expect.arrayContaining([...scene.short]));
      // Of what passes while a change stands no name is left out, and no point of a change.
      const ofChanges = (names: readonly string[]): number => names.filter((name) => name.startsWith('change.')).length;
      expect(ofChanges(points)).toBe(ofChanges(whole.hooks));
      const passed = whole.hooks.slice(
        whole.hooks.indexOf('change.before-row'),
        whole.hooks.lastIndexOf('change.undone') + 1,
      );
      expect(new Set(points.map((point) => point.replace(/#.*/, '')))).toEqual(new Set(passed));
      let changed = 0;
      for (const point of full ? points : scene.short) {
        const { directory, life } = await killedAt(point, wordsFor, () => {
          expect(insideOf(handset), `${point} was not passed`).toEqual(before);
        });
        expect(life.signal, `${point} ${life.said}`).toBe('SIGKILL');
        if (JSON.stringify(insideOf(handset)) !== JSON.stringify(before)) changed += 1;
        await expectAsBefore(directory, handset, before, point);
        fs.rmSync(directory, { recursive: true, force: true });
      }
      // A death before anything was made leaves nothing; if that were all of them, this would show nothing.
      expect(changed).toBeGreaterThanOrEqual(scene.short.length - 1);
    },
  );
});

describe('a handset that comes back under another adb serial', () => {
  const file = '/data/local/tmp/handsight-0123456789ab.png';
  const undo = [{ type: 'remove-file', path: file }] as const;
  const change = { command: `screencap -p ${file}`, reason: 'screenshot', undo, why: null } as const;

  /** As a program leaves it that dies with the change on the handset; what custody says afterwards is in the answer. */
  async function leftBehind(name: string, handset: SimulatedHandset, serial = handset.address): Promise<string> {
    const directory = newDirectory(name);
    const link = await bench.link(handset);
    valueOf(
      await writeCaseWhile(directory, 'changing', conduct, async (writer) => {
        const changes = new RecordedChanges(writer, { act: 'A1', handset: 'H1', serial }, conduct);
        await changes.identify(link);
        changes.record({ ...change, state: 'begun' });
        changes.close();
        return Promise.resolve(ok(null));
      }),
    );
    link.close();
    handset.device.files.put(file, Buffer.from('png'));
    return directory;
  }
  const hasFile = ({ device }: SimulatedHandset): boolean =>
    (device.files.list('/data/local/tmp') ?? []).some((one) => file.endsWith(one));
  const endsOf = (directory: string): unknown =>
    valueOf(listChanges(directory)).map(({ ends }) => ends.map(({ outcome, why }) => [outcome, why]));
  const notesOf = (directory: string): readonly (string | null)[] =>
    valueOf(readCase(directory, (reader) => ok(reader.custody())))
      .filter(({ action }) => action === 'handset-recognised')
      .map(({ note }) => note);
  const said: string[] = [];
  const telling = { ...conduct, actor: 'Wu Mei-ling', notice: (text: string) => void said.push(text) };

  test('is recognised by serial number, android_id and build, and put right; its twin is left alone', async () => {
    const twin = await bench.plug('founding-before', { values: { serial: 'cafe0001', androidId: '1111222233334444' } });
    const handset = await bench.plug('founding-before');
    const directory = await leftBehind('moved', handset, 'usb-serial');
    twin.device.files.put(file, Buffer.from('the twin’s own'));
    // Only the twin is there: nothing is taken back.
    valueOf(await undoChanges(directory, twin.address, handsets, telling));
    expect([endsOf(directory), hasFile(twin), notesOf(directory)]).toEqual([[[]], true, []]);
    const done = valueOf(await undoChanges(directory, handset.address, handsets, telling));
    expect(done.filter(isOutstanding)).toEqual([]);
    expect([endsOf(directory), hasFile(handset), hasFile(twin)]).toEqual([[[['undone', null]]], false, true]);
    expect(notesOf(directory)).toEqual([recognisedNote('HC1', ['hardwareSerial', 'androidId', 'fingerprint'])]);
    expect(said.join('\n')).toContain(`usb-serial; the one listed as ${handset.address} is the same`);
    const signed = valueOf(readCase(directory, (reader) => ok(reader.custody()))).at(-1);
    expect(signed).toMatchObject({ action: 'handset-change-undone', actor: 'Wu Mei-ling' });
    expect(firstFailure(valueOf(await verifyCase(directory)))).toBeNull();
  });

  test('another handset under the same adb serial is refused, once, and told', async () => {
    const placeholder = { serial: '0123456789ABCDEF' };
    const handset = await bench.plug('founding-before', { values: { ...placeholder, androidId: '5555666677778888' } });
    const impostor = await bench.plug('founding-before', { values: { ...placeholder, androidId: '9999aaaabbbbcccc' } });
    const directory = await leftBehind('impostor', handset, impostor.address);
    impostor.device.files.put(file, Buffer.from('the other’s own'));
    for (let turn = 0; turn < 2; turn += 1) valueOf(await undoChanges(directory, impostor.address, handsets, telling));
    expect([endsOf(directory), hasFile(impostor)]).toEqual([[[['left', 'other-handset']]], true]);
    expect(said.join('\n')).toContain('another handset is there under this adb serial');
    valueOf(await undoChanges(directory, null, handsets, telling));
    expect([endsOf(directory), hasFile(impostor), hasFile(handset)]).toEqual([
      [
        [
          ['left', 'other-handset'],
          ['undone', null],
        ],
      ],
      true,
      false,
    ]);
  });
});
