import type { ReactNode } from 'react';
import type { Problem } from '../../shared/model/problem.ts';
import { useWords } from '../words/words.tsx';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';
import { ProblemNotice } from './notice.tsx';

export interface FormModalProps {
  readonly title: string;
  /** What the button that does it says. */
  readonly submit: string;
  /** Everything that is needed is there. */
  readonly complete: boolean;
  readonly order: { readonly busy: boolean; readonly problem: Problem | null };
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A few fields that stand before everything else, with the way back and the one thing that they are for. */
export function FormModal({ title, submit, complete, order, onSubmit, onClose, children }: FormModalProps) {
  const { say } = useWords();
  return (
    <Modal
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {say('ui.cancel')}
          </Button>
          <Button
            kind="primary"
            disabled={!complete}
            busy={order.busy}
            title={complete ? undefined : say('ui.form.fill-all')}
            onPress={() => void onSubmit()}
          >
            {submit}
          </Button>
        </>
      }
    >
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {children}
    </Modal>
  );
}
