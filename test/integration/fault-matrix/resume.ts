import { expect } from 'vitest';
import { alwaysAsked } from '../../../main/acquisition/own-profile.ts';
import { stateProbes } from '../../../main/acquisition/run-state-check.ts';
import type { Acquired } from '../../../main/workflow/acquire-snapshot.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { valueOf } from '../handset-bench.ts';
import { acquire, commandOf, comeBack, expectIntact, keptIn } from './scene.ts';
import type { Kept, Scene } from './scene.ts';

const always: ReadonlySet<string | null> = new Set(alwaysAsked.map(({ id }) => id));

const isSettled = ({ exhibit }: Kept): boolean => exhibit.outcome !== 'interrupted' && exhibit.outcome !== 'timed-out';

/** What was answered, as `COLLECTOR: COMMAND`. */
function answersIn(kept: readonly Kept[]): readonly string[] {
  const answers = kept.flatMap((one) => {
    const command = commandOf(one);
    return command === null || !isSettled(one) ? [] : [`${one.exhibit.collector}: ${command}`];
  });
  return [...new Set(answers)].toSorted();
}

/**
 * After an acquisition that was cut in the answer to `command`, and the handset's return: it is gone on with. The handset is asked
 * for what was cut and what was not reached, for nothing that was whole, and the parts together are what a whole one is.
 */
export async function expectGoneOnWith(scene: Scene, cut: Result<Acquired>, command: string): Promise<void> {
  const first = valueOf(cut);
  expect(first.acquisition).toMatchObject({ id: 'A1', outcome: 'interrupted' });
  const before = keptIn(scene.directory);
  const half = before.find((one) => commandOf(one) === command);
  expect(half?.exhibit.outcome).toBe('interrupted');
  const whole = first.results
    .filter(({ collector }) => collector !== half?.exhibit.collector && !always.has(collector))
    .flatMap(({ commands }) => commands.map((one) => one.command));
  expect(whole).not.toEqual([]);
  await comeBack(scene);
  const from = scene.handset.log.length;
  const second = valueOf(await acquire(scene, { resume: true }));
  const asked = scene.handset.log.slice(from);
  expect(second.acquisition).toMatchObject({ id: 'A2', continues: 'A1', outcome: 'complete', detail: null });
  expect(second.gaps).toEqual([]);
  const times = (one: string): number => asked.filter((service) => service.endsWith(`:${one}`)).length;
  // The state of the handset is compared at every beginning and end: those lists are asked for twice, and no third time.
  const states = new Set(stateProbes(scene.link.features).map((probe) => probe.command));
  expect(whole.map((one) => [one, times(one)])).toEqual(whole.map((one) => [one, states.has(one) ? 2 : 0]));
  expect(times(command)).toBe(states.has(command) ? 3 : 1);
  const after = keptIn(scene.directory);
  expect(after.slice(0, before.length)).toEqual(before);
  const again = after.slice(before.length).filter((one) => commandOf(one) === command);
  expect(again.map(({ exhibit }) => exhibit.outcome)).toEqual(['read']);
  const kept = half?.bytes ?? Buffer.alloc(0);
  expect(again[0]?.bytes.subarray(0, kept.length).equals(kept)).toBe(true);
  expect(await acquire(scene, { resume: true })).toMatchObject({ ok: false, problem: { code: 'nothing-to-resume' } });
  expect(valueOf(await acquire(scene, { label: 'whole' })).acquisition.outcome).toBe('complete');
  expect(answersIn(after)).toEqual(answersIn(keptIn(scene.directory).slice(after.length)));
  await expectIntact(scene.directory);
}
