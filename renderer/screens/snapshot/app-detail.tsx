import { useDeferredValue, useState } from 'react';
import type { RecordRow } from '../../../shared/contract/exhibits.ts';
import type { AppRow, AppSection, SnapshotPlace } from '../../../shared/contract/snapshot.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords, type Words } from '../../words/words.tsx';
import { ExhibitLink } from '../references.tsx';
import { Told, WhatItMeans } from '../records/record-detail.tsx';
import { recordContent } from '../records/record-text.ts';

/** What a source says a row means; the source itself opens below it. */
function Meaning({ row }: { readonly row: RecordRow }) {
  const { say } = useWords();
  if (row.meaning === undefined) return <span className="muted">—</span>;
  return (
    <details>
      <summary>{row.meaning}</summary>
      <p className="hint">
        <code className="breakable">{row.meaningSource}</code>
        <br />
        {say('ui.records.meaning-seen-on')}: {row.meaningSeenOn}
      </p>
    </details>
  );
}

/** What a row says; the topic of a fact stands once, as the section's title. */
function contentIn(section: AppSection, row: RecordRow, words: Words): ReturnType<typeof recordContent> {
  const told = recordContent(row, words);
  return row.kind === 'fact' && row.topic === section.name ? told.slice(1) : told;
}

function Section({ section }: { readonly section: AppSection }) {
  const words = useWords();
  const { say, number } = words;
  const title = say(`ui.snapshot.section-${section.name}`);
  return (
    <details className="change-group app-section" open={section.total <= 40}>
      <summary>
        {title} <span className="muted">{number(section.total)}</span>
      </summary>
      <PlainTable
        caption={title}
        rows={section.rows}
        rowKey={(row) => String(row.id)}
        columns={[
          {
            id: 'content',
            header: say('ui.records.content'),
            cell: (row) =>
              contentIn(section, row, words).map((told, at) => (
                <span key={at}>
                  {at === 0 ? null : ' · '}
                  <Told told={told} max={200} />
                </span>
              )),
          },
          ...(section.rows.some((row) => row.meaning !== undefined)
            ? [{ id: 'meaning', header: say('ui.records.meaning'), cell: (row: RecordRow) => <Meaning row={row} /> }]
            : []),
          { id: 'exhibit', header: say('ui.column.exhibit'), cell: (row) => <ExhibitLink id={row.exhibit} /> },
        ]}
      />
      {section.total > section.rows.length ? (
        <p className="hint">{say('ui.snapshot.cut', { shown: section.rows.length, count: section.total })}</p>
      ) : null}
    </details>
  );
}

export interface AppDetailProps {
  readonly place: SnapshotPlace;
  readonly app: AppRow;
  readonly onClose: () => void;
}

/** Everything that was read of one app: permissions, components, app-ops, jobs, alarms, and what they mean. */
export function AppDetail({ place, app, onClose }: AppDetailProps) {
  const { say } = useWords();
  const { case: token } = useCase();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text);
  const sections = useQuery(
    'snapshot.app',
    { case: token, label: place.label, handset: place.handset, package: app.package, text: wanted },
    ['index', 'case', 'settings'],
  );
  return (
    <Panel
      title={app.package}
      aside={
        <Button kind="quiet" onPress={onClose}>
          {say('ui.close')}
        </Button>
      }
    >
      <WhatItMeans record={app} />
      <TextField label={say('ui.snapshot.in-app')} value={text} onChange={setText} />
      {sections.problem === null ? null : <ProblemNotice problem={sections.problem} />}
      {sections.value?.length === 0 ? <p className="muted">{say('ui.snapshot.no-match')}</p> : null}
      {(sections.value ?? []).map((section) => (
        <Section key={section.name} section={section} />
      ))}
      {app.versionName === null ? null : (
        <p className="hint">
          {say('ui.record-field.versionName')}: <HostileText text={app.versionName} max={80} />
        </p>
      )}
    </Panel>
  );
}
