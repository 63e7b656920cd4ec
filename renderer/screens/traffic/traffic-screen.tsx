import { useDeferredValue, useState } from 'react';
import { channels, type FlowRow } from '../../../shared/contract/traffic.ts';
import type { Channel } from '../../../shared/model/traffic.ts';
import { usePages } from '../../bridge/use-pages.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Badge, ChannelBadge } from '../../widgets/badge.tsx';
import { DataTable, type Column } from '../../widgets/data-table.tsx';
import { CheckField, SelectField, TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Page } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { LabelFilter, RunFilter } from '../label-and-run.tsx';
import { StaleNotice, useNothingYet } from '../not-analysed.tsx';
import { endpointText, protocolText } from './endpoint-text.ts';
import { FlowDetailPanel } from './flow-detail.tsx';

export interface TrafficScreenProps {
  readonly flow: number | null;
  readonly text: string;
  readonly label: string | null;
  readonly channel: Channel | null;
}

function useFlowColumns(): readonly Column<FlowRow>[] {
  const words = useWords();
  const { say, bytes } = words;
  return [
    {
      id: 'at',
      header: say('ui.column.at-utc'),
      width: '184px',
      cell: (row) => <Instant at={row.firstPacketAt} bare />,
    },
    {
      id: 'label',
      roomy: true,
      header: say('ui.column.label'),
      width: 'minmax(84px, 1fr)',
      cell: (row) => <HostileText text={row.label} max={60} />,
    },
    {
      id: 'recipient',
      header: say('ui.column.recipient'),
      width: 'minmax(98px, 3fr)',
      cell: (row) => <HostileText text={row.serverNames[0] ?? endpointText(row.server)} max={120} />,
    },
    {
      id: 'application',
      roomy: true,
      header: say('ui.column.application'),
      width: '96px',
      cell: (row) => <HostileText text={protocolText(row.application, words)} max={40} />,
    },
    {
      id: 'channel',
      roomy: true,
      header: say('ui.column.channel'),
      width: '108px',
      cell: (row) => <ChannelBadge channel={row.channel} />,
    },
    {
      id: 'up',
      roomy: true,
      header: say('ui.column.sent'),
      width: '88px',
      align: 'end',
      cell: (row) => bytes(row.payloadBytes.toServer),
    },
    {
      id: 'down',
      roomy: true,
      header: say('ui.column.received'),
      width: '88px',
      align: 'end',
      cell: (row) => bytes(row.payloadBytes.toClient),
    },
    {
      id: 'findings',
      header: say('ui.nav.findings'),
      width: '84px',
      align: 'end',
      cell: (row) => (row.findings === 0 ? '' : <Badge tone="bad" text={String(row.findings)} />),
    },
  ];
}

/** Every conversation of every capture; a click shows its messages. */
export function TrafficScreen(props: TrafficScreenProps) {
  const { say, number } = useWords();
  const { case: token, summary, runs } = useCase();
  const nothing = useNothingYet();
  const [text, setText] = useState(props.text);
  const [label, setLabel] = useState(props.label ?? '');
  const [run, setRun] = useState('');
  const [channel, setChannel] = useState<Channel | ''>(props.channel ?? '');
  const [withFindings, setWithFindings] = useState(false);
  const [chosen, setChosen] = useState<number | null>(props.flow);
  const filterText = useDeferredValue(text);
  const pages = usePages('traffic.flows', {
    case: token,
    label: label === '' ? null : label,
    run: run === '' ? null : run,
    channel: channel === '' ? null : channel,
    text: filterText.trim() === '' ? null : filterText,
    withFindings,
  });
  const detail = useQuery('traffic.flow', chosen === null ? null : { case: token, flow: chosen }, ['index']);
  const columns = useFlowColumns();
  const all = { value: '', text: say('ui.filter.all') } as const;

  if (nothing !== null) {
    return (
      <Page title={say('ui.nav.traffic')} about={say('ui.traffic.about')}>
        {nothing}
      </Page>
    );
  }
  return (
    <Page title={say('ui.nav.traffic')} about={say('ui.traffic.about')} fill>
      <StaleNotice />
      <div className="filters">
        <TextField
          label={say('ui.filter.text')}
          value={text}
          onChange={setText}
          placeholder={say('ui.traffic.filter')}
        />
        <LabelFilter value={label} onChange={setLabel} names={summary.labels} />
        <RunFilter value={run} onChange={setRun} names={runs} />
        <SelectField
          label={say('ui.column.channel')}
          value={channel}
          onChange={setChannel}
          options={[all, ...channels.map((name) => ({ value: name, text: say(`ui.channel.${name}`) }))]}
        />
        <CheckField label={say('ui.traffic.with-findings')} checked={withFindings} onChange={setWithFindings} />
        <p className="filter-count" role="status">
          {pages.total === null
            ? say('ui.loading')
            : say('ui.traffic.count', { count: pages.total, shown: number(pages.total) })}
        </p>
      </div>
      {pages.problem === null ? null : <ProblemNotice problem={pages.problem} />}
      <div className={chosen === null ? 'list-detail fill' : 'list-detail with-detail fill'}>
        <DataTable
          label={say('ui.nav.traffic')}
          columns={columns}
          compact={chosen !== null}
          rows={pages.rows}
          total={pages.total}
          rowKey={(row) => String(row.id)}
          selectedKey={chosen === null ? null : String(chosen)}
          onOpen={(row) => setChosen(row.id)}
          onEndNear={pages.loadMore}
          empty={
            pages.loading ? (
              say('ui.loading')
            ) : (
              <Empty title={say('ui.traffic.none')}>{say('ui.traffic.none-about')}</Empty>
            )
          }
        />
        {chosen === null ? null : <FlowDetailPanel state={detail} onClose={() => setChosen(null)} />}
      </div>
    </Page>
  );
}
