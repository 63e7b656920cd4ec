import type { ReactNode } from 'react';
import type { Problem } from '../../shared/model/problem.ts';
import { useWords } from '../words/words.tsx';
import { HostileText } from './hostile-text.tsx';

export type Tone = 'info' | 'good' | 'warning' | 'bad';

export interface NoticeProps {
  readonly tone: Tone;
  readonly title?: string | undefined;
  readonly children?: ReactNode;
  /** Buttons that lead on. */
  readonly actions?: ReactNode;
  /** Read out at once: something the person did has failed. */
  readonly urgent?: boolean;
}

export function Notice({ tone, title, children, actions, urgent = false }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={urgent ? 'alert' : 'status'}>
      <div className="notice-text">
        {title === undefined ? null : <strong>{title}</strong>}
        {children === undefined ? null : <div>{children}</div>}
      </div>
      {actions === undefined ? null : <div className="notice-actions">{actions}</div>}
    </div>
  );
}

/** An expected failure as an answer: what happened and what to do next. What a person has stopped is none, and looks like none. */
export function ProblemNotice({ problem, actions }: { readonly problem: Problem; readonly actions?: ReactNode }) {
  const { say, sayIfKnown } = useWords();
  const stopped = problem.code === 'interrupted';
  const sentence = sayIfKnown(`problem.${problem.code}`, problem.code, problem.params ?? {});
  return (
    <Notice tone={stopped ? 'info' : 'bad'} actions={actions} urgent={!stopped}>
      <HostileText text={sentence} />
      {problem.detail === undefined || problem.detail === '' ? null : (
        <details className="problem-detail">
          <summary>{say('ui.problem.detail')}</summary>
          <HostileText text={problem.detail} mono />
        </details>
      )}
    </Notice>
  );
}
