import type { StateReading } from '../acquisition/run-state-check.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { comparedNote } from '../../shared/model/handset-comparison.ts';
import { compareStates } from './compare-states.ts';
import type { Conduct } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { gap } from './gaps.ts';
import { need } from './store-failure.ts';
import { tell } from './tell.ts';

const mostNamed = 10;

/**
 * Compares what the handset said of its state before and after an acquisition: the comparison is an exhibit, its sum an entry of
 * custody and a notice; what differs without counting up by itself is a gap. Nothing where the acquisition asked for no state.
 * Throws StoreFailure.
 */
export function recordStates(
  writer: CaseWriter,
  wish: { readonly label: string; readonly handset: string; readonly run: string | null },
  acquisition: string,
  [before, after]: readonly (readonly StateReading[])[],
  conduct: Pick<Conduct, 'lang' | 'notice'>,
): Gap[] {
  // Cut off before the second reading: that it was not reached is said already.
  if (before === undefined || after === undefined) return [];
  const comparison = compareStates(before, after);
  const { compared, notCompared, because, differences } = comparison;
  const ours = differences.filter((one) => one.byItself === null);
  const { label, handset, run } = wish;
  need(
    writer.storeExhibit(
      Buffer.from(`${JSON.stringify(comparison, null, 1)}\n`, 'utf8'),
      {
        originalName: 'handset-before-after.json',
        kind: 'file',
        label,
        handset,
        run,
        acquisition,
        collector: 'state-check',
        origin: { type: 'workstation', note: 'what the handset’s state differed in before and after the acquisition' },
      },
      { outcome: 'read', packets: null, fault: null },
    ),
  );
  const sum = {
    subject: acquisition,
    lists: compared.length,
    differences: ours.length,
    counters: differences.length - ours.length,
  };
  need(writer.note('handset-compared', comparedNote(sum)));
  tell(conduct, (words) => words('cli.compared', sum));
  const gaps: Gap[] = [];
  if (ours.length > 0) {
    const named = ours.slice(0, mostNamed).map(({ of, subject }) => `${of}: ${subject}`);
    const subjects = [...named, ...(ours.length > mostNamed ? ['…'] : [])].join('; ');
    gaps.push(gap('handset-differs', { count: ours.length, subjects }));
  }
  if (notCompared.length > 0) {
    const lists = notCompared.map((of) => (because[of] === undefined ? of : `${of} (${because[of]})`)).join(', ');
    gaps.push(gap('handset-not-compared', { lists }));
  }
  return gaps;
}
