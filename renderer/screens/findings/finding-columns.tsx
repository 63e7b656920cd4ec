import type { FindingOrder } from '../../../shared/contract/findings.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { Badge, ChannelBadge, RepresentationBadge, SeverityBadge } from '../../widgets/badge.tsx';
import type { Column } from '../../widgets/data-table.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { useWords } from '../../words/words.tsx';

/** What a row of the list of findings shows; beside an open finding only what tells the rows apart. */
export function useFindingColumns(order: FindingOrder, compact: boolean): readonly Column<Finding>[] {
  const { say } = useWords();
  return [
    {
      id: 'number',
      header: say('ui.column.number'),
      width: '72px',
      sort: order === 'number' ? 'ascending' : undefined,
      cell: (row) => row.number,
    },
    {
      id: 'severity',
      header: say('ui.column.severity'),
      width: '98px',
      sort: order === 'severity' ? 'descending' : undefined,
      cell: (row) => <SeverityBadge severity={row.severity} />,
    },
    {
      id: 'statement',
      header: say('ui.column.statement'),
      width: 'minmax(150px, 4fr)',
      wrap: true,
      cell: (row) => <HostileText text={row.statement} max={240} />,
    },
    {
      id: 'representation',
      header: say('ui.column.representation'),
      width: '144px',
      roomy: true,
      cell: (row) => (row.representation === null ? '—' : <RepresentationBadge representation={row.representation} />),
    },
    {
      id: 'channel',
      header: say('ui.column.channel'),
      width: '112px',
      roomy: true,
      cell: (row) => (row.channel === null ? '—' : <ChannelBadge channel={row.channel} />),
    },
    {
      id: 'label',
      header: compact ? say('ui.column.label') : say('ui.column.label-and-time'),
      width: compact ? 'minmax(92px, 1fr)' : 'minmax(164px, 1fr)',
      wrap: true,
      sort: order === 'time' ? 'ascending' : undefined,
      cell: (row) => (
        <>
          <HostileText text={row.run === null ? row.label : `${row.label} ${row.run}`} max={60} />
          {compact || row.at === null ? null : (
            <span className="second-line">
              <Instant at={row.at} bare />
            </span>
          )}
        </>
      ),
    },
    {
      id: 'decision',
      header: say('ui.column.decision'),
      width: '108px',
      roomy: true,
      cell: (row) =>
        row.decision === null ? (
          <span className="muted">{say('ui.decision.open')}</span>
        ) : (
          <Badge
            tone={row.decision.verdict === 'confirm' ? 'good' : 'neutral'}
            text={say(`ui.decision.${row.decision.verdict}`)}
          />
        ),
    },
  ];
}
