import { isRunning, useTasks } from '../bridge/tasks.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useCanWrite, useCase } from '../open-case.tsx';
import { Button } from '../widgets/button.tsx';
import { ProblemNotice } from '../widgets/notice.tsx';
import { useWords } from '../words/words.tsx';

/** «Analyse now» wherever results are older than what was added. */
export function AnalyseButton() {
  const { say } = useWords();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const order = useOrder('analysis.start');
  const running = useTasks().some((task) => task.kind === 'analysis' && isRunning(task));
  return (
    <>
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
