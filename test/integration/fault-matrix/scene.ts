import { join } from 'node:path';
import { expect } from 'vitest';
import { createCase, openCaseForReading } from '../../../main/evidence/open-case.ts';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import type { HandsetLink } from '../../../main/handset/link.ts';
import { acquireSnapshot } from '../../../main/workflow/acquire-snapshot.ts';
import type { Acquired } from '../../../main/workflow/acquire-snapshot.ts';
import { captureTraffic } from '../../../main/workflow/capture-traffic.ts';
import type { Captured } from '../../../main/workflow/capture-traffic.ts';
import type { CaptureEvent } from '../../../main/capture/capture-types.ts';
import { openHandsets } from '../../../main/workflow/handset-session.ts';
import type { Handsets } from '../../../main/workflow/handset-session.ts';
import type { AcquisitionProfile, Progress } from '../../../shared/model/acquisition.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Result } from '../../../shared/model/problem.ts';
import type { HandsetOptions, SimulatedHandset } from '../../handset-simulator/handset.ts';
import { openBench, until, valueOf } from '../handset-bench.ts';
import type { Bench } from '../handset-bench.ts';

/** One handset at a real adb server, and a case of its own to work into. */
export interface Scene {
  readonly bench: Bench;
  readonly handset: SimulatedHandset;
  readonly handsets: Handsets;
  readonly link: HandsetLink;
  /** The case. */
  readonly directory: string;
}

export interface SceneOptions {
  readonly persona: string;
  readonly handset?: Partial<HandsetOptions>;
  /** Where the case is made; default: the bench's folder. */
  readonly place?: string;
}

let cases = 0;

export function newCase(place: string): string {
  cases += 1;
  const directory = join(place, `cell-${cases}.handsight`);
  const writer = valueOf(createCase(directory, { number: '1', title: 'faults', examiner: 'Lin', synthetic: true }));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  writer.close();
  return directory;
}

/** Plugs a handset in and works through the workflows' own session; everything is closed whatever happens. */
export async function inScene(
  bench: Bench,
  options: SceneOptions,
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  const directory = newCase(options.place ?? bench.folder);
  const handset = await bench.plug(options.persona, options.handset ?? {});
  const endpoint = bench.server.endpoint();
  if (endpoint === null) throw new Error('the server is down');
  const handsets = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en', running: endpoint }));
  const link = await bench.link(handset);
  try {
    await act({ bench, handset, handsets, link, directory });
  } finally {
    link.close();
    await handset.close();
  }
}

/** As `inScene`, with a server of its own that may be ended. */
export async function withOwnServer(options: SceneOptions, act: (scene: Scene) => Promise<void>): Promise<void> {
  const bench = await openBench();
  try {
    await inScene(bench, options, act);
  } finally {
    await bench.close();
  }
}

const never = new AbortController().signal;

export async function acquire(
  { handset, handsets, directory }: Scene,
  options: {
    readonly profile?: AcquisitionProfile;
    readonly label?: string;
    /** Goes on with the one of the same label that was cut off. */
    readonly resume?: boolean;
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: Progress) => void;
  } = {},
): Promise<Result<Acquired>> {
  return await acquireSnapshot(
    directory,
    {
      serial: handset.address,
      handset: 'H1',
      label: options.label ?? 'x',
      run: null,
      profile: options.profile ?? 'quick',
      ...(options.resume === undefined ? {} : { resume: options.resume }),
    },
    handsets,
    {
      actor: null,
      // What is told to the person is checked in one language, what is stored in the other.
      lang: 'zh-Hant',
      signal: options.signal ?? never,
      progress: options.onProgress ?? (() => undefined),
    },
  );
}

export async function capture(
  { handset, handsets, directory }: Scene,
  options: {
    readonly seconds?: number;
    readonly signal?: AbortSignal;
    readonly onEvent?: (event: CaptureEvent) => void;
  },
): Promise<Result<Captured>> {
  return await captureTraffic(
    directory,
    { serial: handset.address, handset: 'H1', label: 'x', run: null, seconds: options.seconds ?? null },
    handsets,
    { actor: null, lang: 'en', signal: options.signal ?? never, progress: () => undefined },
    options.onEvent === undefined ? {} : { onEvent: options.onEvent },
  );
}

export interface Kept {
  readonly exhibit: Exhibit;
  readonly bytes: Buffer;
}

/** A fast workstation keeps hundreds of megabytes of a flood before the capture has ended. */
const mostKeptBytes = 2 ** 31 - 1;

/** Every exhibit of the case with its bytes, read again from the disk. */
export function keptIn(directory: string): Kept[] {
  const reader = valueOf(openCaseForReading(directory));
  const kept = reader
    .exhibits()
    .map((exhibit) => ({ exhibit, bytes: valueOf(reader.readExhibit(exhibit.id, mostKeptBytes)) }));
  reader.close();
  return kept;
}

export const commandOf = ({ exhibit }: Kept): string | null =>
  exhibit.origin.type === 'command' && exhibit.origin.stream !== 'stderr' ? exhibit.origin.command : null;

/** Everything the case holds is as custody says. */
export async function expectIntact(directory: string): Promise<void> {
  expect(firstFailure(valueOf(await verifyCase(directory)))).toBeNull();
}

/** How adb lists the handset now; null: not at all. */
export async function stateOf({ handsets, handset }: Scene): Promise<string | null> {
  const listed = valueOf(await handsets.list());
  return listed.find(({ serial }) => serial === handset.address)?.state ?? null;
}

/** Plugged in again (as adb attaches it), and seen as ready. */
export async function comeBack(scene: Scene): Promise<void> {
  await scene.handset.replug();
  await until(async () => (await scene.bench.directory.attach(scene.handset.address)).ok);
  await until(async () => (await stateOf(scene)) === 'device', 60_000);
}

/**
 * After an acquisition that was cut in the answer to `command`: it is `interrupted` in the case and said in both languages;
 * what came before is whole, what came of the answer is kept and is the beginning of what the next attempt reads whole.
 */
export async function expectCutAndRepeated(
  scene: Scene,
  cut: Result<Acquired>,
  command: string,
  said: { readonly en: string; readonly zh: string },
): Promise<number> {
  const first = valueOf(cut);
  expect(first.acquisition).toMatchObject({ id: 'A1', outcome: 'interrupted' });
  expect(first.acquisition.detail).toContain(said.en);
  expect(first.gaps.join('\n')).toContain(said.zh);
  expect(first.gaps.join('\n')).toContain('未進行：');
  const before = keptIn(scene.directory);
  const half = before.filter((one) => commandOf(one) === command);
  expect(half.map(({ exhibit }) => exhibit.outcome)).toEqual(['interrupted']);
  await expectIntact(scene.directory);
  await comeBack(scene);
  const again = valueOf(await acquire(scene));
  expect(again.acquisition.outcome).not.toBe('interrupted');
  const after = keptIn(scene.directory);
  expect(after.slice(0, before.length)).toEqual(before);
  const whole = (name: string): Buffer =>
    after.slice(before.length).find((one) => commandOf(one) === name)?.bytes ?? Buffer.alloc(0);
  expect(whole(command).length).toBeGreaterThan(0);
  const kept = half[0]?.bytes ?? Buffer.alloc(0);
  expect(whole(command).subarray(0, kept.length).equals(kept)).toBe(true);
  if (command !== 'getprop') {
    const properties = before.find((one) => commandOf(one) === 'getprop');
    expect(properties?.exhibit.outcome).toBe('read');
    expect(properties?.bytes.equals(whole('getprop'))).toBe(true);
  }
  await expectIntact(scene.directory);
  return kept.length;
}
