import { useState, type FormEvent } from 'react';
import type { Task, TaskResult } from '../../shared/contract/tasks.ts';
import { call } from '../bridge/client.ts';
import { isRunning, useTasks } from '../bridge/tasks.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useCase } from '../open-case.tsx';
import { Button } from '../widgets/button.tsx';
import { DataTable } from '../widgets/data-table.tsx';
import { TextField } from '../widgets/field.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../widgets/notice.tsx';
import { Empty, Page } from '../widgets/page.tsx';
import { ProgressBar } from '../widgets/progress-bar.tsx';
import { useWords } from '../words/words.tsx';
import { ExhibitLink } from './references.tsx';

type SearchResult = Extract<TaskResult<unknown>, { readonly kind: 'search' }>;

function Hits({ result }: { readonly result: SearchResult }) {
  const { say, sayIfKnown, number, bytes } = useWords();
  /** `stream`, `body (gzip)` …: the place is worded, how it was decoded stays. */
  const whereText = (where: string): string => {
    const [place = '', ...decodings] = where.split(' ');
    return [sayIfKnown(`ui.search-where.${place}`, place), ...decodings].join(' ');
  };
  return (
    <>
      <p role="status">
        {say('ui.search.count', {
          count: result.hits.length,
          exhibits: number(result.exhibitsSearched),
          bytes: bytes(result.bytesSearched),
        })}
      </p>
      {result.truncated ? (
        <Notice tone="warning">{say('ui.search.truncated', { count: result.hits.length })}</Notice>
      ) : null}
      <DataTable
        label={say('ui.search.hits')}
        rows={result.hits}
        rowKey={(hit) => `${hit.exhibit} ${hit.where} ${hit.offset ?? ''} ${hit.form} ${hit.frame ?? ''}`}
        empty={<Empty title={say('ui.search.none')}>{say('ui.search.none-about')}</Empty>}
        columns={[
          {
            id: 'exhibit',
            header: say('ui.column.exhibit'),
            width: '80px',
            cell: (hit) => <ExhibitLink id={hit.exhibit} />,
          },
          {
            id: 'where',
            header: say('ui.search.where'),
            width: 'minmax(120px, 1fr)',
            cell: (hit) => <HostileText text={whereText(hit.where)} max={80} />,
          },
          {
            id: 'offset',
            header: say('ui.finding.offset'),
            width: '110px',
            align: 'end',
            cell: (hit) => (hit.offset === null ? '—' : number(hit.offset)),
          },
          {
            id: 'frame',
            header: say('ui.search.frame'),
            width: '84px',
            align: 'end',
            cell: (hit) => (hit.frame === null ? '—' : number(hit.frame)),
          },
          {
            id: 'form',
            header: say('ui.search.form'),
            width: '110px',
            cell: (hit) => sayIfKnown(`ui.search-form.${hit.form}`, hit.form),
          },
          {
            id: 'context',
            header: say('ui.search.context'),
            width: 'minmax(240px, 4fr)',
            cell: (hit) => <HostileText text={hit.context} mono max={200} />,
          },
        ]}
      />
    </>
  );
}

function SearchTask({ task }: { readonly task: Task }) {
  const { say } = useWords();
  if (isRunning(task)) {
    return (
      <div className="search-running">
        <ProgressBar progress={task.progress} label={say('ui.search.running')} />
        <Button onPress={() => void call('tasks.cancel', { task: task.task })}>{say('ui.task.cancel')}</Button>
      </div>
    );
  }
  return (
    <>
      {task.problem === null ? null : <ProblemNotice problem={task.problem} />}
      {task.result?.kind === 'search' ? <Hits result={task.result} /> : null}
    </>
  );
}

/** Any text, hex or number through everything that is stored, decoded bodies included. */
export function SearchScreen() {
  const { say } = useWords();
  const { case: token, summary } = useCase();
  const order = useOrder('search.start');
  const [text, setText] = useState('');
  // The newest search of this case stays on screen when the person comes back.
  const task = useTasks().find((entry) => entry.kind === 'search' && entry.about?.case === token) ?? null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (text !== '') void order.give({ case: token, text });
  }

  return (
    <Page title={say('ui.nav.search')} about={say('ui.search.about')} fill>
      <form className="search-form" role="search" onSubmit={submit}>
        <TextField label={say('ui.search.text')} value={text} onChange={setText} hint={say('ui.search.hint')} mono />
        <Button
          kind="primary"
          disabled={text === '' || summary.counts.exhibits === 0}
          busy={order.busy}
          onPress={() => void order.give({ case: token, text })}
        >
          {say('ui.search.search')}
        </Button>
      </form>
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {summary.counts.exhibits === 0 ? (
        <Empty title={say('ui.nothing.no-evidence')}>{say('ui.nothing.no-evidence-about')}</Empty>
      ) : null}
      {task === null ? null : <SearchTask task={task} />}
    </Page>
  );
}
