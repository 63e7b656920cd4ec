import type { Outcome } from '../../shared/model/acquisition.ts';
import type { Verdict } from '../../shared/model/claim.ts';
import type { Confidence, Severity } from '../../shared/model/finding.ts';
import type { Channel, Representation } from '../../shared/model/traffic.ts';
import { useWords } from '../words/words.tsx';

export type BadgeTone = 'neutral' | 'good' | 'warning' | 'bad' | 'blue' | 'violet' | 'teal';

export function Badge({
  tone,
  text,
  title,
}: {
  readonly tone: BadgeTone;
  readonly text: string;
  readonly title?: string;
}) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      {text}
    </span>
  );
}

const outcomeTones: Readonly<Record<Outcome, BadgeTone>> = {
  read: 'good',
  empty: 'neutral',
  absent: 'neutral',
  refused: 'warning',
  'timed-out': 'warning',
  unparsable: 'warning',
  interrupted: 'bad',
};

export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const { say } = useWords();
  return <Badge tone={outcomeTones[outcome]} text={say(`ui.outcome.${outcome}`)} />;
}

const channelTones: Readonly<Record<Channel, BadgeTone>> = {
  cleartext: 'bad',
  tls: 'blue',
  dtls: 'teal',
  quic: 'violet',
  unknown: 'neutral',
};

export function ChannelBadge({ channel }: { readonly channel: Channel }) {
  const { say } = useWords();
  return <Badge tone={channelTones[channel]} text={say(`ui.channel.${channel}`)} />;
}

const representationTones: Readonly<Record<Representation, BadgeTone>> = {
  plain: 'bad',
  encoded: 'warning',
  pseudonymised: 'violet',
  encrypted: 'blue',
};

export function RepresentationBadge({ representation }: { readonly representation: Representation }) {
  const { say } = useWords();
  return (
    <Badge
      tone={representationTones[representation]}
      text={say(`ui.representation.${representation}`)}
      title={say(`ui.representation-about.${representation}`)}
    />
  );
}

const severityTones: Readonly<Record<Severity, BadgeTone>> = {
  high: 'bad',
  medium: 'warning',
  low: 'blue',
  info: 'neutral',
};

export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  const { say } = useWords();
  return <Badge tone={severityTones[severity]} text={say(`ui.severity.${severity}`)} />;
}

export function ConfidenceBadge({ confidence }: { readonly confidence: Confidence }) {
  const { say } = useWords();
  return <Badge tone="neutral" text={say(`ui.confidence.${confidence}`)} />;
}

const verdictTones: Readonly<Record<Verdict, BadgeTone>> = {
  confirmed: 'good',
  refuted: 'bad',
  partly: 'warning',
  'not-testable': 'neutral',
  'not-enough-evidence': 'neutral',
};

export function VerdictBadge({ verdict }: { readonly verdict: Verdict }) {
  const { say } = useWords();
  return <Badge tone={verdictTones[verdict]} text={say(`ui.verdict.${verdict}`)} />;
}
