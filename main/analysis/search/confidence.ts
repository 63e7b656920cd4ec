import type { Confidence, ConfidenceReason } from '../../../shared/model/finding.ts';
import type { Hit } from './hit.ts';

/** A value standing alone between other characters is rarer than its symbols say: about one place in thirty has such edges. */
const cleanEdgeBits = 5;
/** In some tens of thousands of bytes, one field has a name that goes with the kind. */
const agreeingNameBits = 16;
/** Some eight plain forms of a value are searched for at once, and some sixty encoded ones: each has its chance. */
const plainWritingsBits = 3;
const encodedWritingsBits = 6;
/** All numbers of a numbering plan begin alike: only some eight digits tell one subscriber's from another's. */
const subscriberBits = 27;
/** Shorter numbers are everywhere (times, prices, ids): without an agreeing name beside them they are only possible. */
const shortNumberBits = 36;

/** From here on a neighbour of the same alphabet does not make a match doubtful: MACs and IMEIs stay below. */
const joinedBits = 60;

/** What the judgement rests on. */
export type JudgedFacts = Pick<Hit, 'kind' | 'bits' | 'edges' | 'agrees' | 'representation'> &
  Partial<Pick<Hit, 'doubt'>>;

/**
 * Matches to be expected by chance, were all the traffic searched random text of the value's own alphabet: a cautious bound, since little of
 * real traffic is. `bytesSearched` is that of the capture; at least a mebibyte is assumed.
 */
function expectedByChance(hit: JudgedFacts, bytesSearched: number): number {
  const around = (hit.edges === 'clean' ? cleanEdgeBits : 0) + (hit.agrees ? agreeingNameBits : 0);
  const ofNumber = hit.representation !== 'pseudonymised' && (hit.kind === 'msisdn' || hit.kind === 'contact-msisdn');
  const own = ofNumber ? Math.min(hit.bits, subscriberBits) : hit.bits;
  const writings = hit.representation === 'plain' ? plainWritingsBits : encodedWritingsBits;
  return Math.max(bytesSearched, 2 ** 20) * 2 ** -(own + around - writings);
}

/**
 * `certain`: fewer than one in a million such captures would show it by chance, and it stands alone. `probable`: fewer than one in a hundred.
 * `possible`: the rest, such as digits inside a longer number.
 */
export function confidenceOf(hit: JudgedFacts, bytesSearched: number): Confidence {
  const { doubt = null } = hit;
  if (doubt === null) return undoubted(hit, bytesSearched);
  // Numbers of subscribers are seldom times of five years, times of the very day are in every capture: the name tells nothing there.
  const found = undoubted(doubt === 'time-of-years' ? hit : { ...hit, agrees: false }, bytesSearched);
  return found === 'certain' ? 'probable' : found;
}

/** The doubt of a hit, where it is why it is less sure than it would be. */
export function reasonOf(hit: JudgedFacts, bytesSearched: number): ConfidenceReason | null {
  const { doubt = null } = hit;
  return doubt !== null && undoubted(hit, bytesSearched) !== confidenceOf(hit, bytesSearched) ? doubt : null;
}

function undoubted(hit: JudgedFacts, bytesSearched: number): Confidence {
  const chance = expectedByChance(hit, bytesSearched);
  if (hit.representation === 'pseudonymised') return chance < 1e-6 ? 'certain' : 'probable';
  // A long hex id is no accident even where a neighbour happens to be a hex digit (binary length bytes often are); a number may be.
  if (hit.edges === 'joined') return hit.bits >= joinedBits && chance < 1e-6 ? 'probable' : 'possible';
  if (hit.bits < shortNumberBits && !hit.agrees) return 'possible';
  if (hit.edges === 'unknown' && hit.bits < joinedBits) return chance < 1e-2 ? 'probable' : 'possible';
  if (chance < 1e-6) return 'certain';
  return chance < 1e-2 ? 'probable' : 'possible';
}
