import { useState } from 'react';
import type { OpenCase } from '../../shared/contract/cases.ts';
import type { Task } from '../../shared/contract/tasks.ts';
import { call } from '../bridge/client.ts';
import { isRunning, useTasks } from '../bridge/tasks.ts';
import { useNavigation } from '../navigation.tsx';
import { useWords } from '../words/words.tsx';
import { Button } from './button.tsx';
import { HostileText } from './hostile-text.tsx';
import { ProblemNotice } from './notice.tsx';
import { ProgressBar } from './progress-bar.tsx';

/** Where the result of a finished task is seen. */
function ResultButton({ task, onOpenCase }: { readonly task: Task; readonly onOpenCase: (next: OpenCase) => void }) {
  const { say } = useWords();
  const { go } = useNavigation();
  const { result } = task;
  if (result === null) return null;
  switch (result.kind) {
    case 'demonstration':
      return (
        <Button
          kind="primary"
          onPress={() => {
            void call('cases.open', { case: result.case }).then((reply) => {
              if (!reply.ok) return;
              onOpenCase(reply.value);
              go({ screen: 'findings' });
            });
          }}
        >
          {say('ui.task.open-demonstration')}
        </Button>
      );
    case 'acquisition':
      return <Button onPress={() => go({ screen: 'acquisition', tab: 'acquire' })}>{say('ui.task.show')}</Button>;
    case 'capture':
    case 'import':
      return <Button onPress={() => go({ screen: 'acquisition', tab: 'exhibits' })}>{say('ui.task.show')}</Button>;
    case 'analysis':
      return <Button onPress={() => go({ screen: 'findings' })}>{say('ui.task.show')}</Button>;
    case 'verification':
      return <Button onPress={() => go({ screen: 'custody' })}>{say('ui.task.show')}</Button>;
    case 'search':
      return <Button onPress={() => go({ screen: 'search' })}>{say('ui.task.show')}</Button>;
    case 'report':
      return <Button onPress={() => void call('report.reveal', { task: task.task })}>{say('ui.report.reveal')}</Button>;
  }
}

function TaskLine({
  task,
  onOpenCase,
  onDismiss,
}: {
  readonly task: Task;
  readonly onOpenCase: (next: OpenCase) => void;
  readonly onDismiss: () => void;
}) {
  const { say } = useWords();
  const title = say(`ui.task-kind.${task.kind}`);
  return (
    <li className={`task task-${task.status}`}>
      <div className="task-title">
        <strong>{title}</strong>
        {task.title === '' || task.title === task.kind ? null : <HostileText text={task.title} max={120} />}
        <span className="muted">{say(`ui.task-status.${task.status}`)}</span>
      </div>
      {isRunning(task) ? <ProgressBar progress={task.progress} label={title} /> : null}
      {task.problem === null ? null : <ProblemNotice problem={task.problem} />}
      {task.gaps.length === 0 || isRunning(task) ? null : (
        <details className="task-gaps">
          <summary>{say('ui.task.gaps', { count: task.gaps.length })}</summary>
          <ul>
            {task.gaps.map((gap) => (
              <li key={gap}>
                <HostileText text={gap} max={400} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className="task-buttons">
        {isRunning(task) ? (
          <Button
            kind="quiet"
            disabled={task.status === 'stopping'}
            onPress={() => void call('tasks.cancel', { task: task.task })}
          >
            {say('ui.task.cancel')}
          </Button>
        ) : (
          <>
            <ResultButton task={task} onOpenCase={onOpenCase} />
            <Button kind="quiet" onPress={onDismiss}>
              {say('ui.task.dismiss')}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

/** What is under way, on every screen: progress, cancel, and what came of it until it is put away. */
export function TaskDock({ onOpenCase }: { readonly onOpenCase: (next: OpenCase) => void }) {
  const { say } = useWords();
  const tasks = useTasks();
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const shown = tasks.filter((task) => !dismissed.has(task.task)).slice(0, 4);
  const newest = shown[0];
  return (
    <section className={shown.length === 0 ? 'dock dock-empty' : 'dock'} aria-label={say('ui.task.dock')}>
      <p className="only-read-out" role="status">
        {newest === undefined ? '' : `${say(`ui.task-kind.${newest.kind}`)}: ${say(`ui.task-status.${newest.status}`)}`}
      </p>
      <ul>
        {shown.map((task) => (
          <TaskLine
            key={task.task}
            task={task}
            onOpenCase={onOpenCase}
            onDismiss={() => setDismissed((old) => new Set([...old, task.task]))}
          />
        ))}
      </ul>
    </section>
  );
}
