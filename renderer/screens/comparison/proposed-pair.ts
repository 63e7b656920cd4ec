import type { ComparedLabel } from '../../../shared/contract/comparison.ts';

/** Which two labels to show first: something named «before», and another label of the same handset where there is one. */
export function proposedPair(labels: readonly ComparedLabel[]): readonly [string, string] {
  const before = labels.find((entry) => /^before/i.test(entry.label)) ?? labels[0];
  if (before === undefined) return ['', ''];
  const others = labels.filter((entry) => entry.label !== before.label);
  const sameHandset = others.filter((entry) => entry.handsets.some((handset) => before.handsets.includes(handset)));
  const after = sameHandset.find((entry) => /after/i.test(entry.label)) ?? sameHandset[0] ?? others[0] ?? before;
  return [before.label, after.label];
}
