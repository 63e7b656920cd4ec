import type { FindingDetail } from '../../../shared/contract/findings.ts';
import { Badge, ChannelBadge, RepresentationBadge } from '../../widgets/badge.tsx';
import { useWords } from '../../words/words.tsx';

/** How it was written, in which channel, and how we know: three axes, never mixed. */
export function Axes({ detail }: { readonly detail: FindingDetail }) {
  const { say } = useWords();
  const { finding } = detail;
  return (
    <dl className="axes">
      <div>
        <dt>{say('ui.column.representation')}</dt>
        <dd>
          {finding.representation === null ? '—' : <RepresentationBadge representation={finding.representation} />}
        </dd>
      </div>
      <div>
        <dt>{say('ui.column.channel')}</dt>
        <dd>{finding.channel === null ? '—' : <ChannelBadge channel={finding.channel} />}</dd>
      </div>
      <div>
        <dt>{say('ui.finding.known-by')}</dt>
        <dd>
          <Badge tone="neutral" text={say(`ui.known-by.${finding.contentKnownBy ?? 'nothing'}`)} />
        </dd>
      </div>
      <div>
        <dt>{say('ui.finding.consent')}</dt>
        <dd>
          <Badge
            tone={finding.consent === 'before-any-act' ? 'bad' : 'neutral'}
            text={say(`ui.consent.${finding.consent}`)}
          />
        </dd>
      </div>
    </dl>
  );
}
