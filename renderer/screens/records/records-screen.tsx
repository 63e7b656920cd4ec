import { useDeferredValue, useState } from 'react';
import { recordKinds, type RecordRow } from '../../../shared/contract/exhibits.ts';
import { usePages } from '../../bridge/use-pages.ts';
import { useCase } from '../../open-case.tsx';
import { DataTable, type Column } from '../../widgets/data-table.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Page } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { LabelFilter, RunFilter } from '../label-and-run.tsx';
import { StaleNotice, useNothingYet } from '../not-analysed.tsx';
import { RecordDetail, Told } from './record-detail.tsx';
import { recordContent, recordSubject } from './record-text.ts';

type RecordKind = RecordRow['kind'];

/** Widest text of one cell: the rest is in the detail. */
const cellLength = 160;

function useRecordColumns(compact: boolean): readonly Column<RecordRow>[] {
  const words = useWords();
  const { say } = words;
  return [
    {
      id: 'kind',
      header: say('ui.column.kind'),
      width: '128px',
      roomy: true,
      cell: (row) => say(`ui.record-kind.${row.kind}`),
    },
    {
      id: 'subject',
      header: say('ui.column.subject'),
      width: 'minmax(140px, 2fr)',
      wrap: compact,
      cell: (row) => <Told told={recordSubject(row, words)} max={cellLength} />,
    },
    {
      id: 'content',
      header: say('ui.records.content'),
      width: 'minmax(120px, 3fr)',
      wrap: compact,
      cell: (row) =>
        recordContent(row, words).map((told, index) => (
          <span key={index}>
            {index === 0 ? null : ' · '}
            <Told told={told} max={cellLength} />
          </span>
        )),
    },
    {
      id: 'label',
      header: say('ui.records.label-and-run'),
      width: 'minmax(116px, 1fr)',
      roomy: true,
      cell: (row) => <HostileText text={row.run === null ? row.label : `${row.label} ${row.run}`} max={60} />,
    },
    {
      id: 'exhibit',
      header: say('ui.column.exhibit'),
      width: '76px',
      cell: (row) => row.exhibit,
    },
  ];
}

/** Everything that was read from handsets, one parsed row each, as the outputs gave it. */
export function RecordsScreen({ exhibit: firstExhibit }: { readonly exhibit: string | null }) {
  const { say, number } = useWords();
  const { case: token, summary, runs } = useCase();
  const nothing = useNothingYet();
  const [text, setText] = useState('');
  const [label, setLabel] = useState('');
  const [run, setRun] = useState('');
  const [kind, setKind] = useState<RecordKind | ''>('');
  const [exhibit, setExhibit] = useState(firstExhibit ?? '');
  const [chosen, setChosen] = useState<RecordRow | null>(null);
  const filterText = useDeferredValue(text);
  const typed = exhibit.trim().toUpperCase();
  const exhibitOk = typed === '' || /^E\d{1,12}$/.test(typed);
  const pages = usePages('records.list', {
    case: token,
    label: label === '' ? null : label,
    run: run === '' ? null : run,
    kind: kind === '' ? null : kind,
    exhibit: typed !== '' && exhibitOk ? typed : null,
    text: filterText.trim() === '' ? null : filterText,
  });
  // Worded anew when the language changes, as far as the list has come again.
  const shown = pages.rows.find(({ id }) => id === chosen?.id);
  const columns = useRecordColumns(chosen !== null);
  const all = { value: '', text: say('ui.filter.all') } as const;

  if (nothing !== null) {
    return (
      <Page title={say('ui.nav.records')} about={say('ui.records.about')}>
        {nothing}
      </Page>
    );
  }
  return (
    <Page title={say('ui.nav.records')} about={say('ui.records.about')} fill>
      <StaleNotice />
      <div className="filters">
        <TextField
          label={say('ui.filter.text')}
          value={text}
          onChange={setText}
          placeholder={say('ui.records.filter')}
        />
        <SelectField
          label={say('ui.column.kind')}
          value={kind}
          onChange={setKind}
          options={[all, ...recordKinds.map((name) => ({ value: name, text: say(`ui.record-kind.${name}`) }))]}
        />
        <LabelFilter value={label} onChange={setLabel} names={summary.labels} />
        <RunFilter value={run} onChange={setRun} names={runs} />
        <TextField
          label={say('ui.column.exhibit')}
          value={exhibit}
          onChange={setExhibit}
          placeholder="E012"
          error={exhibitOk ? undefined : say('ui.records.exhibit-wrong')}
        />
        <p className="filter-count" role="status">
          {pages.total === null
            ? say('ui.loading')
            : say('ui.records.count', { count: pages.total, shown: number(pages.total) })}
        </p>
      </div>
      {pages.problem === null ? null : <ProblemNotice problem={pages.problem} />}
      <div className={chosen === null ? 'list-detail fill' : 'list-detail with-detail fill'}>
        <DataTable
          label={say('ui.nav.records')}
          columns={columns}
          compact={chosen !== null}
          rowHeight={chosen === null ? 36 : 68}
          rows={pages.rows}
          total={pages.total}
          rowKey={(row) => String(row.id)}
          selectedKey={chosen === null ? null : String(chosen.id)}
          onOpen={setChosen}
          onEndNear={pages.loadMore}
          empty={
            pages.loading ? (
              say('ui.loading')
            ) : (
              <Empty title={say('ui.records.none')}>{say('ui.records.none-about')}</Empty>
            )
          }
        />
        {chosen === null ? null : (
          <RecordDetail key={chosen.id} record={shown ?? chosen} onClose={() => setChosen(null)} />
        )}
      </div>
    </Page>
  );
}
