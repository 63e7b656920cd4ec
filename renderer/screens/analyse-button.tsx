import { contradictionsOf } from '../../shared/model/source-contradiction.ts';
import { isRunning, useTasks } from '../bridge/tasks.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useQuery } from '../bridge/use-query.ts';
import { useNavigation } from '../navigation.tsx';
import { useCanWrite, useCase } from '../open-case.tsx';
import { Button } from '../widgets/button.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../widgets/notice.tsx';
import { useWords } from '../words/words.tsx';

/** Values that the sources of a handset do not agree on: to be settled before they are searched for. */
function Contradictions() {
  const { say } = useWords();
  const { go } = useNavigation();
  const { case: token } = useCase();
  const list = useQuery('identifiers.list', { case: token, names: false }, ['case']);
  const found = contradictionsOf(list.value ?? []);
  if (found.length === 0) return null;
  return (
    <Notice
      tone="warning"
      title={say('ui.analysis.contradictions')}
      actions={
        <Button onPress={() => go({ screen: 'handset', tab: 'identifiers' })}>
          {say('ui.handset.tab-identifiers')}
        </Button>
      }
    >
      <ul className="bullets">
        {found.map(({ handset, kind, values }) => (
          <li key={`${handset} ${kind}`}>
            {say('ui.analysis.contradiction', { handset, kind: say(`ui.identifier-kind.${kind}`) })}{' '}
            {values.map(({ value, sources }, at) => (
              <span key={value}>
                {at === 0 ? null : ' / '}
                <HostileText text={value} mono max={60} /> (<HostileText text={sources.join(', ')} max={80} />)
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** «Analyse now» wherever results are older than what was added; what the sources disagree on stands before it. */
export function AnalyseButton() {
  const { say } = useWords();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const order = useOrder('analysis.start');
  const running = useTasks().some((task) => task.kind === 'analysis' && isRunning(task));
  return (
    <>
      <Contradictions />
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <Button
        kind="primary"
        busy={order.busy || running}
        disabled={!canWrite}
        onPress={() => void order.give({ case: token })}
      >
        {running ? say('ui.analysis.running') : say('ui.analysis.start')}
      </Button>
    </>
  );
}
