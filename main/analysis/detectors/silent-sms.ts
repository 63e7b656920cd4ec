import { createHash } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Destination } from '../../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { representationOf } from '../search/hit.ts';
import { findInText, type TextMatch } from '../search/find-in-text.ts';
import { consentAt } from './consent.ts';
import { findingKey } from './finding-key.ts';
import type { Detector, ExhibitFacts, RuleContext, UnwordedFinding } from './finding-input.ts';

const rule = 'silent-sms';
const version = 1;

type SilentSms = Extract<SnapshotRecord, { kind: 'silent-sms' }>;

/** `MX/<H(deviceId)>/<H(iccid)>/<password>` (decompiled MIUI Mms of 2012; handbook: case-2014.md). */
const messagingActivation = /^MX\/[\w-]{16,27}\/[\w-]{16,27}\//;

/**
 * A text message that the handset sent by itself, as its radio log shows it. One finding for each identifier of this handset in it (`high`); with
 * none that is known, one that names the format only (`medium`). It goes over the mobile network: no capture of IP traffic shows it.
 */
export const silentSms: Detector = {
  rule,
  version,
  detect(context) {
    const findings = new Map<string, UnwordedFinding>();
    for (const record of context.records) {
      if (record.kind !== 'silent-sms') continue;
      const facts = context.exhibitOf.get(record.exhibit);
      if (facts === undefined) continue;
      const matches = findInText(context.patterns, record.text).filter((match) =>
        match.owners.some((owner) => owner.handset === record.handset),
      );
      const drafts = matches.map((match) => draftOf(context, facts, record, match));
      if (drafts.length === 0 && messagingActivation.test(record.text))
        drafts.push(draftOf(context, facts, record, null));
      for (const draft of drafts) if (!findings.has(draft.key)) findings.set(draft.key, draft);
    }
    return [...findings.values()];
  },
};

function draftOf(
  context: RuleContext,
  facts: ExhibitFacts,
  record: SilentSms,
  match: TextMatch | null,
): UnwordedFinding {
  const owner = match?.owners.find((one) => one.handset === record.handset) ?? null;
  const value = match === null ? undefined : context.patterns.values[match.value];
  // The log has no offset that outlives a new parser: the message itself is its place.
  const place = createHash('sha256')
    .update(`${record.atHandset ?? ''}\n${record.text}`)
    .digest('hex')
    .slice(0, 16);
  return {
    key: findingKey({
      rule,
      version,
      exhibitSha256: facts.sha256,
      offset: `${place}${match === null ? '' : `+${match.start}`}${context.copyOf.get(facts.id) ?? ''}`,
      identifier: value === undefined ? '' : `${value.kind}:${value.value}`,
      transform: match?.transform ?? [],
    }),
    rule,
    ruleVersion: version,
    severity: match === null ? 'medium' : 'high',
    confidence: match === null ? 'possible' : match.bits >= 60 ? 'certain' : 'probable',
    label: facts.label,
    handset: record.handset,
    run: facts.run,
    identifier: owner === null || value === undefined ? null : { id: owner.id, kind: value.kind },
    form: match?.form ?? null,
    transform: [...(match?.transform ?? [])],
    representation: match === null ? null : representationOf(match.transform),
    channel: null,
    contentKnownBy: 'handset',
    direction: 'to-server',
    flow: null,
    frames: [],
    exhibitSha256: facts.sha256,
    streamOffset: null,
    filter: null,
    field: messagingActivation.test(record.text) ? 'MX activation message' : 'text message',
    // The handset's clock is not the gateway's: the instant stays with the record.
    at: null,
    destination: destinationOf(record),
    ...consentAt(context.events, facts, null),
    bodyOffset: null,
    context: contextOf(record.text, match),
  };
}

function contextOf(text: string, match: TextMatch | null): UnwordedFinding['context'] {
  const bytes = Buffer.from(text, 'utf8').subarray(0, 512);
  return match === null || match.end > bytes.length
    ? null
    : { base64: bytes.toString('base64'), matchStart: match.start, matchEnd: match.end };
}

/** The region of a number's plan says where the gateway is registered, not where the message is read. */
function destinationOf(record: SilentSms): Destination | null {
  if (record.destination === null) return null;
  const region = parsePhoneNumberFromString(record.destination)?.country ?? null;
  return {
    address: record.destination,
    names: [],
    country: region,
    asn: null,
    holder: null,
    sources: [
      {
        what: 'number-plan',
        value: region ?? 'unknown',
        dataAt: null,
        note: 'region of the number plan (ITU-T E.164); gateway number of a text message',
      },
    ],
  };
}
