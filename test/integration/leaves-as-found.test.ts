import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import { readCase } from '../../main/workflow/case-session.ts';
import type { StateComparison } from '../../main/workflow/compare-states.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { openHandsets } from '../../main/workflow/handset-session.ts';
import type { Handsets } from '../../main/workflow/handset-session.ts';
import { readComparedNote } from '../../shared/model/handset-comparison.ts';
import type { ComparedSum } from '../../shared/model/handset-comparison.ts';
import type { AcquisitionProfile } from '../../shared/model/acquisition.ts';
import { ok } from '../../shared/model/problem.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';
import { newCase } from '../unit/evidence/case-fixture.ts';
import { openBench, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let bench: Bench;
let handsets: Handsets;
beforeAll(async () => {
  bench = await openBench();
  process.env['HANDSIGHT_ADB_SERVER'] = `127.0.0.1:${bench.server.endpoint()?.port}`;
  handsets = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en' }));
  delete process.env['HANDSIGHT_ADB_SERVER'];
});
afterAll(async () => {
  await handsets.stop();
  await bench.close();
});

/** Everything of the simulated handset that a command could have changed, and no clock of it. */
function insideOf({ device, rules }: SimulatedHandset): unknown {
  const { system, secure, global } = device.settings;
  const temporary = device.files.list('/data/local/tmp') ?? [];
  return {
    settings: [system, secure, global].map((table) => [...table].map(([name, value]) => `${name}=${value}`).toSorted()),
    temporary: temporary.toSorted(),
    rules: String(rules.answer('list-forward')),
  };
}

interface Looked {
  readonly outcome: string;
  readonly gaps: readonly string[];
  readonly notices: readonly string[];
  readonly comparison: StateComparison;
  readonly sum: ComparedSum | null;
}

async function acquire(
  name: string,
  handset: SimulatedHandset,
  profile: AcquisitionProfile,
  meanwhile: () => void = () => undefined,
): Promise<Looked> {
  const directory = path.join(bench.folder, `${name}.handsight`);
  const writer = newCase(directory);
  valueOf(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
  writer.close();
  const notices: string[] = [];
  const conduct: Conduct = {
    actor: null,
    lang: 'en',
    signal: new AbortController().signal,
    progress: ({ step }) => (step === 'packages' ? meanwhile() : undefined),
    notice: (text) => void notices.push(text),
  };
  const wish = { serial: handset.address, handset: 'H1', label: 'before', run: null, profile } as const;
  const done = valueOf(await acquireSnapshot(directory, wish, handsets, conduct));
  return valueOf(
    readCase(directory, (reader) => {
      const exhibit = reader.exhibits().find((one) => one.originalName === 'handset-before-after.json');
      const comparison = JSON.parse(valueOf(reader.readExhibit(exhibit?.id ?? '')).toString()) as StateComparison;
      const note = reader.custody().find((one) => one.action === 'handset-compared')?.note ?? '';
      const { outcome } = done.acquisition;
      return ok({ outcome, gaps: done.gaps, notices, comparison, sum: readComparedNote(note) });
    }),
  );
}

const lists = ['settings-system', 'settings-secure', 'settings-global', 'packages', 'properties', 'temporary-files'];

test.each([
  ['standard', 'founding-before'],
  ['standard', 'modern-rooted'],
  ['quick', 'founding-before'],
  ['quick', 'modern-rooted'],
] as const)(
  'a %s acquisition of %s leaves settings, temporary files and rules as they were, and says so',
  async (profile, persona) => {
    const handset = await bench.plug(persona, persona === 'founding-before' ? { run: 'R1' } : {});
    const before = insideOf(handset);
    const { gaps, notices, comparison, sum } = await acquire(`${profile}-${persona}`, handset, profile);
    expect(insideOf(handset)).toEqual(before);
    expect(comparison).toEqual({ compared: lists, notCompared: [], because: {}, differences: [] });
    expect(sum).toEqual({ subject: 'A1', lists: 6, differences: 0, counters: 0 });
    expect(notices.filter((one) => /read before and after: 0 differ/.test(one))).toHaveLength(1);
    expect(gaps.filter((one) => /before and after/.test(one))).toEqual([]);
  },
);

test.each(['standard', 'quick'] as const)(
  'what becomes otherwise while it runs (%s) is named; what counts up by itself is told apart; a clock that was set is said',
  async (profile) => {
    const handset = await bench.plug('modern-rooted');
    let done = false;
    const looked = await acquire(`changed-${profile}`, handset, profile, () => {
      if (done) return;
      done = true;
      handset.device.settings.global.set('http_proxy', '10.0.0.1:8080');
      handset.device.settings.global.set('boot_count', '4711');
      handset.device.files.put('/data/local/tmp/somebody', Buffer.from('x'));
      handset.device.stepClock(3_600_000);
    });
    expect(looked.comparison.differences.map(({ of, subject, byItself }) => [of, subject, byItself])).toEqual([
      ['settings-global', 'global/boot_count', 'noise.counter'],
      ['settings-global', 'global/http_proxy', null],
      ['temporary-files', expect.stringContaining('somebody'), null],
    ]);
    expect(looked.sum).toEqual({ subject: 'A1', lists: 6, differences: 2, counters: 1 });
    expect(looked.outcome).toBe('complete-with-gaps');
    expect(looked.gaps.join('\n')).toMatch(/2 entries of the handset differ.*global\/http_proxy.*somebody/);
    expect(looked.gaps.join('\n')).toMatch(/clock was set by 3[56]\d\d\.\d{3} s/);
  },
);
