import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { describeDestination } from '../destinations/describe-destination.ts';
import { consentAt } from './consent.ts';
import { displayFilter } from './display-filter.ts';
import { findingKey } from './finding-key.ts';
import type { Detector, ExhibitFacts, RuleContext, UnwordedFinding } from './finding-input.ts';
import { directionOf } from './identifier-hits.ts';
import { isServiceHost } from './service-signals.ts';

const rule = 'service-contacted-protected';
const version = 1;

/**
 * The messaging service's host contacted over TLS: one finding a capture and host, at the first ClientHello that names it.
 * It states the contact and its protection, not what went through: the content is not known from the wire, so absence of
 * identifier findings beside it says nothing. Severity `info`: it is a piece of evidence, not a fault.
 */
export const serviceContactedProtected: Detector = {
  rule,
  version,
  detect(context): UnwordedFinding[] {
    const firsts = new Map<string, { readonly host: string; readonly message: Message }>();
    for (const message of context.messages) {
      if (message.kind !== 'tls-client-hello' && message.kind !== 'quic-client-hello') continue;
      if (!isServiceHost(message.serverName)) continue;
      const host = (message.serverName ?? '').toLowerCase();
      const key = `${message.exhibit} ${host}`;
      const known = firsts.get(key)?.message;
      if (known === undefined || message.at < known.at || (message.at === known.at && message.frame < known.frame)) {
        firsts.set(key, { host, message });
      }
    }
    return [...firsts.values()].flatMap(({ host, message }) => {
      const facts = context.exhibitOf.get(message.exhibit);
      const flow = context.flowOf.get(message.flow);
      return facts === undefined || flow === undefined ? [] : [contact(context, facts, flow, host, message)];
    });
  },
};

function contact(
  context: RuleContext,
  facts: ExhibitFacts,
  flow: Flow,
  host: string,
  message: Message,
): UnwordedFinding {
  return {
    key: findingKey({
      rule,
      version,
      exhibitSha256: facts.sha256,
      offset: `${host}:frame ${message.frame}${context.copyOf.get(facts.id) ?? ''}`,
      identifier: '',
      transform: [],
    }),
    rule,
    ruleVersion: version,
    severity: 'info',
    confidence: 'certain',
    label: facts.label,
    handset: facts.handset,
    run: facts.run,
    identifier: null,
    form: null,
    transform: [],
    representation: null,
    channel: flow.channel,
    contentKnownBy: null,
    direction: directionOf(flow, 0),
    flow: flow.id,
    frames: [{ exhibit: facts.id, frame: message.frame }],
    exhibitSha256: facts.sha256,
    streamOffset: null,
    filter: displayFilter(flow, [message.frame], facts.id),
    field: 'tls.sni',
    at: message.at,
    destination: describeDestination(flow, message, context),
    ...consentAt(context.events, facts, message.at),
    bodyOffset: null,
    context: null,
  };
}
