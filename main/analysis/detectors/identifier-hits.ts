import type { FindingDraft, Severity } from '../../../shared/model/finding.ts';
import type { Direction, Flow } from '../../../shared/model/traffic.ts';
import { describeDestination } from '../destinations/describe-destination.ts';
import { frameOfWhole } from '../../dissection/sink.ts';
import { addressKind, type AddressedFlow, isLocalBroadcast, staysLocal } from '../destinations/address-kind.ts';
import { confidenceOf, reasonOf } from '../search/confidence.ts';
import type { Hit } from '../search/hit.ts';
import { consentAt } from './consent.ts';
import { withoutTwins } from './decoded-twins.ts';
import { displayFilter } from './display-filter.ts';
import { findingKey } from './finding-key.ts';
import type { ExhibitFacts, FrameOfExhibit, PlacedHit, RuleContext, UnwordedFinding } from './finding-input.ts';

/** Dissection puts this first among the decodings of what a key log opened. */
const keyLogDecodings: ReadonlySet<string> = new Set(['tls-keylog', 'quic-keylog']);

/** A hit with everything a rule asks about it. */
export interface JudgedHit extends PlacedHit {
  readonly facts: ExhibitFacts;
  readonly conversation: Flow;
  readonly direction: Direction;
  /** The owner on whom the finding falls. */
  readonly owner: { readonly id: string; readonly handset: string };
  /** False when the value belongs only to other handsets than the exhibit's. */
  readonly own: boolean;
}

/** EAP goes as far as the access point. The others hand out addresses of the link: a lease renewed or acknowledged from host to host tells nobody beyond it anything (RFC 2131, RFC 8415). */
export const linkProtocols: ReadonlySet<string> = new Set(['dhcp', 'dhcpv6', 'eap']);

/**
 * `lan` only for what stays on the link by its nature (broadcast, multicast, a lease between private addresses); any other
 * server at a private address is a server.
 */
export function directionOf(flow: AddressedFlow & Pick<Flow, 'application'>, way: 0 | 1): Direction {
  if (staysLocal(flow.server.address) || isLocalBroadcast(flow)) return 'lan';
  const within = [flow.client, flow.server].every(({ address }) => addressKind(address) !== 'public');
  if (within && linkProtocols.has(flow.application)) return 'lan';
  return way === 0 ? 'to-server' : 'to-client';
}

/** Hits of known exhibits and flows, without those that a decoded body repeats. */
export function judgeHits(context: RuleContext): JudgedHit[] {
  const judged: JudgedHit[] = [];
  for (const placed of withoutTwins(withoutRawBodies(context.hits))) {
    const facts = context.exhibitOf.get(placed.exhibit);
    const conversation = context.flowOf.get(placed.flow);
    const [first] = placed.hit.owners;
    if (facts === undefined || conversation === undefined || first === undefined) continue;
    const mine = placed.hit.owners.find((owner) => owner.handset === facts.handset);
    judged.push({
      ...placed,
      facts,
      conversation,
      direction: directionOf(conversation, placed.hit.way),
      owner: mine ?? first,
      own: mine !== undefined || facts.handset === 'unassigned',
    });
  }
  return judged;
}

/** Fields of the stream whose content is handed on decoded as well: bodies, and header sections of HTTP/2. */
const handedDecoded: ReadonlySet<string | null> = new Set(['body', 'http2.headers']);

/** A chunked or compressed body is searched decoded; what its raw bytes in the stream showed as well is the same occurrence. */
function withoutRawBodies(hits: readonly PlacedHit[]): PlacedHit[] {
  const keyOf = (p: PlacedHit): string => [p.exhibit, p.flow, p.hit.way, p.hit.origin.message, p.hit.value].join(' ');
  // What a key log opened is a stream as well, one that stands between the protection and the bodies in it.
  const isStream = ({ hit }: PlacedHit): boolean =>
    hit.layer === 'stream' || (hit.decodings.length === 1 && hit.decodings[0] === 'tls-keylog');
  const isBody = (p: PlacedHit): boolean => p.hit.layer === 'body' && !isStream(p);
  const decoded = new Set(hits.filter((p) => isBody(p) && p.hit.origin.message !== null).map(keyOf));
  return hits.filter((p) => !isStream(p) || !handedDecoded.has(p.hit.origin.field) || !decoded.has(keyOf(p)));
}

/** The finding that a rule makes of one hit. */
export function draftOfHit(
  context: RuleContext,
  judged: JudgedHit,
  rule: string,
  version: number,
  severity: Severity,
): UnwordedFinding {
  const { hit, facts, conversation, message } = judged;
  const frames = framesOf(judged);
  const own = frames.filter((one) => one.exhibit === facts.id).map((one) => one.frame);
  const at = instantOf(hit);
  const body = hit.bodyOffset === null ? '' : `+${hit.bodyOffset}`;
  const inner = hit.innerOffset === null ? '' : `+${[...hit.memberOffsets, hit.innerOffset].join('+')}`;
  const value = context.patterns.values[hit.value];
  const searched = context.bytesSearched.get(judged.exhibit) ?? 0;
  const reason = reasonOf(hit, searched);
  const handset = facts.handset === 'unassigned' ? judged.owner.handset : facts.handset;
  return {
    key: findingKey({
      rule,
      version,
      exhibitSha256: facts.sha256,
      // Two flows may carry the same bytes at the same offset: the conversation is part of the place.
      offset: `${conversation.transport}.${conversation.streamIndex}.${hit.way}:${hit.origin.streamOffset}${body}${inner}@${keyFrameOf(judged)}${context.copyOf.get(facts.id) ?? ''}`,
      identifier: `${hit.kind}:${value?.value ?? ''}`,
      transform: hit.transform,
    }),
    rule,
    ruleVersion: version,
    severity,
    confidence: confidenceOf(hit, searched),
    ...(reason === null ? {} : { confidenceReason: reason }),
    label: facts.label,
    handset,
    run: facts.run,
    identifier: { id: judged.owner.id, kind: hit.kind },
    form: hit.form,
    transform: [...hit.transform],
    ...(hit.decodings.length === 0 ? {} : { decodings: [...hit.decodings] }),
    representation: hit.representation,
    channel: hit.origin.channel,
    contentKnownBy: knownBy(hit),
    direction: judged.direction,
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
    context: {
      base64: Buffer.from(hit.context.bytes).toString('base64'),
      matchStart: hit.context.start,
      matchEnd: hit.context.end,
    },
  } satisfies Omit<FindingDraft, 'statement'>;
}

/** The packets that carry a hit, each with its exhibit. */
export function framesOf({ hit, exhibit, frames }: PlacedHit): readonly FrameOfExhibit[] {
  return frames ?? hit.origin.frames.map((frame) => ({ exhibit, frame }));
}

/**
 * The packet of a hit that its key names, by its number in the hit's exhibit. Of what came in fragments it is the one that made it whole: as
 * long as findings named that one alone, keys were made of it, and decisions are kept by key.
 */
export function keyFrameOf(placed: PlacedHit): number {
  const { hit, frames, keyFrame } = placed;
  return keyFrame ?? (frames === undefined ? frameOfWhole(hit.origin) : (frames[0]?.frame ?? 0));
}

/** How the content of a hit is known. */
export function knownBy({ decodings }: Pick<Hit, 'decodings'>): 'keylog' | 'wire' {
  return decodings.some((step) => keyLogDecodings.has(step)) ? 'keylog' : 'wire';
}

/** When the first packet of a hit was captured, to the microsecond. */
export function instantOf({ origin }: Pick<Hit, 'origin'>): string {
  return new Date(origin.atUs / 1000).toISOString().replace(/\d{3}Z$/, `${microseconds(origin.atUs)}Z`);
}

/** The six digits after the second. */
function microseconds(us: number): string {
  const rest = ((us % 1_000_000) + 1_000_000) % 1_000_000;
  return String(Math.floor(rest)).padStart(6, '0');
}
