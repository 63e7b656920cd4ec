import { useState, type ReactNode } from 'react';
import type { Task } from '../../../shared/contract/tasks.ts';
import type { Problem } from '../../../shared/model/problem.ts';
import { isRunning, useTask, useTasks } from '../../bridge/tasks.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { IntakeWarning } from '../handset/intake-warning.tsx';
import { NeedsHandset } from './needs-handset.tsx';
import { RunFields, type RunSources } from './run-fields.tsx';

export interface ShownRun {
  /** The one under way, else the one that was started here last. */
  readonly shown: Task | null;
  readonly underWay: boolean;
  readonly setStarted: (task: string) => void;
}

/** The capture that this screen is about: one at a time, also after the person was elsewhere. */
export function useShownRun(kind: 'capture'): ShownRun {
  const [started, setStarted] = useState<string | null>(null);
  const underWay = useTasks().find((task) => task.kind === kind && isRunning(task)) ?? null;
  const last = useTask(started);
  return { shown: underWay ?? last, underWay: underWay !== null, setStarted };
}

export interface StartRunProps {
  readonly title: string;
  readonly about?: string;
  readonly sources: RunSources;
  readonly order: { readonly busy: boolean; readonly problem: Problem | null };
  readonly submit: string;
  /** What this kind of run needs besides handset, label and run. */
  readonly fields: ReactNode;
  readonly fieldsComplete?: boolean;
  /** Between the fields and the button. */
  readonly children?: ReactNode;
  readonly onStart: () => Promise<void>;
}

/** The form that starts an acquisition or a capture, or what is missing for it; nothing in a case that is only read. */
export function StartRun(props: StartRunProps) {
  const { title, about, sources, order, submit, fields, fieldsComplete = true, children, onStart } = props;
  const { say } = useWords();
  if (!useCanWrite()) return <Notice tone="info">{say('ui.reader.cannot')}</Notice>;
  return (
    <Panel title={title}>
      {about === undefined ? null : <p className="muted">{about}</p>}
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {!sources.loaded ? (
        <p className="muted">{say('ui.handset.looking')}</p>
      ) : sources.ready.length === 0 || sources.known.length === 0 ? (
        <NeedsHandset sources={sources} />
      ) : (
        <>
          <div className="form-grid">
            <RunFields sources={sources} />
            {fields}
          </div>
          <IntakeWarning handset={sources.known.find(({ id }) => id === sources.choice.handset) ?? null} />
          {children}
          <div className="button-row">
            <Button
              kind="primary"
              disabled={!sources.complete || !fieldsComplete}
              busy={order.busy}
              title={sources.complete ? undefined : say('ui.run.label-hint')}
              onPress={() => void onStart()}
            >
              {submit}
            </Button>
          </div>
        </>
      )}
    </Panel>
  );
}

export interface ShownRuns {
  /** Every acquisition under way in this case, and the one that was started here last; newest first. */
  readonly shown: readonly Task[];
  /** Handsets that are being acquired, by whichever case. */
  readonly busySerials: readonly string[];
  readonly setStarted: (task: string) => void;
}

/** The acquisitions that this screen is about: each handset's by itself, several at once. */
export function useShownAcquisitions(): ShownRuns {
  const { case: token } = useCase();
  const [started, setStarted] = useState<string | null>(null);
  const runs = useTasks().filter((task) => task.kind === 'acquisition');
  return {
    shown: runs.filter((task) => task.task === started || (isRunning(task) && task.about?.case === token)),
    busySerials: runs.filter(isRunning).map((task) => task.title),
    setStarted,
  };
}
