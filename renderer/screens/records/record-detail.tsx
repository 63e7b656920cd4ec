import type { RecordRow } from '../../../shared/contract/exhibits.ts';
import type { MeaningOfRecord } from '../../../shared/model/record.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Facts, Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { ExhibitLink } from '../references.tsx';
import { RawOfRecord } from './raw-of-record.tsx';
import { recordFields, type RecordText } from './record-text.ts';

/** A word of ours, or text of the handset. */
export function Told({ told, max }: { readonly told: RecordText; readonly max: number }) {
  return told.ours ? told.text : <HostileText text={told.text} mono max={max} />;
}

/** The raw output that the record was read from, with its hash and its bytes. */
function RawExhibit({ record }: { readonly record: RecordRow }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const exhibit = useQuery('exhibits.get', { case: token, exhibit: record.exhibit }, ['case']);
  return (
    <section>
      <h3>{say('ui.records.raw')}</h3>
      <Facts
        facts={[
          {
            name: say('ui.column.exhibit'),
            value: (
              <>
                <ExhibitLink id={record.exhibit} />{' '}
                {exhibit.value === null ? null : <HostileText text={exhibit.value.originalName} max={120} />}
              </>
            ),
          },
          exhibit.value?.origin.type === 'command'
            ? {
                name: say('ui.origin.command'),
                value: <HostileText text={exhibit.value.origin.command} mono max={300} />,
              }
            : null,
          exhibit.value === null
            ? null
            : { name: 'SHA-256', value: <code className="breakable">{exhibit.value.sha256}</code> },
          exhibit.value === null
            ? null
            : { name: say('ui.column.added'), value: <Instant at={exhibit.value.addedAt} both /> },
        ]}
      />
      {exhibit.problem === null ? null : <ProblemNotice problem={exhibit.problem} />}
      {exhibit.value === null ? null : <RawOfRecord record={record} exhibit={exhibit.value} />}
    </section>
  );
}

/** What the tables of its maker say of it, with their source; where they say nothing, that is said. */
export function WhatItMeans({ record }: { readonly record: MeaningOfRecord }) {
  const { say } = useWords();
  return (
    <section>
      <h3>{say('ui.records.meaning')}</h3>
      {record.meaning === undefined ? (
        <p className="muted">{say('ui.records.meaning-none')}</p>
      ) : (
        <Facts
          facts={[
            { name: say('ui.column.meaning'), value: record.meaning },
            {
              name: say('ui.records.meaning-source'),
              value: <code className="breakable">{record.meaningSource ?? '—'}</code>,
            },
            { name: say('ui.records.meaning-seen-on'), value: record.meaningSeenOn ?? '—' },
          ]}
        />
      )}
    </section>
  );
}

/** The record's instant on the workstation's clock, with what it may be off; or why it cannot be told. */
function OurInstant({ record }: { readonly record: RecordRow }) {
  const { say, number } = useWords();
  if (record.at === undefined) return say(`ui.ambiguous.${record.ambiguous ?? 'clock-not-measured'}`);
  return (
    <>
      <Instant at={record.at} both />
      <div className="muted">{say('ui.records.at-bound', { bound: number(record.atBoundMs ?? 0) })}</div>
    </>
  );
}

export interface RecordDetailProps {
  readonly record: RecordRow;
  readonly onClose: () => void;
}

/** Everything one record says, and the raw exhibit it was read from. */
export function RecordDetail({ record, onClose }: RecordDetailProps) {
  const words = useWords();
  const { say, sayIfKnown } = words;
  return (
    <Panel
      title={say(`ui.record-kind.${record.kind}`)}
      aside={
        <Button kind="quiet" onPress={onClose}>
          {say('ui.close')}
        </Button>
      }
    >
      <Facts
        facts={[
          ...recordFields(record, words).map((field) => ({
            name: sayIfKnown(`ui.record-field.${field.field}`, field.field),
            value: (
              <span className="lines">
                <Told told={field} max={4000} />
              </span>
            ),
          })),
          ...(record.at === undefined && record.ambiguous === undefined
            ? []
            : [{ name: say('ui.records.at'), value: <OurInstant record={record} /> }]),
          {
            name: say('ui.column.handset'),
            value: <HostileText text={[record.handset, record.label, record.run ?? '—'].join(' · ')} />,
          },
        ]}
      />
      <WhatItMeans record={record} />
      <RawExhibit record={record} />
    </Panel>
  );
}
