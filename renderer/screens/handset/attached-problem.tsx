import type { QueryState } from '../../bridge/use-query.ts';
import { Button } from '../../widgets/button.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

/** Why what is attached to a handset could not be listed: an empty list would say that there is nothing to choose. */
export function AttachedProblem({ attached }: { readonly attached: QueryState<unknown> }) {
  const { say } = useWords();
  if (attached.problem === null) return null;
  return (
    <div className="stack">
      <span>{say('ui.attached.not-listed')}</span>
      <ProblemNotice
        problem={attached.problem}
        actions={
          <Button busy={attached.loading} onPress={attached.reload}>
            {say('ui.retry')}
          </Button>
        }
      />
    </div>
  );
}
