import { describe, expect, test } from 'vitest';
import { chunksOf, flowsOf, Mask, maskOf, ofFlows, ofFlowsOrNone } from '../../../../main/evidence/columns/masks.ts';
import { ascending } from '../../../../main/evidence/columns/row-order.ts';
import { RowSet } from '../../../../main/evidence/columns/row-set.ts';

/** Some pieces of the directory, and a part of one that is no whole word. */
const count = 3 * 4096 + 1037;

/** MINSTD (Park and Miller 1988): the same numbers every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

function column(below: number, seed: number): Uint32Array {
  const any = numbers(seed);
  return Uint32Array.from({ length: count }, () => any(below));
}

const classes = column(5, 7);
const accepted = Uint8Array.from([0, 1, 0, 0, 1]);
const passing = [...classes.keys()].filter((row) => accepted[classes[row] ?? 0] === 1);

/** Pages of a size that meets the pieces at every place. */
function listed(rows: RowSet): number[] {
  const all: number[] = [];
  for (let from = 0; from < rows.length; from += 997) all.push(...rows.page(from, from + 997));
  return all;
}

describe('a mask', () => {
  test('has one bit a row, and none behind the last row', () => {
    const mask = maskOf(classes, accepted);
    expect([...chunksOf(mask)].length).toBe(2);
    expect([...chunksOf(mask)].reduce((sum, rows) => sum + rows.length, 0)).toBe(passing.length);
    expect(mask.count()).toBe(passing.length);
    expect(mask.copy().invert().count()).toBe(count - passing.length);
    const none = new Mask(count);
    none.fill(4096, count);
    expect(none.count()).toBe(count - 4096);
    mask.keep(none);
    expect(mask.count()).toBe(passing.filter((row) => row >= 4096).length);
    mask.add(maskOf(classes, accepted));
    expect(listed(new RowSet(mask, null, false))).toEqual(passing);
  });

  test('goes from conversations to their rows and back', () => {
    const flows = Uint32Array.from({ length: count }, (_, row) => Math.floor(row / 3));
    const flowCount = Math.ceil(count / 3);
    const some = flowsOf(maskOf(classes, accepted), flows, flowCount, 0);
    const expected = new Set(passing.map((row) => Math.floor(row / 3)));
    expect(listed(new RowSet(some, null, false))).toEqual([...expected].sort((a, b) => a - b));
    const rows = ofFlows(some, flows);
    expect(listed(new RowSet(rows, null, false))).toEqual(
      [...flows.keys()].filter((row) => expected.has(flows[row] ?? -1)),
    );
    // Counted from 1: row 0, 1 and 2 are in none.
    for (const none of [true, false]) {
      expect(listed(new RowSet(ofFlowsOrNone(some, flows, none), null, false))).toEqual(
        [...flows.keys()].filter((row) => (row < 3 ? none : expected.has((flows[row] ?? 0) - 1))),
      );
    }
  });
});

describe('any page of what passes', () => {
  const mask = maskOf(classes, accepted);
  const keys = column(300, 11);
  const order = ascending(keys);
  const sorted = passing.toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);

  test.each([
    { name: 'by number', order: null, expected: passing },
    { name: 'in the order of a column', order, expected: sorted },
  ])('is a slice of the whole list, $name', ({ order: by, expected }) => {
    const rows = new RowSet(mask, by, false);
    expect(rows.length).toBe(expected.length);
    expect(listed(rows)).toEqual(expected);
    expect(listed(new RowSet(mask, by, true))).toEqual(expected.toReversed());
    for (const from of [0, 1, 500, expected.length - 1]) {
      expect([...rows.page(from, from + 100)]).toEqual(expected.slice(from, from + 100));
      expect([...new RowSet(mask, by, true).page(from, from + 100)]).toEqual(
        expected.toReversed().slice(from, from + 100),
      );
    }
    expect([...rows.page(expected.length, expected.length + 100)]).toEqual([]);
  });

  test('is empty where nothing passes', () => {
    const none = new RowSet(new Mask(count), order, false);
    expect(none.length).toBe(0);
    expect([...none.page(0, 100)]).toEqual([]);
    expect([...new RowSet(new Mask(0), null, true).page(0, 100)]).toEqual([]);
  });
});

describe('the order of a column', () => {
  const any = numbers(5);
  const instant = 1_407_405_600_000_000;
  test.each([
    ['small numbers', () => any(3)],
    ['numbers of 32 bits', () => any(2 ** 31) * 2],
    ['microseconds of months', () => instant + any(2 ** 31) * 9000],
    ['microseconds, some of them missing', () => (any(7) === 0 ? Number.NaN : instant + any(50_000_000))],
    ['rows that never came', () => (any(7) === 0 ? 0 : instant + any(5))],
    ['one number', () => 9],
  ])('puts %s like a comparison does, equal ones by row', (_, make) => {
    const keys = Float64Array.from({ length: count }, make);
    const key = (row: number): number => (Number.isNaN(keys[row]) ? Number.POSITIVE_INFINITY : (keys[row] ?? 0));
    const expected = [...keys.keys()].sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
    expect([...ascending(keys)]).toEqual(expected);
  });
});
