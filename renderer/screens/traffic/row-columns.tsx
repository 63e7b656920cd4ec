import type { FlowRow, MessageRow } from '../../../shared/contract/traffic.ts';
import type { RowOrder } from '../../../shared/filter/row-shapes.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { Badge, ChannelBadge, RepresentationBadge, SeverityBadge } from '../../widgets/badge.tsx';
import { countryText } from '../../widgets/country-text.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import type { LongColumn } from '../../widgets/long-table.tsx';
import { useWords } from '../../words/words.tsx';
import { endpointText, protocolText } from './endpoint-text.ts';
import { messageText } from './message-text.ts';

type Columns<Row, Table extends 'flow' | 'message' | 'finding'> = readonly LongColumn<Row, RowOrder<Table>>[];

export function useFlowColumns(): Columns<FlowRow, 'flow'> {
  const words = useWords();
  const { say, bytes, language } = words;
  return [
    {
      id: 'at',
      header: say('ui.column.at-utc'),
      width: '184px',
      order: 'time',
      cell: (row) => <Instant at={row.firstPacketAt} bare />,
    },
    {
      id: 'label',
      roomy: true,
      header: say('ui.column.label'),
      width: 'minmax(84px, 1fr)',
      cell: (row) => <HostileText text={row.label} max={60} />,
      pick: (row) => ({ key: 'label', value: row.label }),
    },
    {
      id: 'recipient',
      header: say('ui.column.recipient'),
      width: 'minmax(98px, 3fr)',
      order: 'host',
      cell: (row) => <HostileText text={row.serverNames[0] ?? endpointText(row.server)} max={120} />,
      pick: (row) => ({ key: 'host', value: `=${row.serverNames[0] ?? row.server.address}` }),
    },
    {
      id: 'country',
      roomy: true,
      header: say('ui.column.country'),
      width: 'minmax(96px, 2fr)',
      cell: (row) => (row.country === null ? '—' : countryText(row.country, language)),
      pick: (row) => ({ key: 'country', value: row.country ?? 'none' }),
    },
    {
      id: 'application',
      roomy: true,
      header: say('ui.column.application'),
      width: '96px',
      cell: (row) => <HostileText text={protocolText(row.application, words)} max={40} />,
      pick: (row) => ({ key: 'application', value: row.application }),
    },
    {
      id: 'channel',
      roomy: true,
      header: say('ui.column.channel'),
      width: '116px',
      cell: (row) => <ChannelBadge channel={row.channel} />,
      pick: (row) => ({ key: 'channel', value: row.channel }),
    },
    {
      id: 'up',
      roomy: true,
      header: say('ui.column.sent'),
      width: '88px',
      align: 'end',
      order: 'sent',
      cell: (row) => bytes(row.payloadBytes.toServer),
    },
    {
      id: 'down',
      roomy: true,
      header: say('ui.column.received'),
      width: '88px',
      align: 'end',
      order: 'received',
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

export function useMessageColumns(): Columns<MessageRow, 'message'> {
  const { say } = useWords();
  return [
    {
      id: 'at',
      header: say('ui.column.at-utc'),
      width: '184px',
      order: 'time',
      cell: (row) => <Instant at={row.at} bare />,
    },
    {
      id: 'exhibit',
      roomy: true,
      header: say('ui.column.exhibit'),
      width: '96px',
      cell: (row) => `${row.exhibit} #${row.frame}`,
      pick: (row) => ({ key: 'exhibit', value: row.exhibit }),
    },
    {
      id: 'kind',
      header: say('ui.column.kind'),
      width: 'minmax(110px, 170px)',
      cell: (row) => say(`ui.message-kind.${row.kind}`),
      pick: (row) => ({ key: 'kind', value: row.kind }),
    },
    {
      id: 'text',
      header: say('ui.column.message'),
      width: 'minmax(160px, 6fr)',
      order: 'name',
      cell: (row) => <HostileText text={messageText(row, say)} mono max={300} />,
    },
  ];
}

export function useHitColumns(): Columns<Finding, 'finding'> {
  const { say } = useWords();
  return [
    { id: 'number', header: say('ui.column.number'), width: '72px', cell: (row) => row.number },
    {
      id: 'severity',
      header: say('ui.column.severity'),
      width: '98px',
      order: 'severity',
      cell: (row) => <SeverityBadge severity={row.severity} />,
      pick: (row) => ({ key: 'severity', value: row.severity }),
    },
    {
      id: 'at',
      header: say('ui.column.at-utc'),
      width: '184px',
      order: 'time',
      cell: (row) => (row.at === null ? '—' : <Instant at={row.at} bare />),
    },
    {
      id: 'identifier',
      roomy: true,
      header: say('ui.column.identifier'),
      width: 'minmax(90px, 1fr)',
      cell: (row) => (row.identifier === null ? '—' : say(`ui.identifier-kind.${row.identifier.kind}`)),
      pick: (row) => (row.identifier === null ? null : { key: 'identifier', value: row.identifier.kind }),
    },
    {
      id: 'representation',
      roomy: true,
      header: say('ui.column.representation'),
      width: '144px',
      cell: (row) => (row.representation === null ? '—' : <RepresentationBadge representation={row.representation} />),
      pick: (row) => (row.representation === null ? null : { key: 'representation', value: row.representation }),
    },
    {
      id: 'channel',
      roomy: true,
      header: say('ui.column.channel'),
      width: '116px',
      cell: (row) => (row.channel === null ? '—' : <ChannelBadge channel={row.channel} />),
      pick: (row) => (row.channel === null ? null : { key: 'channel', value: row.channel }),
    },
    {
      id: 'statement',
      header: say('ui.column.statement'),
      width: 'minmax(150px, 4fr)',
      cell: (row) => <HostileText text={row.statement} max={240} />,
    },
  ];
}
