import { useState } from 'react';
import type { AppRow, SnapshotPlace } from '../../../shared/contract/snapshot.ts';
import { usePages } from '../../bridge/use-pages.ts';
import { useCase } from '../../open-case.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { AppDetail } from './app-detail.tsx';

export interface AppListProps {
  readonly place: SnapshotPlace;
  readonly text: string;
}

/** Apps of a snapshot, with what each may do in figures. */
export function AppList({ place, text }: AppListProps) {
  const { say, sayIfKnown, number } = useWords();
  const { case: token } = useCase();
  const [chosen, setChosen] = useState<AppRow | null>(null);
  const pages = usePages('snapshot.apps', { case: token, label: place.label, handset: place.handset, text });
  const figure = (count: number) => (count === 0 ? <span className="muted">—</span> : number(count));
  return (
    <div className={chosen === null ? 'list-detail' : 'list-detail with-detail'}>
      <div className="list-side">
        {pages.problem === null ? null : <ProblemNotice problem={pages.problem} />}
        {chosen === null ? <p className="hint">{say('ui.snapshot.permissions-about')}</p> : null}
        <DataTable
          label={say('ui.snapshot.subject-apps')}
          rows={pages.rows}
          total={pages.total}
          rowKey={(row) => row.package}
          selectedKey={chosen?.package ?? null}
          compact={chosen !== null}
          rowHeight={chosen === null ? 36 : 62}
          onOpen={setChosen}
          onEndNear={pages.loadMore}
          empty={pages.loading ? say('ui.loading') : <Empty title={say('ui.snapshot.no-match')} />}
          columns={[
            {
              id: 'package',
              header: say('ui.snapshot.app'),
              width: 'minmax(180px, 3fr)',
              wrap: chosen !== null,
              cell: (row) => <HostileText text={row.package} mono max={120} />,
            },
            {
              id: 'state',
              header: say('ui.record-field.state'),
              width: '136px',
              wrap: true,
              cell: (row) =>
                row.state === null ? (
                  <span className="muted">{say('ui.snapshot.not-listed')}</span>
                ) : (
                  sayIfKnown(`ui.record-value.state.${row.state}`, row.state)
                ),
            },
            {
              id: 'permissions',
              header: say('ui.snapshot.permissions'),
              width: '104px',
              align: 'end',
              roomy: true,
              cell: (row) =>
                row.permissions === 0 ? figure(0) : `${number(row.granted)} / ${number(row.permissions)}`,
            },
            {
              id: 'components',
              header: say('ui.snapshot.section-component'),
              width: '96px',
              align: 'end',
              roomy: true,
              cell: (row) => figure(row.components),
            },
            {
              id: 'boot',
              header: say('ui.snapshot.boot'),
              width: '84px',
              align: 'end',
              roomy: true,
              cell: (row) => figure(row.bootReceivers),
            },
            {
              id: 'autostart',
              header: say('ui.snapshot.autostart'),
              width: '92px',
              roomy: true,
              cell: (row) =>
                row.autostart === null ? figure(0) : sayIfKnown(`ui.record-value.mode.${row.autostart}`, row.autostart),
            },
            {
              id: 'ops',
              header: say('ui.snapshot.section-app-op'),
              width: '76px',
              align: 'end',
              roomy: true,
              cell: (row) => figure(row.appOps),
            },
            {
              id: 'jobs',
              header: say('ui.snapshot.jobs-alarms'),
              width: '108px',
              align: 'end',
              roomy: true,
              cell: (row) => (row.jobs + row.alarms === 0 ? figure(0) : `${number(row.jobs)} / ${number(row.alarms)}`),
            },
            {
              id: 'meaning',
              header: say('ui.records.meaning'),
              width: 'minmax(110px, 2fr)',
              roomy: true,
              cell: (row) => row.meaning ?? <span className="muted">—</span>,
            },
          ]}
        />
      </div>
      {chosen === null ? null : (
        <AppDetail key={chosen.package} place={place} app={chosen} onClose={() => setChosen(null)} />
      )}
    </div>
  );
}
