import type { FindingDetail } from '../../../shared/contract/findings.ts';
import { Copyable } from '../../widgets/copyable.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Facts } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { ExhibitLink } from '../references.tsx';
import { WiresharkButton } from '../traffic/open-in-wireshark.tsx';

/** All that a reader needs to find the same bytes with another tool. */
export function Repeat({ detail }: { readonly detail: FindingDetail }) {
  const { say, number } = useWords();
  const { finding, exhibit } = detail;
  return (
    <section>
      <h3>{say('ui.finding.repeat')}</h3>
      {finding.filter === null ? null : <Copyable text={finding.filter} what={say('ui.finding.filter')} />}
      {finding.filter === null || finding.frames.length === 0 ? null : (
        <p>
          <WiresharkButton what={{ type: 'finding', key: finding.key }} />
        </p>
      )}
      <Facts
        facts={[
          {
            name: say('ui.column.exhibit'),
            value:
              exhibit === null ? (
                '—'
              ) : (
                <>
                  <ExhibitLink id={exhibit.id} /> <HostileText text={exhibit.originalName} max={120} />
                </>
              ),
          },
          { name: 'SHA-256', value: <code className="breakable">{finding.exhibitSha256}</code> },
          {
            name: say('ui.finding.frames'),
            value: finding.frames.map((frame) => `${frame.exhibit} #${number(frame.frame)}`).join(', ') || '—',
          },
          {
            name: say('ui.finding.offset'),
            value: finding.streamOffset === null ? '—' : number(finding.streamOffset),
          },
          detail.bodyOffset === null ? null : { name: say('ui.finding.body-offset'), value: number(detail.bodyOffset) },
          { name: say('ui.finding.field'), value: <HostileText text={finding.field ?? '—'} mono /> },
          {
            name: say('ui.finding.rule'),
            value: say('ui.finding.rule-version', { rule: finding.rule, version: finding.ruleVersion }),
          },
          { name: say('ui.finding.key'), value: <code className="breakable">{finding.key}</code> },
        ]}
      />
    </section>
  );
}
