import type { Detector, UnwordedFinding } from './finding-input.ts';
import { draftOfHit, judgeHits } from './identifier-hits.ts';

/** The capture of one handset holds an identifier of another one of the case: it is said, and not laid to the first one's account. */
export const identifierOfOtherHandset: Detector = {
  rule: 'identifier-of-other-handset',
  version: 1,
  detect(context): UnwordedFinding[] {
    return judgeHits(context)
      .filter((judged) => !judged.own)
      .map((judged) => ({
        ...draftOfHit(context, judged, this.rule, this.version, 'info'),
        handset: judged.owner.handset,
        consent: 'unknown' as const,
      }));
  },
};
