import { useState } from 'react';
import type { OperatorRow, OperatorView as View, OperatorWhat } from '../../../shared/contract/operator.ts';
import { operatorWhats } from '../../../shared/contract/operator.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { Badge, ChannelBadge, RepresentationBadge } from '../../widgets/badge.tsx';
import { LinkButton } from '../../widgets/button.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { SelectField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { LabelFilter, RunFilter } from '../label-and-run.tsx';
import { OperatorPicture } from './operator-picture.tsx';

function useOperatorColumns(withFlow: boolean) {
  const { say, number } = useWords();
  const { go } = useNavigation();
  return [
    { id: 'what', header: say('ui.operator.what'), cell: (row: OperatorRow) => say(`ui.operator.what.${row.what}`) },
    {
      id: 'value',
      header: say('ui.operator.value'),
      cell: (row: OperatorRow) =>
        row.identifier === null ? (
          <HostileText text={row.value} max={160} />
        ) : (
          <>
            {say(`ui.identifier-kind.${row.identifier}`)} → <HostileText text={row.value} max={120} />
          </>
        ),
    },
    {
      id: 'representation',
      header: say('ui.column.representation'),
      cell: (row: OperatorRow) =>
        row.representation === null ? '' : <RepresentationBadge representation={row.representation} />,
    },
    {
      id: 'reach',
      header: say('ui.operator.reach'),
      cell: (row: OperatorRow) => (
        <Badge tone={row.reach === 'path' ? 'bad' : 'warning'} text={say(`ui.operator.reach.${row.reach}`)} />
      ),
    },
    { id: 'count', header: say('ui.operator.count'), cell: (row: OperatorRow) => number(row.count) },
    { id: 'first', header: say('ui.flow.first'), cell: (row: OperatorRow) => <Instant at={row.firstAt} bare /> },
    { id: 'last', header: say('ui.flow.last'), cell: (row: OperatorRow) => <Instant at={row.lastAt} bare /> },
    ...(withFlow
      ? [
          {
            id: 'flow',
            header: say('ui.finding.flow'),
            cell: (row: OperatorRow) => (
              <LinkButton onPress={() => go({ screen: 'traffic', flow: row.flow })}>{number(row.flow)}</LinkButton>
            ),
          },
        ]
      : []),
  ] as const;
}

/** What stays hidden, and what is seen of it all the same. */
function Hidden({ view }: { readonly view: View }) {
  const { say, number, bytes } = useWords();
  if (view.hidden.length === 0) return <p className="muted">{say('ui.operator.hidden-none')}</p>;
  return (
    <>
      <p>{say('ui.operator.hidden-about')}</p>
      <PlainTable
        caption={say('ui.operator.hidden', { flows: number(view.hiddenTotal.flows) })}
        showCaption
        rows={view.hidden}
        rowKey={(row) => `${row.channel} ${row.recipient}`}
        columns={[
          {
            id: 'recipient',
            header: say('ui.column.recipient'),
            cell: (row) => <HostileText text={row.recipient} max={120} />,
          },
          { id: 'channel', header: say('ui.column.channel'), cell: (row) => <ChannelBadge channel={row.channel} /> },
          { id: 'flows', header: say('ui.nav.traffic'), cell: (row) => number(row.flows) },
          { id: 'up', header: say('ui.column.sent'), cell: (row) => bytes(row.bytesToServer) },
          { id: 'down', header: say('ui.column.received'), cell: (row) => bytes(row.bytesToClient) },
        ]}
      />
      {view.hiddenTotal.recipients > view.hidden.length ? (
        <p className="hint">
          {say('ui.operator.hidden-more', { count: view.hiddenTotal.recipients - view.hidden.length })}
        </p>
      ) : null}
    </>
  );
}

function Left({ view }: { readonly view: View }) {
  const { say, number } = useWords();
  if (view.left.length === 0) return null;
  return (
    <Notice tone="warning" title={say('ui.operator.left')}>
      {view.left.map(({ what, count }) => `${say(`ui.operator.what.${what}`)}: ${number(count)}`).join(' · ')}
    </Notice>
  );
}

/** The tab: what the network operator, and anybody else on the path, could read in this case. */
export function OperatorTab() {
  const { say, number } = useWords();
  const { case: token, summary, runs } = useCase();
  const { go } = useNavigation();
  const [label, setLabel] = useState('');
  const [run, setRun] = useState('');
  const [what, setWhat] = useState<OperatorWhat | ''>('');
  const view = useQuery(
    'operator.view',
    { case: token, label: label === '' ? null : label, run: run === '' ? null : run, flow: null },
    ['case', 'index'],
  );
  const columns = useOperatorColumns(true);
  const widths: Readonly<Record<string, string>> = {
    what: 'minmax(112px, 1fr)',
    value: 'minmax(190px, 3fr)',
    representation: '136px',
    reach: '122px',
    count: '64px',
    first: '186px',
    last: '186px',
    flow: '64px',
  };
  const rows = (view.value?.rows ?? []).filter((row) => what === '' || row.what === what);
  return (
    <div className="operator">
      <p className="about">{say('ui.operator.about')}</p>
      <div className="filters">
        <LabelFilter value={label} onChange={setLabel} names={summary.labels} />
        <RunFilter value={run} onChange={setRun} names={runs} />
        <SelectField
          label={say('ui.operator.what')}
          value={what}
          onChange={setWhat}
          options={[
            { value: '', text: say('ui.filter.all') },
            ...operatorWhats.map((name) => ({ value: name, text: say(`ui.operator.what.${name}`) })),
          ]}
        />
        <p className="filter-count" role="status">
          {view.value === null
            ? say('ui.loading')
            : say('ui.operator.rows', { count: rows.length, shown: number(rows.length) })}
        </p>
      </div>
      {view.problem === null ? null : <ProblemNotice problem={view.problem} />}
      {view.value === null ? null : (
        <>
          <OperatorPicture view={view.value} />
          <Left view={view.value} />
          <div className="operator-table">
            <DataTable
              label={say('ui.operator.title')}
              columns={columns.map((column) => ({ ...column, width: widths[column.id] ?? '100px' }))}
              rows={rows}
              rowKey={(row) => JSON.stringify([row.what, row.value, row.identifier, row.representation, row.reach])}
              onOpen={(row) => go({ screen: 'traffic', flow: row.flow })}
              empty={say('ui.operator.none')}
            />
          </div>
          <Hidden view={view.value} />
        </>
      )}
    </div>
  );
}

/** The same of one conversation. */
export function OperatorOfFlow({ flow }: { readonly flow: number }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const view = useQuery('operator.view', { case: token, label: null, run: null, flow }, ['case', 'index']);
  const columns = useOperatorColumns(false);
  return (
    <section className="operator">
      <h3>{say('ui.operator.title')}</h3>
      {view.problem === null ? null : <ProblemNotice problem={view.problem} />}
      {view.value === null ? null : (
        <>
          {view.value.rows.length === 0 ? (
            <p className="muted">{say('ui.operator.none')}</p>
          ) : (
            <div className="operator-scroll">
              <PlainTable
                caption={say('ui.operator.title')}
                rows={view.value.rows.slice(0, 200)}
                rowKey={(_row, index) => String(index)}
                columns={columns}
              />
            </div>
          )}
          <Left view={view.value} />
          <Hidden view={view.value} />
        </>
      )}
    </section>
  );
}
