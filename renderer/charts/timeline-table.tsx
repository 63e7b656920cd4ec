import type { Timeline } from '../../shared/contract/traffic.ts';
import { instantText } from '../../shared/filter/filter-time.ts';
import type { TimeSummary } from '../../shared/filter/row-shapes.ts';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Instant } from '../widgets/instant.tsx';
import { PlainTable } from '../widgets/plain-table.tsx';
import { useWords } from '../words/words.tsx';

/** The same figures as rows. */
export function TimelineTable({ summary, timeline }: { readonly summary: TimeSummary; readonly timeline: Timeline }) {
  const { say, number, bytes, sayIfKnown } = useWords();
  const hits = new Map(summary.hits.map((one) => [one.fromUs, one.hits]));
  return (
    <div className="timeline-table">
      <PlainTable
        caption={say('ui.timeline.title')}
        rows={summary.buckets}
        rowKey={(row) => `${row.fromUs} ${row.label}`}
        columns={[
          { id: 'at', header: say('ui.column.at-utc'), cell: (row) => <Instant at={instantText(row.fromUs)} bare /> },
          { id: 'label', header: say('ui.column.label'), cell: (row) => <HostileText text={row.label} max={60} /> },
          { id: 'flows', header: say('ui.column.flows'), align: 'end', cell: (row) => number(row.flows) },
          { id: 'packets', header: say('ui.timeline.packets'), align: 'end', cell: (row) => number(row.packets) },
          { id: 'bytes', header: say('ui.timeline.bytes'), align: 'end', cell: (row) => bytes(row.bytes) },
          {
            id: 'hits',
            header: say('ui.timeline.hits'),
            align: 'end',
            cell: (row) => number(hits.get(row.fromUs) ?? 0),
          },
        ]}
      />
      <PlainTable
        caption={say('ui.timeline.events')}
        showCaption
        rows={timeline.events}
        rowKey={(row) => row.id}
        columns={[
          { id: 'at', header: say('ui.column.at-utc'), cell: (row) => <Instant at={row.at} bare /> },
          {
            id: 'kind',
            header: say('ui.column.kind'),
            cell: (row) => sayIfKnown(`ui.event-kind.${row.kind}`, row.kind),
          },
          {
            id: 'handset',
            header: say('ui.timeline.at-handset'),
            cell: (row) => (row.atHandset === null ? '—' : <HostileText text={row.atHandset} max={40} mono />),
          },
          { id: 'text', header: say('ui.column.note'), cell: (row) => <HostileText text={row.text} max={200} /> },
        ]}
      />
    </div>
  );
}
