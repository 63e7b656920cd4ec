import type { Severity } from '../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { Channel } from '../../../shared/model/traffic.ts';
import type { Detector, UnwordedFinding } from './finding-input.ts';
import { draftOfHit, judgeHits } from './identifier-hits.ts';

// What follows a person for life or belongs to somebody else weighs most; what can be reset, least.
const lasting: ReadonlySet<IdentifierKind> = new Set([
  'imei',
  'meid',
  'imsi',
  'iccid',
  'msisdn',
  'contact-msisdn',
  'contact-name',
  'serial',
  'wifi-mac',
  'bluetooth-mac',
]);

/**
 * An identifier of this handset left it towards a server.
 * Severity: `high` for lasting identifiers and other people's in a form that anybody on the path can read (plain or encoded, cleartext channel
 * or what stands open in a protected one);
 * `medium` for them otherwise (a digest of a number can be enumerated), and for the rest in readable form; `low` for the rest;
 * `info` where the match itself is only possible.
 */
export const identifierTransmitted: Detector = {
  rule: 'identifier-transmitted',
  version: 1,
  detect(context): UnwordedFinding[] {
    return judgeHits(context)
      .filter((judged) => judged.own && judged.direction === 'to-server')
      .map((judged) => {
        const draft = draftOfHit(context, judged, this.rule, this.version, 'info');
        return { ...draft, severity: severityOf(draft) };
      });
  },
};

const protectedChannels: ReadonlySet<Channel | null> = new Set(['tls', 'dtls', 'quic']);

function severityOf(draft: UnwordedFinding): Severity {
  if (draft.confidence === 'possible' || draft.identifier === null) return 'info';
  // What a capture alone shows of a protected connection stands in its opening, for anybody on the path: a server's name, say.
  const open = draft.contentKnownBy === 'wire' || !protectedChannels.has(draft.channel);
  const readable = open && draft.representation !== 'pseudonymised';
  if (lasting.has(draft.identifier.kind)) return readable ? 'high' : 'medium';
  return readable ? 'medium' : 'low';
}
