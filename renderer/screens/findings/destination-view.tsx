import type { Destination, DestinationSource } from '../../../shared/model/finding.ts';
import { CountryName } from '../../widgets/country-name.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Facts } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';

const staleMs = 365 * 24 * 3600 * 1000;

/** What the reader should know of a source. A database that is much younger or older than the capture is said to be so. */
function SourceNote({ source, seenAt }: { readonly source: DestinationSource; readonly seenAt: string | null }) {
  const { say } = useWords();
  if (source.what === 'delivery-network') return <>{say('ui.destination.delivery')}</>;
  const isDatabase = source.what === 'country-database' || source.what === 'network-database';
  if (!isDatabase || source.dataAt === null || seenAt === null) {
    return source.note === null ? null : <HostileText text={source.note} max={200} />;
  }
  const far = Math.abs(Date.parse(source.dataAt) - Date.parse(seenAt)) > staleMs;
  return (
    <>
      {say('ui.destination.database-errs')}{' '}
      {far
        ? say('ui.destination.database-far', { database: source.dataAt.slice(0, 10), seen: seenAt.slice(0, 10) })
        : null}
    </>
  );
}

/** Where it went: each thing known of it with its source and date. */
export function DestinationView({
  destination,
  seenAt,
}: {
  readonly destination: Destination;
  readonly seenAt: string | null;
}) {
  const { say, sayIfKnown } = useWords();
  return (
    <section>
      <h3>{say('ui.finding.destination')}</h3>
      <Facts
        facts={[
          { name: say('ui.destination.address'), value: <HostileText text={destination.address ?? '—'} mono /> },
          { name: say('ui.destination.names'), value: <HostileText text={destination.names.join(', ') || '—'} /> },
          { name: say('ui.column.country'), value: <CountryName code={destination.country} /> },
          {
            name: say('ui.destination.holder'),
            value: (
              <HostileText
                text={
                  [destination.asn === null ? null : `AS${destination.asn}`, destination.holder]
                    .filter((part) => part !== null)
                    .join(' ') || '—'
                }
              />
            ),
          },
        ]}
      />
      {destination.sources.length === 0 ? null : (
        <PlainTable
          caption={say('ui.destination.sources')}
          showCaption
          rows={destination.sources}
          rowKey={(_row, index) => String(index)}
          columns={[
            {
              id: 'what',
              header: say('ui.column.source'),
              cell: (row) => sayIfKnown(`ui.destination-source.${row.what}`, row.what),
            },
            {
              id: 'value',
              header: say('ui.identifiers.value'),
              cell: (row) => (
                <HostileText
                  text={row.what === 'contradiction' ? sayIfKnown(`contradiction.${row.value}`, row.value) : row.value}
                  max={160}
                />
              ),
            },
            {
              id: 'date',
              header: say('ui.destination.dated'),
              cell: (row) => (row.dataAt === null ? '—' : <Instant at={row.dataAt} />),
            },
            {
              id: 'note',
              header: say('ui.column.note'),
              cell: (row) => <SourceNote source={row} seenAt={seenAt} />,
            },
          ]}
        />
      )}
    </section>
  );
}
