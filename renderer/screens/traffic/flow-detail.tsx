import type { FlowDetail } from '../../../shared/contract/traffic.ts';
import type { QueryState } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { DestinationView } from '../findings/destination-view.tsx';
import { OperatorOfFlow } from '../findings/operator-view.tsx';
import { Exchange } from './exchange.tsx';
import { FlowFacts } from './flow-facts.tsx';
import { OpenInWireshark } from './open-in-wireshark.tsx';

function Loaded({ detail }: { readonly detail: FlowDetail }) {
  const { say, sayIfKnown } = useWords();
  const { go } = useNavigation();
  const { flow } = detail;
  return (
    <>
      {detail.findings.length === 0 ? null : (
        <Notice tone="bad" title={say('ui.flow.findings', { count: detail.findings.length })}>
          <ul className="bullets">
            {detail.findings.map((finding) => (
              <li key={finding.key}>
                <LinkButton onPress={() => go({ screen: 'findings', key: finding.key })}>{finding.number}</LinkButton>{' '}
                <HostileText text={finding.statement} max={300} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {flow.incomplete.length === 0 ? null : (
        <Notice tone="warning" title={say('ui.flow.incomplete')}>
          {flow.incomplete.map((code) => sayIfKnown(`ui.incomplete.${code}`, code)).join(' · ')}
        </Notice>
      )}
      <p>
        <OpenInWireshark flow={flow.id} frame={detail.messages[0]?.frame ?? null} />
      </p>
      <FlowFacts detail={detail} />
      <DestinationView destination={detail.destination} seenAt={flow.firstPacketAt} />
      <Exchange key={flow.id} flow={flow.id} />
      <OperatorOfFlow flow={flow.id} />
    </>
  );
}

export interface FlowDetailPanelProps {
  readonly state: QueryState<FlowDetail>;
  readonly onClose: () => void;
}

export function FlowDetailPanel({ state, onClose }: FlowDetailPanelProps) {
  const { say } = useWords();
  return (
    <Panel
      title={say('ui.flow.title', { flow: state.value?.flow.id ?? 0 })}
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
