import type { Confidence, Severity } from '../../../shared/model/finding.ts';
import { categories } from '../categories/categories.ts';
import type { CategoryRule } from '../categories/data-category.ts';
import { describeDestination } from '../destinations/describe-destination.ts';
import { frameOfWhole } from '../../dissection/sink.ts';
import { representationOf } from '../search/hit.ts';
import { consentAt } from './consent.ts';
import { displayFilter } from './display-filter.ts';
import { findingKey } from './finding-key.ts';
import type {
  Detector,
  ExhibitFacts,
  FrameOfExhibit,
  PlacedHit,
  RuleContext,
  UnwordedFinding,
} from './finding-input.ts';
import { directionOf, framesOf, instantOf, judgeHits, keyFrameOf, knownBy } from './identifier-hits.ts';
import type { Flow } from '../../../shared/model/traffic.ts';

const version = 1;
/** From here on it is no chance that package names stand together. */
const surelyMany = 10;

/** A place of the category with what its conversation says. */
interface Place extends PlacedHit {
  readonly facts: ExhibitFacts;
  readonly conversation: Flow;
  readonly guessed: boolean;
}

/** What one message (or, where none is recognised, one byte sequence) holds of the category. */
interface Holder {
  readonly places: Place[];
  readonly values: Set<number>;
}

/**
 * One rule a category: the handset sent data of it. One finding for each capture, recipient (but `oncePerCapture`), channel and representation, at the first message that
 * holds enough of it; how many conversations do so is counted. No value stands in it, and no bytes: in a public edition they could not be masked.
 */
export const categoryDetectors: readonly Detector[] = categories.map((category) => ({
  rule: `category-${category.name}`,
  version,
  detect: (context): UnwordedFinding[] =>
    [...byRecipient(category, holdersOf(category, context)).values()].map((same) => findingOf(category, context, same)),
}));

function holdersOf(category: CategoryRule, context: RuleContext): Holder[] {
  const holders = new Map<string, Holder>();
  const places = category.kinds === undefined ? placesBeside(category, context) : placesOfKinds(category, context);
  for (const place of places) {
    const { exhibit, flow, hit } = place;
    const key = `${exhibit} ${flow} ${hit.origin.message ?? `${hit.layer} ${hit.sequence}`}`;
    const holder = holders.get(key) ?? { places: [], values: new Set() };
    holder.places.push(place);
    holder.values.add(hit.value);
    holders.set(key, holder);
  }
  return [...holders.values()].filter(({ values }) => values.size >= category.least);
}

function placesBeside(category: CategoryRule, context: RuleContext): Place[] {
  return context.hits.flatMap((placed) => {
    const beside = context.patterns.values[placed.hit.value]?.beside;
    const facts = context.exhibitOf.get(placed.exhibit);
    const conversation = context.flowOf.get(placed.flow);
    if (beside?.category !== category.name || facts === undefined || conversation === undefined) return [];
    const guessed = beside.probe !== null;
    const own = guessed || facts.handset === 'unassigned' || beside.handsets.includes(facts.handset);
    if (!own || directionOf(conversation, placed.hit.way) !== 'to-server') return [];
    return guessed || standsAlone(placed) ? [{ ...placed, facts, conversation, guessed }] : [];
  });
}

function placesOfKinds({ kinds = [] }: CategoryRule, context: RuleContext): Place[] {
  return judgeHits(context)
    .filter(({ hit, own, direction }) => own && direction === 'to-server' && kinds.includes(hit.kind))
    .map((judged) => ({ ...judged, guessed: false }));
}

/** `com.miui.home` is not in `com.miui.homespace`, nor in `com.miui.home.provider`. */
function standsAlone({ hit }: PlacedHit): boolean {
  const { bytes, start, end } = hit.context;
  const goesOn = (own: number | undefined, dot: number | undefined, next: number | undefined): boolean =>
    isPart(own) && dot === 0x2e && isPart(next);
  return (
    hit.edges !== 'joined' &&
    !goesOn(bytes[start], bytes[start - 1], bytes[start - 2]) &&
    !goesOn(bytes[end - 1], bytes[end], bytes[end + 1])
  );
}

const isPart = (byte: number | undefined): boolean =>
  byte !== undefined &&
  (byte === 0x5f || (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a));

function byRecipient({ oncePerCapture }: CategoryRule, holders: readonly Holder[]): Map<string, Holder[]> {
  const groups = new Map<string, Holder[]>();
  for (const holder of holders) {
    const [first] = holder.places;
    if (first === undefined) continue;
    const { conversation, hit, exhibit } = first;
    const recipient = oncePerCapture === true ? '' : recipientOf(conversation);
    const key = JSON.stringify([exhibit, recipient, hit.origin.channel, representationOf(hit.transform)]);
    const group = groups.get(key) ?? [];
    group.push(holder);
    groups.set(key, group);
  }
  return groups;
}

/** Of all places, each once, in order of exhibit and number. */
function distinctFrames(places: readonly Place[]): FrameOfExhibit[] {
  const frames = new Map(places.flatMap(framesOf).map((one) => [`${one.exhibit} ${one.frame}`, one]));
  return [...frames.values()].sort((a, b) =>
    a.exhibit === b.exhibit ? a.frame - b.frame : a.exhibit < b.exhibit ? -1 : 1,
  );
}

const recipientOf = ({ serverNames, server }: Flow): string => serverNames[0] ?? server.address;

const byPlace = (a: Place, b: Place): number =>
  frameOfWhole(a.hit.origin) - frameOfWhole(b.hit.origin) ||
  a.hit.origin.streamOffset - b.hit.origin.streamOffset ||
  a.hit.from - b.hit.from ||
  a.hit.value - b.hit.value;

function findingOf(category: CategoryRule, context: RuleContext, same: readonly Holder[]): UnwordedFinding {
  const ordered = same
    .map((holder) => ({ values: holder.values, places: holder.places.toSorted(byPlace) }))
    .sort((a, b) => byPlace(a.places[0] as Place, b.places[0] as Place) || b.values.size - a.values.size);
  const { values, places } = ordered[0] as (typeof ordered)[number];
  const first = places[0] as Place;
  const { hit, facts, conversation, message } = first;
  const frames = distinctFrames(places);
  const own = frames.filter((one) => one.exhibit === facts.id).map((one) => one.frame);
  const at = instantOf(hit);
  const representation = representationOf(hit.transform);
  const rule = `category-${category.name}`;
  return {
    key: findingKey({
      rule,
      version,
      exhibitSha256: facts.sha256,
      offset: `${conversation.transport}.${conversation.streamIndex}.${hit.way}:${hit.origin.streamOffset}@${keyFrameOf(first)}${context.copyOf.get(facts.id) ?? ''}`,
      identifier: '',
      transform: hit.transform,
    }),
    rule,
    ruleVersion: version,
    severity: severityOf(category, first),
    confidence: confidenceOf(category, first, values.size),
    label: facts.label,
    handset: facts.handset,
    run: facts.run,
    identifier: null,
    form: rule,
    transform: [...hit.transform],
    ...(hit.decodings.length === 0 ? {} : { decodings: [...hit.decodings] }),
    representation,
    channel: hit.origin.channel,
    contentKnownBy: knownBy(hit),
    direction: 'to-server',
    flow: conversation.id,
    frames,
    exhibitSha256: facts.sha256,
    streamOffset: hit.origin.streamOffset,
    filter: displayFilter(conversation, own, facts.id),
    field: hit.name ?? hit.origin.field,
    at,
    destination: describeDestination(conversation, message, context),
    ...consentAt(context.events, facts, at),
    bodyOffset: hit.bodyOffset,
    context: null,
    category: {
      name: category.name,
      values: values.size,
      conversations: new Set(ordered.map((holder) => holder.places[0]?.flow)).size,
      recipients: new Set(
        ordered.flatMap((holder) => holder.places.slice(0, 1).map((place) => recipientOf(place.conversation))),
      ).size,
    },
  };
}

const milder: Readonly<Record<Severity, Severity>> = { high: 'medium', medium: 'low', low: 'info', info: 'info' };

function severityOf({ severity }: CategoryRule, { hit, guessed }: Place): Severity {
  const { channel } = hit.origin;
  const readable =
    channel !== 'tls' &&
    channel !== 'dtls' &&
    channel !== 'quic' &&
    representationOf(hit.transform) !== 'pseudonymised';
  if (guessed) return 'info';
  return readable ? severity : milder[severity];
}

function confidenceOf({ least, kinds }: CategoryRule, { hit, guessed }: Place, values: number): Confidence {
  if (guessed) return 'possible';
  if (least > 1) return kinds === undefined && values < surelyMany ? 'probable' : 'certain';
  return hit.bits >= 32 ? 'certain' : 'probable';
}
