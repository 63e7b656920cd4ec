import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';

/** The labels of the case: which handset, which build, how much of each. */
export function LabelTable() {
  const { say, number } = useWords();
  const { case: token, summary } = useCase();
  const labels = useQuery('comparison.labels', { case: token }, ['index', 'case']);
  if (summary.labels.length === 0) return null;
  return (
    <Panel title={say('ui.labels.title')}>
      {labels.problem === null ? null : <ProblemNotice problem={labels.problem} />}
      <PlainTable
        caption={say('ui.labels.title')}
        rows={labels.value ?? []}
        rowKey={(row) => row.label}
        columns={[
          { id: 'label', header: say('ui.column.label'), cell: (row) => <HostileText text={row.label} /> },
          { id: 'handset', header: say('ui.column.handset'), cell: (row) => row.handsets.join(', ') },
          {
            id: 'runs',
            header: say('ui.column.runs'),
            cell: (row) => <HostileText text={row.runs.join(', ') || '—'} />,
          },
          {
            id: 'builds',
            header: say('ui.column.build'),
            cell: (row) => <HostileText text={row.builds.join(', ') || '—'} mono max={160} />,
          },
          { id: 'records', header: say('ui.column.records'), align: 'end', cell: (row) => number(row.records) },
          { id: 'flows', header: say('ui.column.flows'), align: 'end', cell: (row) => number(row.flows) },
        ]}
      />
    </Panel>
  );
}
