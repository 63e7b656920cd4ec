import { useState } from 'react';
import type { UnfinishedRow } from '../../../shared/contract/imports.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { LabelText } from '../../widgets/label-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';

export interface UnfinishedImportsProps {
  /** A task of the window imports now: it would be listed as cut off. */
  readonly busy: boolean;
  readonly onResumed: (task: string) => void;
}

/** Imports that were cut off: to be gone on with or taken away. */
export function UnfinishedImports({ busy, onResumed }: UnfinishedImportsProps) {
  const { say, bytes } = useWords();
  const { case: token } = useCase();
  const list = useQuery('imports.unfinished', busy ? null : { case: token }, ['case']);
  const resume = useOrder('imports.resume');
  const discard = useOrder('imports.discard');
  const [asked, setAsked] = useState<string | null>(null);
  const rows = busy ? [] : (list.value ?? []);
  if (rows.length === 0) return null;

  async function goOn(id: string): Promise<void> {
    const reply = await resume.give({ case: token, id });
    if (reply.ok) onResumed(reply.value.task);
  }

  async function takeAway(id: string): Promise<void> {
    // One press asks, the next one does it.
    if (asked !== id) return setAsked(id);
    await discard.give({ case: token, id });
    setAsked(null);
    list.reload();
  }

  return (
    <Panel title={say('ui.import.unfinished')}>
      <p className="muted">{say('ui.import.unfinished-about')}</p>
      {resume.problem === null ? null : <ProblemNotice problem={resume.problem} />}
      {discard.problem === null ? null : <ProblemNotice problem={discard.problem} />}
      <PlainTable<UnfinishedRow>
        caption={say('ui.import.unfinished')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { id: 'name', header: say('ui.column.name'), cell: (row) => <HostileText text={row.name} max={200} /> },
          {
            id: 'copied',
            header: say('ui.import.copied'),
            align: 'end',
            cell: (row) => say('ui.task.of', { done: bytes(row.copiedBytes), total: bytes(row.bytes) }),
          },
          { id: 'label', header: say('ui.column.label'), cell: (row) => <LabelText label={row.label} /> },
          {
            id: 'action',
            header: say('ui.column.action'),
            cell: (row) => (
              <div className="button-row">
                <Button kind="primary" busy={resume.busy} onPress={() => void goOn(row.id)}>
                  {say('ui.import.resume')}
                </Button>
                <Button kind="quiet" busy={discard.busy} onPress={() => void takeAway(row.id)}>
                  {asked === row.id ? say('ui.import.discard-sure') : say('ui.import.discard')}
                </Button>
              </div>
            ),
          },
        ]}
      />
    </Panel>
  );
}
