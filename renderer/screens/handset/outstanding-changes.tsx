import type { JournalledChange } from '../../../shared/model/handset-change.ts';
import { undoLine } from '../../../shared/model/handset-change.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { reasonText } from '../../words/reason-text.ts';

/** What may still be on a handset because the program, the cable or the handset stopped; nothing when there is none. */
export function OutstandingChanges() {
  const words = useWords();
  const { say, sayIfKnown } = words;
  const { case: token, actor } = useCase();
  const canWrite = useCanWrite();
  const list = useQuery('handsets.outstanding', { case: token }, ['case', 'handsets']);
  const undo = useOrder('handsets.undo');
  const rows = list.value ?? [];
  if (list.problem !== null) return <ProblemNotice problem={list.problem} />;
  if (rows.length === 0) return null;

  async function takeBack(): Promise<void> {
    await undo.give({ case: token });
    list.reload();
  }

  return (
    <Panel title={say('ui.outstanding.title')}>
      <Notice tone="warning">{say('ui.outstanding.about')}</Notice>
      {undo.problem === null ? null : <ProblemNotice problem={undo.problem} />}
      <PlainTable<JournalledChange>
        caption={say('ui.outstanding.title')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            id: 'handset',
            header: say('ui.column.handset'),
            cell: ({ handset, serial }) => (
              <>
                {handset}
                <div className="muted">
                  <HostileText text={serial} mono max={120} />
                </div>
              </>
            ),
          },
          { id: 'begun', header: say('ui.outstanding.begun'), cell: ({ begunAt }) => <Instant at={begunAt} /> },
          {
            id: 'change',
            header: say('ui.outstanding.change'),
            cell: ({ command, reason }) => (
              <>
                <HostileText text={command} mono max={200} />
                <div className="muted">{sayIfKnown(`ui.change-reason.${reason}`, reason)}</div>
              </>
            ),
          },
          {
            id: 'undo',
            header: say('ui.outstanding.undo'),
            cell: ({ undo: steps, ends }) => (
              <>
                <HostileText text={undoLine(steps ?? [], (key) => say(`ui.undo.${key}`))} mono max={200} />
                <div className="muted">{reasonText(words, ends.at(-1)?.why ?? 'cut-off')}</div>
              </>
            ),
          },
        ]}
      />
      {canWrite ? (
        <div className="button-row">
          <Button busy={undo.busy} onPress={() => void takeBack()}>
            {say('ui.outstanding.now')}
          </Button>
          <span className="muted">{say('ui.outstanding.signed', { actor })}</span>
        </div>
      ) : null}
    </Panel>
  );
}
