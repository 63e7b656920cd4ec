import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { describeDestination } from '../destinations/describe-destination.ts';
import { directionOf } from './identifier-hits.ts';
import { consentAt } from './consent.ts';
import { displayFilter } from './display-filter.ts';
import { findingKey } from './finding-key.ts';
import type { Detector, ExhibitFacts, RuleContext, UnwordedFinding } from './finding-input.ts';
import { serviceComponent, serviceSignals, serviceUseSetting, type ServiceSignal } from './service-signals.ts';

const rule = 'service-started-without-consent';
const version = 1;

/**
 * A messaging service at work in a run for which events are attested, and no consent act up to then. One finding for each kind of signal and
 * capture, at its first message (severity `high`); and one from the handset's own records, where its use is set and a component starts it at
 * boot (severity `medium`, `probable`: when it was set is not known).
 */
export const serviceStartedWithoutConsent: Detector = {
  rule,
  version,
  detect: (context) => [...fromTraffic(context), ...fromRecords(context)],
};

function fromTraffic(context: RuleContext): UnwordedFinding[] {
  const firsts = new Map<string, { signal: ServiceSignal; message: Message }>();
  for (const message of context.messages) {
    for (const signal of serviceSignals) {
      if (!signal.matches(message)) continue;
      const key = `${message.exhibit} ${signal.service} ${signal.signal}`;
      const known = firsts.get(key);
      const earlier =
        known === undefined ||
        message.at < known.message.at ||
        (message.at === known.message.at && message.frame < known.message.frame);
      if (earlier) firsts.set(key, { signal, message });
    }
  }
  const findings: UnwordedFinding[] = [];
  for (const { signal, message } of firsts.values()) {
    const facts = context.exhibitOf.get(message.exhibit);
    const flow = context.flowOf.get(message.flow);
    if (facts === undefined || flow === undefined) continue;
    if (consentAt(context.events, facts, message.at).consent === 'before-any-act')
      findings.push(trafficFinding(context, facts, flow, signal, message));
  }
  return findings;
}

function trafficFinding(
  context: RuleContext,
  facts: ExhibitFacts,
  flow: Flow,
  signal: ServiceSignal,
  message: Message,
): UnwordedFinding {
  return {
    ...blank(context, facts, `${signal.signal}:frame ${message.frame}`),
    severity: 'high',
    confidence: 'certain',
    channel: flow.channel,
    contentKnownBy: message.contentKnownBy ?? 'wire',
    direction: directionOf(flow, 0),
    flow: flow.id,
    frames: [{ exhibit: facts.id, frame: message.frame }],
    filter: displayFilter(flow, [message.frame], facts.id),
    field: signal.signal,
    at: message.at,
    destination: describeDestination(flow, message, context),
  };
}

function fromRecords(context: RuleContext): UnwordedFinding[] {
  const findings: UnwordedFinding[] = [];
  const seen = new Set<string>();
  for (const record of context.records) {
    const { namespace, name, value } = serviceUseSetting;
    if (record.kind !== 'setting' || record.namespace !== namespace || record.name !== name || record.value !== value)
      continue;
    const facts = context.exhibitOf.get(record.exhibit);
    if (
      facts === undefined ||
      seen.has(facts.id) ||
      consentAt(context.events, facts, null).consent !== 'before-any-act'
    )
      continue;
    const starter = context.records.some(
      (other) =>
        other.kind === 'component' &&
        other.handset === record.handset &&
        other.label === record.label &&
        other.bootReceiver &&
        other.enabled !== false &&
        (serviceComponent.test(other.package) || serviceComponent.test(other.name)),
    );
    if (!starter) continue;
    seen.add(facts.id);
    findings.push({
      ...blank(context, facts, `setting ${namespace}/${name}`),
      severity: 'medium',
      confidence: 'probable',
      contentKnownBy: 'handset',
      field: `${namespace}/${name}`,
    });
  }
  return findings;
}

function blank(context: RuleContext, facts: ExhibitFacts, place: string): UnwordedFinding {
  return {
    key: findingKey({
      rule,
      version,
      exhibitSha256: facts.sha256,
      offset: `${place}${context.copyOf.get(facts.id) ?? ''}`,
      identifier: '',
      transform: [],
    }),
    rule,
    ruleVersion: version,
    severity: 'medium',
    confidence: 'probable',
    label: facts.label,
    handset: facts.handset,
    run: facts.run,
    identifier: null,
    form: null,
    transform: [],
    representation: null,
    channel: null,
    contentKnownBy: null,
    direction: null,
    flow: null,
    frames: [],
    exhibitSha256: facts.sha256,
    streamOffset: null,
    filter: null,
    field: null,
    at: null,
    destination: null,
    consent: 'before-any-act',
    bodyOffset: null,
    context: null,
  };
}
