import { useState } from 'react';
import { exhibitKinds, type Exhibit, type ExhibitKind } from '../../../shared/model/exhibit.ts';
import { usePages } from '../../bridge/use-pages.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { OutcomeBadge } from '../../widgets/badge.tsx';
import { LinkButton } from '../../widgets/button.tsx';
import { Copyable } from '../../widgets/copyable.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { SelectField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { LabelText } from '../../widgets/label-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Facts, Panel } from '../../widgets/page.tsx';
import { reasonText } from '../../words/reason-text.ts';
import { useWords } from '../../words/words.tsx';
import { LabelFilter } from '../label-and-run.tsx';
import { useOriginFacts } from './origin-facts.tsx';
import { RawView } from './raw-view.tsx';

function ExhibitDetail({ exhibit }: { readonly exhibit: Exhibit }) {
  const words = useWords();
  const { say, bytes, number } = words;
  const { go } = useNavigation();
  const origin = useOriginFacts(exhibit);
  return (
    <Panel title={exhibit.id} aside={<OutcomeBadge outcome={exhibit.outcome} />}>
      {exhibit.fault === null ? null : (
        <Notice tone="warning">
          <HostileText text={reasonText(words, exhibit.fault)} max={600} />
        </Notice>
      )}
      <Facts
        facts={[
          { name: say('ui.column.name'), value: <HostileText text={exhibit.originalName} /> },
          { name: 'SHA-256', value: <Copyable text={exhibit.sha256} what="SHA-256" /> },
          {
            name: say('ui.column.bytes'),
            value: say('ui.exhibit.size', { size: bytes(exhibit.bytes), bytes: number(exhibit.bytes) }),
          },
          exhibit.packets === null ? null : { name: say('ui.capture-count.packets'), value: number(exhibit.packets) },
          { name: say('ui.column.added'), value: <Instant at={exhibit.addedAt} both /> },
          ...origin,
        ]}
      />
      {exhibit.kind === 'command-output' ? (
        <p>
          <LinkButton onPress={() => go({ screen: 'records', exhibit: exhibit.id })}>
            {say('ui.records.of-exhibit')}
          </LinkButton>
        </p>
      ) : null}
      <RawView key={exhibit.id} exhibit={exhibit} />
    </Panel>
  );
}

/** Every numbered raw item, with its hash and its bytes. */
export function Exhibits({ exhibit }: { readonly exhibit: string | null }) {
  const { say, bytes } = useWords();
  const { case: token, summary } = useCase();
  const [label, setLabel] = useState('');
  const [kind, setKind] = useState<ExhibitKind | ''>('');
  const [chosen, setChosen] = useState<string | null>(exhibit);
  const pages = usePages('exhibits.list', {
    case: token,
    label: label === '' ? null : label,
    kind: kind === '' ? null : kind,
    acquisition: null,
  });
  const detail = useQuery('exhibits.get', chosen === null ? null : { case: token, exhibit: chosen }, ['case']);
  return (
    <div className={chosen === null ? 'list-detail' : 'list-detail with-detail'}>
      <div className="list-side">
        <div className="filters">
          <LabelFilter value={label} onChange={setLabel} names={summary.labels} />
          <SelectField
            label={say('ui.column.kind')}
            value={kind}
            onChange={setKind}
            options={[
              { value: '', text: say('ui.filter.all') },
              ...exhibitKinds.map((name) => ({ value: name, text: say(`ui.exhibit-kind.${name}`) })),
            ]}
          />
        </div>
        {pages.problem === null ? null : <ProblemNotice problem={pages.problem} />}
        <DataTable
          label={say('ui.acquisition.tab-exhibits')}
          rows={pages.rows}
          total={pages.total}
          rowKey={(row) => row.id}
          selectedKey={chosen}
          compact={chosen !== null}
          rowHeight={chosen === null ? 36 : 62}
          onOpen={(row) => setChosen(row.id)}
          onEndNear={pages.loadMore}
          empty={
            pages.loading ? (
              say('ui.loading')
            ) : (
              <Empty title={say('ui.exhibit.none')}>{say('ui.exhibit.none-about')}</Empty>
            )
          }
          columns={[
            { id: 'id', header: say('ui.column.id'), width: '76px', cell: (row) => row.id },
            {
              id: 'name',
              header: say('ui.column.name'),
              width: 'minmax(130px, 3fr)',
              wrap: true,
              cell: (row) => <HostileText text={row.originalName} max={160} />,
            },
            {
              id: 'kind',
              header: say('ui.column.kind'),
              roomy: true,
              width: '140px',
              cell: (row) => say(`ui.exhibit-kind.${row.kind}`),
            },
            {
              id: 'label',
              header: say('ui.column.label'),
              width: 'minmax(90px, 1fr)',
              roomy: true,
              cell: (row) => <LabelText label={row.label} />,
            },
            {
              id: 'bytes',
              header: say('ui.column.bytes'),
              width: '92px',
              align: 'end',
              roomy: true,
              cell: (row) => bytes(row.bytes),
            },
            {
              id: 'outcome',
              header: say('ui.column.outcome'),
              width: '176px',
              cell: (row) => <OutcomeBadge outcome={row.outcome} />,
            },
          ]}
        />
      </div>
      {chosen === null ? null : (
        <div className="stack">
          {detail.problem === null ? null : <ProblemNotice problem={detail.problem} />}
          {detail.value === null ? null : <ExhibitDetail exhibit={detail.value} />}
        </div>
      )}
    </div>
  );
}
