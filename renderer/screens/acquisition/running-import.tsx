import type { Task } from '../../../shared/contract/tasks.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { useWords } from '../../words/words.tsx';
import { TaskItems } from './task-items.tsx';

/** How far it is, and what came of it. */
export function RunningImport({ task }: { readonly task: Task }) {
  const { say } = useWords();
  const notices = task.result?.kind === 'import' ? (task.result.notices ?? []) : [];
  const running = task.endedAt === null;
  return (
    <Panel
      title={say('ui.import.running')}
      aside={
        running ? (
          <Button busy={task.status === 'stopping'} onPress={() => void call('tasks.cancel', { task: task.task })}>
            {say('ui.import.cancel')}
          </Button>
        ) : null
      }
    >
      {running ? <ProgressBar progress={task.progress} label={say('ui.import.running')} /> : null}
      {task.problem === null ? null : <ProblemNotice problem={task.problem} />}
      {task.result?.kind === 'import' ? (
        <Notice tone={task.gaps.length === 0 ? 'good' : 'warning'}>
          {task.result.acquisition === undefined
            ? task.result.packets === null
              ? say('ui.attach.done', { exhibits: task.result.exhibits.join(', ') })
              : say('ui.import.done', { exhibits: task.result.exhibits.length, packets: task.result.packets })
            : say('ui.output.done', {
                acquisition: task.result.acquisition,
                exhibits: task.result.exhibits.length,
              })}
        </Notice>
      ) : null}
      {[...notices, ...task.gaps].map((line) => (
        <p key={line} className="hint">
          <HostileText text={line} max={400} />
        </p>
      ))}
      <TaskItems task={task} />
    </Panel>
  );
}
