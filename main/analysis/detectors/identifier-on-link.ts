import { frameOfWhole } from '../../dissection/sink.ts';
import type { Detector, UnwordedFinding } from './finding-input.ts';
import { draftOfHit, framesOf, judgeHits, type JudgedHit, keyFrameOf, linkProtocols } from './identifier-hits.ts';

/** An identifier in broadcast or multicast traffic (a DHCP host name, mDNS): visible to neighbours, not sent to a server. */
export const identifierOnLink: Detector = {
  rule: 'identifier-on-link',
  version: 2,
  detect(context): UnwordedFinding[] {
    const onLink = judgeHits(context).filter((judged) => judged.own && judged.direction === 'lan');
    return withoutRepeatedLeases(onLink).map((judged) => draftOfHit(context, judged, this.rule, this.version, 'info'));
  },
};

/**
 * Every DHCP message of a client carries its hardware address twice and its host name once, and each lease takes several: that is
 * one observation per conversation and writing, with all the frames.
 */
function withoutRepeatedLeases(hits: readonly JudgedHit[]): JudgedHit[] {
  const others: JudgedHit[] = [];
  const leases = new Map<string, JudgedHit[]>();
  for (const judged of hits) {
    if (!linkProtocols.has(judged.conversation.application)) {
      others.push(judged);
      continue;
    }
    const { exhibit, flow, hit } = judged;
    const key = JSON.stringify([exhibit, flow, hit.way, hit.value, hit.transform]);
    const known = leases.get(key);
    if (known === undefined) leases.set(key, [judged]);
    else known.push(judged);
  }
  return [...others, ...[...leases.values()].flatMap(joined)];
}

/** The first of each sixty-four in capture order, with the frames of all: a finding's frames can still be read and filtered for. */
function joined(hits: readonly JudgedHit[]): JudgedHit[] {
  const ordered = hits.toSorted(
    (a, b) =>
      frameOfWhole(a.hit.origin) - frameOfWhole(b.hit.origin) ||
      a.hit.origin.streamOffset - b.hit.origin.streamOffset ||
      a.hit.from - b.hit.from,
  );
  const findings: JudgedHit[] = [];
  for (let at = 0; at < ordered.length; at += joinedHits) {
    const [first, ...others] = ordered.slice(at, at + joinedHits);
    if (first !== undefined) findings.push(withFrames(first, others));
  }
  return findings;
}

const joinedHits = 64;

function withFrames(first: JudgedHit, others: readonly JudgedHit[]): JudgedHit {
  const hits = [first, ...others];
  const places = new Map(
    hits.flatMap((one) => framesOf(one).map((place, n) => [one.hit.origin.frames[n] ?? 0, place] as const)),
  );
  const numbers = [...places.keys()].sort((a, b) => a - b);
  const frames = numbers.flatMap((number) => places.get(number) ?? []);
  return {
    ...first,
    frames,
    keyFrame: keyFrameOf(first),
    hit: { ...first.hit, origin: { ...first.hit.origin, frames: numbers } },
  };
}
