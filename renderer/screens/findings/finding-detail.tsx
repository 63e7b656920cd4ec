import type { FindingDetail } from '../../../shared/contract/findings.ts';
import type { QueryState } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { ConfidenceBadge, SeverityBadge } from '../../widgets/badge.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Facts, Panel } from '../../widgets/page.tsx';
import { WorkstationInstant } from '../../widgets/workstation-instant.tsx';
import { TransformPath } from '../../widgets/transform-path.tsx';
import { useWords } from '../../words/words.tsx';
import { Decide } from './decide.tsx';
import { DestinationView } from './destination-view.tsx';
import { Axes } from './finding-axes.tsx';
import { FindingBytes } from './finding-bytes.tsx';
import { Repeat } from './finding-repeat.tsx';
import { TransformPicture } from './transform-picture.tsx';

function Loaded({ detail }: { readonly detail: FindingDetail }) {
  const { say } = useWords();
  const { go } = useNavigation();
  const { finding, identifier, flow } = detail;
  return (
    <>
      <p className="statement">
        <HostileText text={finding.statement} max={1000} />
      </p>
      <p className="badges">
        <SeverityBadge severity={finding.severity} /> <ConfidenceBadge confidence={finding.confidence} />{' '}
        {finding.identifier === null ? null : (
          <span className="muted">{say(`ui.confidence-about.${finding.confidence}`)}</span>
        )}
        {finding.at === null ? null : <Instant at={finding.at} both />}
      </p>
      {finding.identifier === null && finding.transform.length === 0 ? null : (
        <TransformPath kind={finding.identifier?.kind ?? null} transform={finding.transform} />
      )}
      <Axes detail={detail} />
      {finding.identifier === null ? null : <TransformPicture findingKey={finding.key} />}
      <FindingBytes detail={detail} />
      <Facts
        facts={[
          finding.atWorkstation === undefined
            ? null
            : {
                name: say('ui.workstation.at'),
                value: <WorkstationInstant at={finding.atWorkstation} boundMs={finding.atWorkstationBoundMs} />,
              },
          identifier === null
            ? null
            : {
                name: say('ui.column.identifier'),
                value: (
                  <>
                    {identifier.id} <HostileText text={identifier.value} mono max={120} />{' '}
                    <span className="muted">
                      (<HostileText text={identifier.source} max={80} />)
                    </span>
                  </>
                ),
              },
          {
            name: say('ui.finding.direction'),
            value: finding.direction === null ? '—' : say(`ui.direction.${finding.direction}`),
          },
          {
            name: say('ui.column.handset'),
            value: (
              <HostileText
                text={[finding.handset, finding.label, finding.run].filter((part) => part !== null).join(' · ')}
              />
            ),
          },
          flow === null
            ? null
            : {
                name: say('ui.finding.flow'),
                value: (
                  <LinkButton onPress={() => go({ screen: 'traffic', flow: flow.id })}>
                    {say('ui.flow.title', { flow: flow.id })}
                  </LinkButton>
                ),
              },
        ]}
      />
      <Repeat detail={detail} />
      {finding.destination === null ? null : <DestinationView destination={finding.destination} seenAt={finding.at} />}
      <Decide detail={detail} />
    </>
  );
}

export interface FindingDetailPanelProps {
  readonly state: QueryState<FindingDetail>;
  readonly onClose: () => void;
}

export function FindingDetailPanel({ state, onClose }: FindingDetailPanelProps) {
  const { say } = useWords();
  return (
    <Panel
      title={state.value?.finding.number ?? say('ui.nav.findings')}
      aside={
        <Button kind="quiet" onPress={onClose}>
          {say('ui.close')}
        </Button>
      }
    >
      {state.problem === null ? null : <ProblemNotice problem={state.problem} />}
      {state.value === null ? (
        state.loading ? (
          <p className="muted">{say('ui.loading')}</p>
        ) : null
      ) : (
        <Loaded detail={state.value} />
      )}
    </Panel>
  );
}
