import { useState } from 'react';
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { channels, type TrafficTotal } from '../../shared/contract/traffic.ts';
import type { Channel } from '../../shared/model/traffic.ts';
import { ChannelBadge } from '../widgets/badge.tsx';
import { CheckField } from '../widgets/field.tsx';
import { hostileParts } from '../widgets/hostile-parts.ts';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Empty } from '../widgets/page.tsx';
import { PlainTable } from '../widgets/plain-table.tsx';
import { useWords } from '../words/words.tsx';
import { chartRows } from './traffic-rows.ts';

/** Told apart without colour by their order in bar and legend, and by the table beside. */
const colours: Readonly<Record<Channel, string>> = {
  cleartext: '#b5432f',
  tls: '#2f6f9f',
  dtls: '#2d8a7d',
  quic: '#6b55a5',
  unknown: '#8d99a3',
};

const mostRecipients = 12;

/** A name as one line of plain text for the axis. */
function axisText(text: string): string {
  const plain = hostileParts(text)
    .map((part) => part.text)
    .join('');
  return plain.length > 46 ? `${plain.slice(0, 45)}…` : plain;
}

export interface TrafficChartProps {
  readonly totals: readonly TrafficTotal[];
  readonly labels: readonly string[];
}

/** Bytes sent per recipient, channel and label, with the same figures as a table. */
export function TrafficChart({ totals, labels }: TrafficChartProps) {
  const { say, bytes, number } = useWords();
  const [table, setTable] = useState(false);
  const rows = chartRows(totals, labels, mostRecipients);
  const shown = totals.filter((total) => labels.includes(total.label));
  const present = channels.filter((channel) => rows.some((row) => row[channel] > 0));
  if (rows.length === 0) return <Empty title={say('ui.chart.none')}>{say('ui.chart.none-about')}</Empty>;
  return (
    <>
      <p className="muted">{say('ui.chart.about', { count: mostRecipients })}</p>
      <CheckField label={say('ui.chart.as-table')} checked={table} onChange={setTable} />
      {table ? (
        <PlainTable
          caption={say('ui.chart.title')}
          rows={shown}
          rowKey={(row) => `${row.label} ${row.recipient} ${row.channel}`}
          columns={[
            {
              id: 'recipient',
              header: say('ui.column.recipient'),
              cell: (row) =>
                row.recipient === '*' ? say('ui.chart.others') : <HostileText text={row.recipient} max={120} />,
            },
            { id: 'label', header: say('ui.column.label'), cell: (row) => <HostileText text={row.label} max={60} /> },
            { id: 'channel', header: say('ui.column.channel'), cell: (row) => <ChannelBadge channel={row.channel} /> },
            { id: 'flows', header: say('ui.column.flows'), align: 'end', cell: (row) => number(row.flows) },
            { id: 'up', header: say('ui.column.sent'), align: 'end', cell: (row) => bytes(row.bytesToServer) },
            { id: 'down', header: say('ui.column.received'), align: 'end', cell: (row) => bytes(row.bytesToClient) },
            { id: 'findings', header: say('ui.nav.findings'), align: 'end', cell: (row) => number(row.findings) },
          ]}
        />
      ) : (
        <div className="chart" role="img" aria-label={say('ui.chart.label')}>
          <ResponsiveContainer width="100%" height={Math.max(220, rows.length * 30 + 90)}>
            <BarChart
              data={[...rows]}
              layout="vertical"
              margin={{ top: 8, right: 32, bottom: 8, left: 8 }}
              barSize={16}
            >
              <CartesianGrid horizontal={false} stroke="#dfe5ea" />
              <XAxis type="number" tickFormatter={(value: number) => bytes(value)} stroke="#55636f" fontSize={12} />
              <YAxis
                type="category"
                dataKey="name"
                width={330}
                tickFormatter={axisText}
                stroke="#55636f"
                fontSize={12}
                interval={0}
              />
              <Tooltip
                formatter={(value) => bytes(Number(value))}
                labelFormatter={(label) => (typeof label === 'string' ? axisText(label) : label)}
              />
              <Legend
                verticalAlign="top"
                height={32}
                formatter={(name) => <span className="legend-text">{name}</span>}
              />
              {present.map((channel) => (
                <Bar
                  key={channel}
                  dataKey={channel}
                  stackId="bytes"
                  name={say(`ui.channel.${channel}`)}
                  fill={colours[channel]}
                  isAnimationActive={false}
                />
              ))}
            </BarChart>
          </ResponsiveContainer>
        </div>
      )}
    </>
  );
}
