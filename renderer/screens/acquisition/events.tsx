import { useState } from 'react';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Badge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { eventText } from '../../words/event-text.ts';
import { useWords } from '../../words/words.tsx';
import { ExhibitLink } from '../references.tsx';
import { instantFromText } from './instant-from-text.ts';

type AttestedKind = 'consent-act' | 'stimulus' | 'note';

function AddEvent() {
  const { say } = useWords();
  const { case: token, runs, summary } = useCase();
  const order = useOrder('events.add');
  const [kind, setKind] = useState<AttestedKind>('stimulus');
  const [run, setRun] = useState('');
  const [at, setAt] = useState(() => new Date().toISOString().slice(0, 19).replace('T', ' '));
  const [text, setText] = useState('');
  const [label, setLabel] = useState('');
  const instant = instantFromText(at);
  const complete = run.trim() !== '' && text.trim() !== '' && instant !== null;

  async function add(): Promise<void> {
    if (instant === null) return;
    const reply = await order.give({
      case: token,
      run,
      label: label === '' ? null : label,
      handset: null,
      kind,
      at: instant,
      text,
    });
    if (reply.ok) setText('');
  }

  return (
    <Panel title={say('ui.events.add-title')}>
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <div className="form-grid">
        <SelectField
          label={say('ui.column.kind')}
          value={kind}
          onChange={setKind}
          hint={say(`ui.event-kind-about.${kind}`)}
          options={(['stimulus', 'consent-act', 'note'] as const).map((value) => ({
            value,
            text: say(`ui.event-kind.${value}`),
          }))}
        />
        <TextField
          label={say('ui.events.at')}
          value={at}
          onChange={setAt}
          mono
          hint={say('ui.events.at-hint')}
          error={instant === null ? say('ui.events.at-wrong') : undefined}
        />
        <TextField label={say('ui.run.run')} value={run} onChange={setRun} suggestions={runs} required />
        <TextField label={say('ui.run.label')} value={label} onChange={setLabel} suggestions={summary.labels} />
        <TextField wide label={say('ui.events.text')} value={text} onChange={setText} rows={2} required />
      </div>
      <div className="button-row">
        <Button kind="primary" disabled={!complete} busy={order.busy} onPress={() => void add()}>
          {say('ui.events.add')}
        </Button>
      </div>
    </Panel>
  );
}

/** The exhibit it was read from as the way to it; then what the host says of it. */
function EventSource({ source }: { readonly source: string }) {
  const [, exhibit, rest] = /^(E\d{3,})(.*)$/s.exec(source) ?? [];
  if (exhibit === undefined) return <HostileText text={source} max={160} />;
  return (
    <>
      <ExhibitLink id={exhibit} />
      <HostileText text={rest ?? ''} max={160} />
    </>
  );
}

/** What happened during the runs, attested or read from the handset. */
export function Events() {
  const words = useWords();
  const { say } = words;
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const list = useQuery('events.list', { case: token }, ['case', 'index']);
  return (
    <div className="stack">
      {canWrite ? <AddEvent /> : null}
      <Panel title={say('ui.acquisition.tab-events')}>
        {list.problem === null ? null : <ProblemNotice problem={list.problem} />}
        {list.value?.length === 0 ? (
          <Empty title={say('ui.events.none')}>{say('ui.events.none-about')}</Empty>
        ) : (
          <PlainTable
            caption={say('ui.acquisition.tab-events')}
            rows={list.value ?? []}
            rowKey={(row, index) => `${row.id} ${index}`}
            columns={[
              { id: 'at', header: say('ui.column.at'), cell: (row) => <Instant at={row.at} both /> },
              {
                id: 'handset',
                header: say('ui.timeline.at-handset'),
                cell: (row) => (row.atHandset === null ? '—' : <HostileText text={row.atHandset} max={40} mono />),
              },
              { id: 'run', header: say('ui.column.run'), cell: (row) => <HostileText text={row.run ?? '—'} /> },
              { id: 'label', header: say('ui.column.label'), cell: (row) => <HostileText text={row.label ?? '—'} /> },
              {
                id: 'kind',
                header: say('ui.column.kind'),
                cell: (row) => (
                  <Badge
                    tone={row.kind === 'consent-act' ? 'violet' : row.kind === 'gap' ? 'bad' : 'neutral'}
                    text={say(`ui.event-kind.${row.kind}`)}
                  />
                ),
              },
              {
                id: 'text',
                header: say('ui.events.text'),
                cell: (row) => <HostileText text={eventText(words, row.text)} max={400} />,
              },
              {
                id: 'source',
                header: say('ui.column.source'),
                cell: (row) => <EventSource source={row.source} />,
              },
            ]}
          />
        )}
      </Panel>
    </div>
  );
}
