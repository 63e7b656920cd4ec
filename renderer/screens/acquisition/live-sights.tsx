import type { Task } from '../../../shared/contract/tasks.ts';
import type { LiveSight } from '../../../shared/model/live-sight.ts';
import { isRunning } from '../../bridge/tasks.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice } from '../../widgets/notice.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';

/** From here on the search is said to be behind. */
const behindBytes = 64 * 1024 * 1024;

const keyOf = (one: LiveSight): string =>
  [one.identifier.id, one.representation, one.channel, one.direction, one.address].join(' ');

/** What a capture shows while it runs, newest first: provisional until its exhibit is analysed. */
export function LiveSights({ task }: { readonly task: Task }) {
  const { say, bytes } = useWords();
  const { live } = task;
  const behind = task.counts['behind'] ?? null;
  if (behind === null && live === undefined) return null;
  const sights = (live?.sights ?? []).toReversed();
  return (
    <>
      <h3>{say('ui.live.title')}</h3>
      <p className="hint">{say('ui.live.about')}</p>
      {live === undefined || live.failure === null ? null : <Notice tone="warning">{say('ui.live.failed')}</Notice>}
      {behind !== null && behind >= behindBytes && isRunning(task) ? (
        <Notice tone="info">{say('ui.live.behind', { size: bytes(behind) })}</Notice>
      ) : null}
      {sights.length === 0 ? (
        <p className="muted">{say('ui.live.none')}</p>
      ) : (
        <PlainTable
          caption={say('ui.live.title')}
          rows={sights}
          rowKey={keyOf}
          columns={[
            { id: 'at', header: say('ui.column.at'), cell: (one) => <Instant at={one.at} /> },
            {
              id: 'identifier',
              header: say('ui.column.identifier'),
              cell: (one) => `${say(`ui.identifier-kind.${one.identifier.kind}`)} (${one.identifier.id})`,
            },
            {
              id: 'representation',
              header: say('ui.column.representation'),
              cell: (one) => say(`ui.representation.${one.representation}`),
            },
            { id: 'channel', header: say('ui.column.channel'), cell: (one) => say(`ui.channel.${one.channel}`) },
            { id: 'direction', header: say('ui.live.direction'), cell: (one) => say(`ui.direction.${one.direction}`) },
            {
              id: 'host',
              header: say('ui.live.host'),
              cell: (one) => (
                <HostileText text={one.host === null ? one.address : `${one.host} (${one.address})`} max={160} />
              ),
            },
          ]}
        />
      )}
      {live !== undefined && live.dropped > 0 ? (
        <p className="hint">{say('ui.live.more', { count: live.dropped })}</p>
      ) : null}
    </>
  );
}
