import type { Task } from '../../../shared/contract/tasks.ts';
import { outcomes, type Outcome } from '../../../shared/model/acquisition.ts';
import { Badge, OutcomeBadge } from '../../widgets/badge.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { reasonText } from '../../words/reason-text.ts';
import { useWords } from '../../words/words.tsx';

function isOutcome(state: string): state is Outcome {
  return (outcomes as readonly string[]).includes(state);
}

/** Every collector of a running acquisition, with what came of it so far. */
export function TaskItems({ task }: { readonly task: Task }) {
  const words = useWords();
  const { say, sayIfKnown } = words;
  return (
    <ol className="collectors">
      {task.items.map((item) => (
        <li key={item.id} className={`collector collector-${item.state}`}>
          <span className="collector-title">
            <HostileText text={item.titleKey === null ? item.title : sayIfKnown(item.titleKey, item.title)} />
          </span>
          {isOutcome(item.state) ? (
            <OutcomeBadge outcome={item.state} />
          ) : (
            <Badge
              tone={item.state === 'running' ? 'blue' : item.state === 'failed' ? 'bad' : 'neutral'}
              text={say(`ui.item-state.${item.state}`)}
            />
          )}
          {item.detail === null ? null : (
            <span className="muted">
              <HostileText text={reasonText(words, item.detail)} max={300} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
