import type { Detector, UnwordedFinding } from './finding-input.ts';
import { draftOfHit, judgeHits } from './identifier-hits.ts';

/** An identifier in broadcast or multicast traffic (a DHCP host name, mDNS): visible to neighbours, not sent to a server. */
export const identifierOnLink: Detector = {
  rule: 'identifier-on-link',
  version: 1,
  detect(context): UnwordedFinding[] {
    return judgeHits(context)
      .filter((judged) => judged.own && judged.direction === 'lan')
      .map((judged) => draftOfHit(context, judged, this.rule, this.version, 'info'));
  },
};
