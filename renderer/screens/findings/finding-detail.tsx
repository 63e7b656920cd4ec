import type { FindingDetail } from '../../../shared/contract/findings.ts';
import type { Destination, DestinationSource } from '../../../shared/model/finding.ts';
import type { QueryState } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { Badge, ChannelBadge, ConfidenceBadge, RepresentationBadge, SeverityBadge } from '../../widgets/badge.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { BytesView } from '../../widgets/bytes-view.tsx';
import { Copyable } from '../../widgets/copyable.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Facts, Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { TransformPath } from '../../widgets/transform-path.tsx';
import { useWords } from '../../words/words.tsx';
import { messageText } from '../traffic/message-text.ts';
import { Decide } from './decide.tsx';

/** How it was written, in which channel, and how we know: three axes, never mixed. */
function Axes({ detail }: { readonly detail: FindingDetail }) {
  const { say } = useWords();
  const { finding } = detail;
  return (
    <dl className="axes">
      <div>
        <dt>{say('ui.column.representation')}</dt>
        <dd>
          {finding.representation === null ? '—' : <RepresentationBadge representation={finding.representation} />}
        </dd>
      </div>
      <div>
        <dt>{say('ui.column.channel')}</dt>
        <dd>{finding.channel === null ? '—' : <ChannelBadge channel={finding.channel} />}</dd>
      </div>
      <div>
        <dt>{say('ui.finding.known-by')}</dt>
        <dd>
          <Badge tone="neutral" text={say(`ui.known-by.${finding.contentKnownBy ?? 'nothing'}`)} />
        </dd>
      </div>
      <div>
        <dt>{say('ui.finding.consent')}</dt>
        <dd>
          <Badge
            tone={finding.consent === 'before-any-act' ? 'bad' : 'neutral'}
            text={say(`ui.consent.${finding.consent}`)}
          />
        </dd>
      </div>
    </dl>
  );
}

function Context({ detail }: { readonly detail: FindingDetail }) {
  const { say } = useWords();
  const { context, finding, message } = detail;
  return (
    <section>
      <h3>{say('ui.finding.bytes')}</h3>
      {context === null ? (
        <p className="muted">{say('ui.finding.no-bytes')}</p>
      ) : (
        <>
          <BytesView
            label={say('ui.finding.bytes')}
            base64={context.base64}
            markStart={context.matchStart}
            markEnd={context.matchEnd}
            firstOffset={Math.max(0, (detail.bodyOffset ?? finding.streamOffset ?? 0) - context.matchStart)}
          />
          <p className="hint">
            {detail.bodyOffset === null ? say('ui.finding.offset-stream') : say('ui.finding.offset-body')}
          </p>
        </>
      )}
      {message === null ? null : (
        <p className="message-text mono">
          <HostileText text={messageText(message)} max={1500} />
        </p>
      )}
    </section>
  );
}

function Repeat({ detail }: { readonly detail: FindingDetail }) {
  const { say, number } = useWords();
  const { go } = useNavigation();
  const { finding, exhibit } = detail;
  return (
    <section>
      <h3>{say('ui.finding.repeat')}</h3>
      {finding.filter === null ? null : <Copyable text={finding.filter} what={say('ui.finding.filter')} />}
      <Facts
        facts={[
          {
            name: say('ui.column.exhibit'),
            value:
              exhibit === null ? (
                '—'
              ) : (
                <>
                  <LinkButton onPress={() => go({ screen: 'acquisition', tab: 'exhibits', exhibit: exhibit.id })}>
                    {exhibit.id}
                  </LinkButton>{' '}
                  <HostileText text={exhibit.originalName} max={120} />
                </>
              ),
          },
          { name: 'SHA-256', value: <code className="breakable">{finding.exhibitSha256}</code> },
          {
            name: say('ui.finding.frames'),
            value: finding.frames.map((frame) => `${frame.exhibit} #${number(frame.frame)}`).join(', ') || '—',
          },
          {
            name: say('ui.finding.offset'),
            value: finding.streamOffset === null ? '—' : number(finding.streamOffset),
          },
          { name: say('ui.finding.field'), value: <HostileText text={finding.field ?? '—'} mono /> },
          {
            name: say('ui.finding.rule'),
            value: say('ui.finding.rule-version', { rule: finding.rule, version: finding.ruleVersion }),
          },
          { name: say('ui.finding.key'), value: <code className="breakable">{finding.key}</code> },
        ]}
      />
    </section>
  );
}

const staleMs = 365 * 24 * 3600 * 1000;

/** What the reader should know of a source. A country database that is much younger or older than the capture is said to be so. */
function SourceNote({ source, seenAt }: { readonly source: DestinationSource; readonly seenAt: string | null }) {
  const { say } = useWords();
  if (source.what !== 'country-database' || source.dataAt === null || seenAt === null) {
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

function DestinationView({
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
          { name: say('ui.column.country'), value: destination.country ?? '—' },
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
              cell: (row) => <HostileText text={row.value} max={160} />,
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

function Loaded({ detail }: { readonly detail: FindingDetail }) {
  const { say } = useWords();
  const { go } = useNavigation();
  const { finding, identifier, flow } = detail;
  return (
    <>
      <p className="statement">
        <HostileText text={finding.statement} max={1000} />
      </p>
      <p className="badges">
        <SeverityBadge severity={finding.severity} /> <ConfidenceBadge confidence={finding.confidence} />
        {finding.at === null ? null : <Instant at={finding.at} both />}
      </p>
      {finding.identifier === null && finding.transform.length === 0 ? null : (
        <TransformPath kind={finding.identifier?.kind ?? null} transform={finding.transform} />
      )}
      <Axes detail={detail} />
      <Context detail={detail} />
      <Facts
        facts={[
          identifier === null
            ? null
            : {
                name: say('ui.column.identifier'),
                value: (
                  <>
                    {identifier.id} <HostileText text={identifier.value} mono max={120} />{' '}
                    <span className="muted">
                      (<HostileText text={identifier.source} max={80} />)
                    </span>
                  </>
                ),
              },
          {
            name: say('ui.finding.direction'),
            value: finding.direction === null ? '—' : say(`ui.direction.${finding.direction}`),
          },
          {
            name: say('ui.column.handset'),
            value: (
              <HostileText
                text={[finding.handset, finding.label, finding.run].filter((part) => part !== null).join(' · ')}
              />
            ),
          },
          flow === null
            ? null
            : {
                name: say('ui.finding.flow'),
                value: (
                  <LinkButton onPress={() => go({ screen: 'traffic', flow: flow.id })}>
                    {say('ui.flow.title', { flow: flow.id })}
                  </LinkButton>
                ),
              },
        ]}
      />
      <Repeat detail={detail} />
      {finding.destination === null ? null : <DestinationView destination={finding.destination} seenAt={finding.at} />}
      <Decide detail={detail} />
    </>
  );
}

export interface FindingDetailPanelProps {
  readonly state: QueryState<FindingDetail>;
  readonly onClose: () => void;
}

export function FindingDetailPanel({ state, onClose }: FindingDetailPanelProps) {
  const { say } = useWords();
  return (
    <Panel
      title={state.value?.finding.number ?? say('ui.nav.findings')}
      aside={
        <Button kind="quiet" onPress={onClose}>
          {say('ui.close')}
        </Button>
      }
    >
      {state.problem === null ? null : <ProblemNotice problem={state.problem} />}
      {state.value === null ? (
        state.loading ? (
          <p className="muted">{say('ui.loading')}</p>
        ) : null
      ) : (
        <Loaded detail={state.value} />
      )}
    </Panel>
  );
}
