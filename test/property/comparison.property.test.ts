import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSnapshots } from '../../main/comparison/compare-snapshots.ts';
import type { RecordBody, SnapshotRecord } from '../../shared/model/record.ts';

const word = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__');
const body: fc.Arbitrary<RecordBody> = fc.oneof(
  fc.record({ kind: fc.constant('property' as const), name: word, value: fc.string({ maxLength: 5 }) }),
  fc.record({
    kind: fc.constant('setting' as const),
    namespace: fc.constantFrom('system' as const, 'global' as const),
    name: word,
    value: word,
  }),
  fc.record({
    kind: fc.constant('permission' as const),
    package: word,
    name: word,
    granted: fc.boolean(),
    scope: fc.constantFrom('install' as const, 'runtime' as const),
  }),
  fc.record({
    kind: fc.constant('app-op' as const),
    package: word,
    op: word,
    mode: fc.constantFrom('allow' as const, 'ignore' as const),
    lastAccess: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant('component' as const),
    package: word,
    name: word,
    type: fc.constant('receiver' as const),
    enabled: fc.option(fc.boolean()),
    actions: fc.constant([]),
    bootReceiver: fc.boolean(),
  }),
);
const side = fc.array(body, { maxLength: 30 });
const label = (name: string, bodies: readonly RecordBody[]): SnapshotRecord[] =>
  bodies.map((one) => ({ ...one, label: name, handset: 'H1', run: null, exhibit: 'E001' }));

const opposite = { added: 'removed', removed: 'added', changed: 'changed' } as const;

describe('compareSnapshots', () => {
  it('finds nothing between a snapshot and itself', () => {
    fc.assert(
      fc.property(side, (bodies) => {
        expect(compareSnapshots(label('x', bodies), label('y', bodies))).toEqual([]);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('the other way round gives the mirror image', () => {
    fc.assert(
      fc.property(side, side, (a, b) => {
        const there = compareSnapshots(label('x', a), label('y', b));
        const back = compareSnapshots(label('y', b), label('x', a));
        expect(
          back.map(({ kind, change, subject, before, after }) => [kind, opposite[change], subject, after, before]),
        ).toEqual(there.map(({ kind, change, subject, before, after }) => [kind, change, subject, before, after]));
      }),
      { numRuns: 200, seed: 2 },
    );
  });
});
