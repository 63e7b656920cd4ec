import type { Detector, UnwordedFinding } from './finding-input.ts';
import { draftOfHit, judgeHits } from './identifier-hits.ts';

/** A server sent an identifier of this handset back: it knows it, but this is no transmission by the handset. */
export const identifierEchoed: Detector = {
  rule: 'identifier-echoed',
  version: 1,
  detect(context): UnwordedFinding[] {
    return judgeHits(context)
      .filter((judged) => judged.own && judged.direction === 'to-client')
      .map((judged) => draftOfHit(context, judged, this.rule, this.version, 'low'))
      .map((draft) => (draft.confidence === 'possible' ? { ...draft, severity: 'info' as const } : draft));
  },
};
