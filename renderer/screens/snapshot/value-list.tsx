import { useState } from 'react';
import type { RecordRow } from '../../../shared/contract/exhibits.ts';
import type { SnapshotPlace } from '../../../shared/contract/snapshot.ts';
import { usePages } from '../../bridge/use-pages.ts';
import { useCase } from '../../open-case.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { RecordDetail } from '../records/record-detail.tsx';

export interface ValueListProps {
  readonly place: SnapshotPlace;
  readonly kind: 'setting' | 'property';
  readonly text: string;
}

/** `namespace/name` of a setting, the name of a property. */
const nameOf = (row: RecordRow): string =>
  row.kind === 'setting' ? `${row.namespace}/${row.name}` : row.kind === 'property' ? row.name : '';
const valueOf = (row: RecordRow): string => (row.kind === 'setting' || row.kind === 'property' ? row.value : '');

/** Settings or properties of a snapshot, with what they mean where a source says so. */
export function ValueList({ place, kind, text }: ValueListProps) {
  const { say } = useWords();
  const { case: token } = useCase();
  const [chosen, setChosen] = useState<RecordRow | null>(null);
  const pages = usePages('snapshot.values', { case: token, label: place.label, handset: place.handset, kind, text });
  return (
    <div className={chosen === null ? 'list-detail' : 'list-detail with-detail'}>
      <div className="list-side">
        {pages.problem === null ? null : <ProblemNotice problem={pages.problem} />}
        <DataTable
          label={say(`ui.snapshot.subject-${kind}`)}
          rows={pages.rows}
          total={pages.total}
          rowKey={(row) => String(row.id)}
          selectedKey={chosen === null ? null : String(chosen.id)}
          compact={chosen !== null}
          rowHeight={chosen === null ? 36 : 62}
          onOpen={setChosen}
          onEndNear={pages.loadMore}
          empty={pages.loading ? say('ui.loading') : <Empty title={say('ui.snapshot.no-match')} />}
          columns={[
            {
              id: 'name',
              header: say('ui.column.name'),
              width: 'minmax(150px, 2fr)',
              wrap: chosen !== null,
              cell: (row) => <HostileText text={nameOf(row)} mono max={120} />,
            },
            {
              id: 'value',
              header: say('ui.snapshot.value'),
              width: 'minmax(100px, 2fr)',
              wrap: chosen !== null,
              cell: (row) => <HostileText text={valueOf(row)} mono max={120} />,
            },
            {
              id: 'meaning',
              header: say('ui.records.meaning'),
              width: 'minmax(140px, 3fr)',
              roomy: true,
              cell: (row) => row.meaning ?? <span className="muted">—</span>,
            },
          ]}
        />
      </div>
      {chosen === null ? null : <RecordDetail key={chosen.id} record={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}
