import type { Message } from '../../../shared/model/traffic.ts';
import { describeDestination } from '../destinations/describe-destination.ts';
import { proposeIdentifiers, type Proposal } from '../identifiers/propose-identifiers.ts';
import { frameOfWhole } from '../../dissection/sink.ts';
import { representationOf } from '../search/hit.ts';
import { normalFormsOf } from '../transforms/normal-forms.ts';
import { consentAt } from './consent.ts';
import { displayFilter } from './display-filter.ts';
import type { Detector, PlacedHit, RuleContext, UnwordedFinding } from './finding-input.ts';
import { findingKey } from './finding-key.ts';
import { directionOf, framesOf, instantOf, keyFrameOf, knownBy } from './identifier-hits.ts';

const rule = 'identifier-proposed';
const version = 1;

/**
 * Findings from the requests of one capture: a gateway's capture may hold thousands of handsets, and all that is proposed is for a person to
 * look at. Who hands on the messages keeps the same bound, and says where it bites; so does the search with the hits it hands on.
 */
export const maxProposals = 500;

/** What a message says in fields that can be proposed from: the query of a request. */
export function proposalsIn(message: Message): Proposal[] {
  if (message.kind !== 'http-request') return [];
  const query = message.uri.indexOf('?');
  if (query === -1) return [];
  const { length } = message.uri.slice(0, query);
  return proposeIdentifiers(message.uri.slice(query)).map((one) => ({
    ...one,
    start: one.start + length,
    end: one.end + length,
  }));
}

/**
 * A value that nobody listed, in a field named like an identifier and built like one: `possible` and `info`, with the reason in its sentence.
 * Whose it is, is not known; it is not counted for the handset. One finding for each value and capture, at its first message.
 */
export const identifierProposed: Detector = {
  rule,
  version,
  detect(context): UnwordedFinding[] {
    const listed = listedTexts(context);
    const firsts = new Map<string, { message: Message; proposal: Proposal }>();
    const ordered = [...context.messages].sort(
      (a, b) => compare(a.exhibit, b.exhibit) || a.frame - b.frame || compare(a.at, b.at) || a.flow - b.flow,
    );
    const counts = new Map<string, number>();
    for (const message of ordered) {
      for (const proposal of proposalsIn(message)) {
        const key = `${message.exhibit} ${proposal.kind} ${proposal.value.toLowerCase()}`;
        const count = counts.get(message.exhibit) ?? 0;
        if (firsts.has(key) || listed.has(proposal.value.toLowerCase()) || count >= maxProposals) continue;
        counts.set(message.exhibit, count + 1);
        firsts.set(key, { message, proposal });
      }
    }
    const fromMessages = [...firsts.values()].flatMap(({ message, proposal }) => {
      const finding = findingOf(context, message, proposal);
      return finding === null ? [] : [finding];
    });
    return [...fromMessages, ...fromHits(context, listed, new Set(firsts.keys()))];
  },
};

/** What the search found in bodies, headers and whatever it decoded, beside what the requests themselves say. */
function fromHits(context: RuleContext, listed: ReadonlySet<string>, known: Set<string>): UnwordedFinding[] {
  const ordered = context.hits
    .filter(({ hit }) => context.patterns.values[hit.value]?.beside?.category === null)
    .toSorted(
      (a, b) =>
        compare(a.exhibit, b.exhibit) ||
        frameOfWhole(a.hit.origin) - frameOfWhole(b.hit.origin) ||
        a.flow - b.flow ||
        a.hit.from - b.hit.from ||
        a.hit.value - b.hit.value,
    );
  return ordered.flatMap((placed) => {
    const value = valueIn(placed);
    const key = `${placed.exhibit} ${placed.hit.kind} ${value}`;
    if (known.has(key) || listed.has(value)) return [];
    const finding = findingOfHit(context, placed, value);
    if (finding === null) return [];
    known.add(key);
    return [finding];
  });
}

/** As proposeIdentifiers gives it, in lower case; the hit takes in the byte behind the value. */
function valueIn({ hit }: PlacedHit): string {
  const { bytes, start, end } = hit.context;
  const raw = Buffer.from(bytes.subarray(start, end))
    .toString('latin1')
    .replace(/[^\w+:.%-]$/, '');
  return (raw.includes('%') ? decodeURIComponent(raw) : raw).toLowerCase();
}

function findingOfHit(context: RuleContext, placed: PlacedHit, value: string): UnwordedFinding | null {
  const { hit } = placed;
  const facts = context.exhibitOf.get(placed.exhibit);
  const flow = context.flowOf.get(placed.flow);
  if (facts === undefined || flow === undefined) return null;
  const direction = directionOf(flow, hit.way);
  if (direction !== 'to-server') return null;
  const frames = framesOf(placed);
  const own = frames.filter((one) => one.exhibit === facts.id).map((one) => one.frame);
  const at = instantOf(hit);
  const body = hit.bodyOffset === null ? '' : `+${hit.bodyOffset}`;
  return {
    key: findingKey({
      rule,
      version,
      exhibitSha256: facts.sha256,
      offset: `${flow.transport}.${flow.streamIndex}.${hit.way}:${hit.origin.streamOffset}${body}@${keyFrameOf(placed)}${context.copyOf.get(facts.id) ?? ''}`,
      identifier: `${hit.kind}:${value}`,
      transform: hit.transform,
    }),
    rule,
    ruleVersion: version,
    severity: 'info',
    confidence: 'possible',
    label: facts.label,
    handset: facts.handset,
    run: facts.run,
    identifier: null,
    form: `unlisted-${hit.kind}`,
    transform: [...hit.transform],
    ...(hit.decodings.length === 0 ? {} : { decodings: [...hit.decodings] }),
    representation: representationOf(hit.transform),
    channel: hit.origin.channel,
    contentKnownBy: knownBy(hit),
    direction,
    flow: flow.id,
    frames,
    exhibitSha256: facts.sha256,
    streamOffset: hit.origin.streamOffset,
    filter: displayFilter(flow, own, facts.id),
    field: hit.name ?? hit.origin.field,
    at,
    destination: describeDestination(flow, placed.message, context),
    ...consentAt(context.events, facts, at),
    bodyOffset: hit.bodyOffset,
    context: null,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every plain writing of what is listed, of whatever handset: that is found by the search. */
function listedTexts(context: RuleContext): Set<string> {
  const texts = context.patterns.values.flatMap(({ kind, value, beside }) =>
    beside === undefined ? normalFormsOf(kind, value).flatMap((form) => (form.digestOnly ? [] : form.texts)) : [],
  );
  return new Set(texts.map((text) => text.toLowerCase()));
}

function findingOf(context: RuleContext, message: Message, proposal: Proposal): UnwordedFinding | null {
  const facts = context.exhibitOf.get(message.exhibit);
  const flow = context.flowOf.get(message.flow);
  if (facts === undefined || flow === undefined || message.kind !== 'http-request') return null;
  return {
    key: findingKey({
      rule,
      version,
      exhibitSha256: facts.sha256,
      offset: `frame ${message.frame}:${proposal.start}${context.copyOf.get(facts.id) ?? ''}`,
      identifier: `${proposal.kind}:${proposal.value.toLowerCase()}`,
      transform: [],
    }),
    rule,
    ruleVersion: version,
    severity: 'info',
    confidence: 'possible',
    label: facts.label,
    handset: facts.handset,
    run: facts.run,
    identifier: null,
    form: `unlisted-${proposal.kind}`,
    transform: [],
    representation: 'plain',
    channel: flow.channel,
    contentKnownBy: message.contentKnownBy ?? 'wire',
    direction: directionOf(flow, 0),
    flow: flow.id,
    frames: [{ exhibit: facts.id, frame: message.frame }],
    exhibitSha256: facts.sha256,
    streamOffset: null,
    filter: displayFilter(flow, [message.frame], facts.id),
    field: proposal.field,
    at: message.at,
    destination: describeDestination(flow, message, context),
    ...consentAt(context.events, facts, message.at),
    bodyOffset: null,
    // A value that nobody listed cannot be masked in a public edition: it stays in the capture, where frame and field lead to it.
    context: null,
  };
}
