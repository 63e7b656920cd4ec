import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';

/** What each run was taken for: whoever reads a run differently reads the verdicts differently. */
export function RunsAsTaken() {
  const { say } = useWords();
  const { case: token } = useCase();
  const runs = useQuery('claims.runs', { case: token }, ['case', 'index']);
  if (runs.problem !== null) return <ProblemNotice problem={runs.problem} />;
  if (runs.value === null || runs.value.length === 0) return null;
  return (
    <details className="runs-taken">
      <summary>{say('ui.runs-taken.summary', { count: runs.value.length })}</summary>
      <p className="muted">{say('ui.runs-taken.about')}</p>
      <PlainTable
        caption={say('ui.runs-taken.title')}
        rows={runs.value}
        rowKey={(row) => JSON.stringify([row.label, row.run])}
        columns={[
          { id: 'run', header: say('ui.column.run'), cell: (row) => <HostileText text={row.run} max={120} /> },
          { id: 'build', header: say('ui.runs-taken.build'), cell: (row) => row.build },
          { id: 'reset', header: say('ui.runs-taken.reset'), cell: (row) => row.reset },
          { id: 'service', header: say('ui.runs-taken.service'), cell: (row) => row.service },
          { id: 'basis', header: say('ui.runs-taken.basis'), cell: (row) => row.basis },
        ]}
      />
    </details>
  );
}
