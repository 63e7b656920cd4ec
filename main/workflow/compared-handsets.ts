import type { CaseReader } from '../evidence/readers/case-reader.ts';

/** One handset under both labels, or one beside another; null: whichever the label was used for, because it is one only. */
export interface HandsetPair {
  readonly before: string | null;
  readonly after: string | null;
  readonly same: boolean;
}

export interface Pairing {
  /** What is compared with what; none where nobody can say which handsets belong together. */
  readonly pairs: readonly HandsetPair[];
  /** Handsets that one label alone was used for, though others stand under both: left out. */
  readonly leftOut: readonly string[];
  /** Handsets under each label where they cannot be paired; empty otherwise. */
  readonly unpaired: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/**
 * Which handsets two labels are compared for, so that one handset's state is never laid over another's: each that stands under
 * both labels with itself. With none such, one handset before is compared with another one after (a twin); several that share no
 * label are not compared at all.
 */
export function pairHandsets(reader: CaseReader, before: string, after: string): Pairing {
  const [ours, theirs] = [handsetsOf(reader, before), handsetsOf(reader, after)];
  const none = { before: [], after: [] };
  const common = ours.filter((one) => theirs.includes(one));
  if (ours.length <= 1 && theirs.length <= 1) {
    return { pairs: [{ before: null, after: null, same: common.length === 1 }], leftOut: [], unpaired: none };
  }
  if (common.length === 0) return { pairs: [], leftOut: [], unpaired: { before: ours, after: theirs } };
  const leftOut = [...new Set([...ours, ...theirs])].filter((one) => !common.includes(one)).sort();
  return { pairs: common.map((one) => ({ before: one, after: one, same: true })), leftOut, unpaired: none };
}

/** In order. A capture that was assigned to no handset is none of several: its findings name the owner of what was found. */
function handsetsOf(reader: CaseReader, label: string): string[] {
  const all = [...new Set(reader.exhibits({ label }).map((one) => one.handset))].sort();
  const known = all.filter((one) => one !== 'unassigned');
  return known.length === 0 ? all : known;
}
