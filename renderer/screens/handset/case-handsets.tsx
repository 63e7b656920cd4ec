import { useState } from 'react';
import { useQuery } from '../../bridge/use-query.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { AddHandset } from './add-handset.tsx';

/** The handsets of the case, whether they are plugged in or not. */
export function CaseHandsets() {
  const { say } = useWords();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const list = useQuery('handsets.list', { case: token }, ['case']);
  const [adding, setAdding] = useState(false);
  const add = canWrite ? (
    <Button kind="primary" onPress={() => setAdding(true)}>
      {say('ui.case-handsets.add')}
    </Button>
  ) : null;
  return (
    <Panel title={say('ui.handset.tab-case')} aside={list.value?.length === 0 ? null : add}>
      {list.problem === null ? null : <ProblemNotice problem={list.problem} />}
      {list.value?.length === 0 ? (
        <Empty title={say('ui.case-handsets.none')} actions={add}>
          {say('ui.case-handsets.none-about')}
        </Empty>
      ) : (
        <PlainTable
          caption={say('ui.handset.tab-case')}
          rows={list.value ?? []}
          rowKey={(handset) => handset.id}
          columns={[
            { id: 'id', header: say('ui.column.id'), cell: (handset) => handset.id },
            { id: 'label', header: say('ui.column.name'), cell: (handset) => <HostileText text={handset.label} /> },
            {
              id: 'serial',
              header: say('ui.add-handset.serial'),
              cell: (handset) => (handset.serial === null ? '—' : <HostileText text={handset.serial} mono />),
            },
            { id: 'role', header: say('ui.add-handset.role'), cell: (handset) => say(`ui.role.${handset.role}`) },
            { id: 'added', header: say('ui.column.added'), cell: (handset) => <Instant at={handset.addedAt} /> },
          ]}
        />
      )}
      {adding ? <AddHandset from={null} onClose={() => setAdding(false)} /> : null}
    </Panel>
  );
}
