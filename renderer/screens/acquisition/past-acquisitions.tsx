import { useState } from 'react';
import type { Acquisition } from '../../../shared/model/acquisition.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { Badge, OutcomeBadge, type BadgeTone } from '../../widgets/badge.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { reasonText } from '../../words/reason-text.ts';
import { scopeText } from '../../words/scope-text.ts';
import { useWords } from '../../words/words.tsx';

const outcomeTones: Readonly<Record<Acquisition['outcome'], BadgeTone>> = {
  complete: 'good',
  'complete-with-gaps': 'warning',
  interrupted: 'bad',
  running: 'blue',
};

function Results({ acquisition }: { readonly acquisition: string }) {
  const words = useWords();
  const { say, sayIfKnown, bytes, number } = words;
  const { go } = useNavigation();
  const { case: token } = useCase();
  const results = useQuery('acquisition.results', { case: token, acquisition }, ['case', 'index']);
  return (
    <>
      {results.problem === null ? null : <ProblemNotice problem={results.problem} />}
      <PlainTable
        caption={say('ui.results.caption', { acquisition })}
        rows={results.value ?? []}
        rowKey={(row) => row.collector}
        columns={[
          { id: 'title', header: say('ui.plan.collector'), cell: (row) => sayIfKnown(row.titleKey, row.title) },
          { id: 'outcome', header: say('ui.column.outcome'), cell: (row) => <OutcomeBadge outcome={row.outcome} /> },
          {
            id: 'reason',
            header: say('ui.column.reason'),
            cell: (row) => (row.reason === null ? '—' : <HostileText text={reasonText(words, row.reason)} max={300} />),
          },
          { id: 'records', header: say('ui.column.records'), align: 'end', cell: (row) => number(row.records) },
          { id: 'bytes', header: say('ui.column.bytes'), align: 'end', cell: (row) => bytes(row.bytes) },
          {
            id: 'exhibits',
            header: say('ui.column.exhibits'),
            cell: (row) => (
              <span className="references">
                {row.exhibits.slice(0, 6).map((exhibit) => (
                  <LinkButton key={exhibit} onPress={() => go({ screen: 'acquisition', tab: 'exhibits', exhibit })}>
                    {exhibit}
                  </LinkButton>
                ))}
                {row.exhibits.length > 6 ? say('ui.more', { count: row.exhibits.length - 6 }) : null}
              </span>
            ),
          },
        ]}
      />
    </>
  );
}

function Profile({ row }: { readonly row: Acquisition }) {
  const words = useWords();
  const stated = scopeText(row, words);
  return (
    <>
      {words.say(`ui.profile.${row.profile}`)}
      {stated.map((one) => (
        <div key={one} className="muted">
          <HostileText text={one} max={600} />
        </div>
      ))}
    </>
  );
}

/** What was acquired so far, each with its collectors' outcomes and reasons. */
export function PastAcquisitions() {
  const { say } = useWords();
  const { case: token } = useCase();
  const list = useQuery('acquisition.list', { case: token }, ['case']);
  const [open, setOpen] = useState<string | null>(null);
  if (list.value !== null && list.value.length === 0) return null;
  return (
    <Panel title={say('ui.past.title')}>
      {list.problem === null ? null : <ProblemNotice problem={list.problem} />}
      <PlainTable
        caption={say('ui.past.title')}
        rows={list.value ?? []}
        rowKey={(row) => row.id}
        columns={[
          { id: 'id', header: say('ui.column.id'), cell: (row) => row.id },
          { id: 'handset', header: say('ui.column.handset'), cell: (row) => row.handset },
          { id: 'label', header: say('ui.column.label'), cell: (row) => <HostileText text={row.label} /> },
          { id: 'run', header: say('ui.column.run'), cell: (row) => <HostileText text={row.run ?? '—'} /> },
          { id: 'profile', header: say('ui.acquire.profile'), cell: (row) => <Profile row={row} /> },
          { id: 'started', header: say('ui.column.started'), cell: (row) => <Instant at={row.startedAt} /> },
          {
            id: 'outcome',
            header: say('ui.column.outcome'),
            cell: (row) => (
              <Badge tone={outcomeTones[row.outcome]} text={say(`ui.acquisition-outcome.${row.outcome}`)} />
            ),
          },
          {
            id: 'open',
            header: say('ui.column.results'),
            cell: (row) => (
              <Button kind="quiet" pressed={open === row.id} onPress={() => setOpen(open === row.id ? null : row.id)}>
                {open === row.id ? say('ui.past.hide') : say('ui.past.show')}
              </Button>
            ),
          },
        ]}
      />
      {open === null ? null : <Results acquisition={open} />}
    </Panel>
  );
}
