import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { ChannelBadge, RepresentationBadge } from '../../widgets/badge.tsx';
import { LinkButton } from '../../widgets/button.tsx';
import { CountryName } from '../../widgets/country-name.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';

/** Identifier × recipient: who received what, how. */
export function Recipients() {
  const { say, number } = useWords();
  const { go } = useNavigation();
  const { case: token } = useCase();
  const table = useQuery('findings.recipients', { case: token }, ['case', 'index']);
  return (
    <div className="fill-column">
      {table.problem === null ? null : <ProblemNotice problem={table.problem} />}
      <DataTable
        label={say('ui.findings.tab-recipients')}
        rows={table.value ?? []}
        rowKey={(row) => `${row.label} ${row.firstKey} ${row.recipient} ${row.identifierKind}`}
        onOpen={(row) => go({ screen: 'findings', key: row.firstKey })}
        empty={
          table.loading ? (
            say('ui.loading')
          ) : (
            <Empty title={say('ui.findings.none')}>{say('ui.findings.none-about')}</Empty>
          )
        }
        columns={[
          {
            id: 'identifier',
            header: say('ui.column.identifier'),
            width: 'minmax(140px, 1.2fr)',
            cell: (row) => say(`ui.identifier-kind.${row.identifierKind}`),
          },
          {
            id: 'recipient',
            header: say('ui.column.recipient'),
            width: 'minmax(200px, 3fr)',
            cell: (row) => <HostileText text={row.recipient} max={120} />,
          },
          {
            id: 'country',
            header: say('ui.column.country'),
            width: '112px',
            cell: (row) => <CountryName code={row.country} />,
          },
          {
            id: 'label',
            header: say('ui.column.label'),
            width: 'minmax(116px, 1fr)',
            cell: (row) => <HostileText text={row.label} max={60} />,
          },
          {
            id: 'representation',
            header: say('ui.column.representation'),
            width: '132px',
            cell: (row) =>
              row.representation === null ? '—' : <RepresentationBadge representation={row.representation} />,
          },
          {
            id: 'channel',
            header: say('ui.column.channel'),
            width: '116px',
            cell: (row) => (row.channel === null ? '—' : <ChannelBadge channel={row.channel} />),
          },
          {
            id: 'findings',
            header: say('ui.nav.findings'),
            width: '90px',
            align: 'end',
            cell: (row) => number(row.findings),
          },
          {
            id: 'first',
            header: say('ui.column.first'),
            width: '104px',
            cell: (row) => (
              <LinkButton onPress={() => go({ screen: 'findings', key: row.firstKey })}>{row.firstNumber}</LinkButton>
            ),
          },
        ]}
      />
    </div>
  );
}
