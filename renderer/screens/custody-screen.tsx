import { useCallback, useEffect, useState } from 'react';
import type { CustodyEntry } from '../../shared/model/custody.ts';
import type { Task } from '../../shared/contract/tasks.ts';
import { call, listen } from '../bridge/client.ts';
import { isRunning, useTasks } from '../bridge/tasks.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useCase } from '../open-case.tsx';
import { Badge } from '../widgets/badge.tsx';
import { Button } from '../widgets/button.tsx';
import { Copyable } from '../widgets/copyable.tsx';
import { DataTable } from '../widgets/data-table.tsx';
import { TextField } from '../widgets/field.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Instant } from '../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../widgets/notice.tsx';
import { Page, Panel } from '../widgets/page.tsx';
import { PlainTable } from '../widgets/plain-table.tsx';
import { ProgressBar } from '../widgets/progress-bar.tsx';
import { useWords } from '../words/words.tsx';
import { custodyNote } from './custody-note.ts';

const pageSize = 200;

/** The chain, newest first, read page by page. */
function useChain(token: string) {
  const [state, setState] = useState<{ entries: readonly CustodyEntry[]; total: number } | null>(null);
  const oldest = state?.entries.at(-1)?.seq ?? null;

  useEffect(() => {
    let current = true;
    const first = (): void => {
      void call('custody.entries', { case: token, before: null, limit: pageSize }).then((reply) => {
        if (current && reply.ok) setState({ entries: reply.value.entries, total: reply.value.total });
      });
    };
    first();
    const stop = listen((event) => {
      if (event.type === 'changed' && event.topic === 'case') first();
    });
    return () => {
      current = false;
      stop();
    };
  }, [token]);

  const more = useCallback(() => {
    if (oldest === null || oldest <= 1) return;
    void call('custody.entries', { case: token, before: oldest, limit: pageSize }).then((reply) => {
      if (!reply.ok) return;
      setState((old) =>
        old === null || old.entries.at(-1)?.seq !== oldest
          ? old
          : { entries: [...old.entries, ...reply.value.entries], total: reply.value.total },
      );
    });
  }, [token, oldest]);

  return { entries: state?.entries ?? [], total: state?.total ?? null, more };
}

function VerifyResult({ task }: { readonly task: Task }) {
  const { say, number } = useWords();
  if (isRunning(task)) {
    return (
      <div className="search-running">
        <ProgressBar progress={task.progress} label={say('ui.custody.verifying')} />
        <Button onPress={() => void call('tasks.cancel', { task: task.task })}>{say('ui.task.cancel')}</Button>
      </div>
    );
  }
  if (task.problem !== null) return <ProblemNotice problem={task.problem} />;
  if (task.result?.kind !== 'verification') return null;
  const { ok, checks, failed, firstFailure, failures } = task.result;
  return (
    <>
      <Notice tone={ok ? 'good' : 'bad'} title={ok ? say('ui.custody.ok') : say('ui.custody.wrong')}>
        {ok
          ? say('ui.custody.ok-about', { checks: number(checks) })
          : say('ui.custody.wrong-about', {
              checks: number(checks),
              failed: number(failed),
              first: firstFailure ?? '',
            })}
      </Notice>
      {failures.length === 0 ? null : (
        <PlainTable
          caption={say('ui.custody.failures')}
          rows={failures}
          rowKey={(line) => `${line.check} ${line.subject}`}
          columns={[
            { id: 'check', header: say('ui.custody.check'), cell: (line) => say(`ui.check.${line.check}`) },
            {
              id: 'subject',
              header: say('ui.column.subject'),
              cell: (line) => <HostileText text={line.subject} mono />,
            },
            {
              id: 'detail',
              header: say('ui.column.reason'),
              cell: (line) => <HostileText text={line.detail ?? '—'} max={400} />,
            },
          ]}
        />
      )}
    </>
  );
}

function Verify() {
  const { say } = useWords();
  const { case: token } = useCase();
  const order = useOrder('custody.verify');
  const [head, setHead] = useState('');
  const task = useTasks().find((entry) => entry.kind === 'verification' && entry.about?.case === token) ?? null;
  const typed = head.trim().toLowerCase();
  const headOk = typed === '' || /^[0-9a-f]{64}$/.test(typed);
  const running = task !== null && isRunning(task);
  return (
    <Panel title={say('ui.custody.verify-title')}>
      <p className="muted">{say('ui.custody.verify-about')}</p>
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <div className="verify-form">
        <TextField
          label={say('ui.custody.paper-head')}
          value={head}
          onChange={setHead}
          mono
          hint={say('ui.custody.paper-head-hint')}
          error={headOk ? undefined : say('ui.custody.paper-head-wrong')}
        />
        <Button
          kind="primary"
          disabled={!headOk}
          busy={order.busy || running}
          onPress={() => void order.give({ case: token, head: typed === '' ? null : typed })}
        >
          {say('ui.custody.verify')}
        </Button>
      </div>
      {task === null ? null : <VerifyResult task={task} />}
    </Panel>
  );
}

/** Who did what when, each entry bound to the one before it. */
export function CustodyScreen() {
  const words = useWords();
  const { say, sayIfKnown, number } = words;
  const { case: token, summary } = useCase();
  const chain = useChain(token);
  return (
    <Page title={say('ui.nav.custody')} about={say('ui.custody.about')}>
      <Panel title={say('ui.custody.head')}>
        <Copyable text={summary.head} what={say('ui.custody.head')} large />
        <p className="hint">{say('ui.custody.head-about')}</p>
      </Panel>
      <Verify />
      <Panel
        title={say('ui.custody.chain')}
        aside={
          <Badge
            tone="neutral"
            text={say('ui.custody.entries', { count: chain.total ?? 0, shown: number(chain.total ?? 0) })}
          />
        }
      >
        <div className="tall-table">
          <DataTable
            label={say('ui.custody.chain')}
            rows={chain.entries}
            total={chain.total}
            rowKey={(entry) => String(entry.seq)}
            onEndNear={chain.more}
            empty={say('ui.loading')}
            columns={[
              {
                id: 'seq',
                header: say('ui.column.number'),
                width: '64px',
                align: 'end',
                cell: (entry) => number(entry.seq),
              },
              {
                id: 'at',
                header: say('ui.column.at-utc'),
                width: '184px',
                cell: (entry) => <Instant at={entry.at} bare />,
              },
              {
                id: 'actor',
                header: say('ui.column.actor'),
                width: 'minmax(110px, 1fr)',
                cell: (entry) => <HostileText text={entry.actor} max={80} />,
              },
              {
                id: 'action',
                header: say('ui.column.action'),
                width: 'minmax(150px, 1.4fr)',
                cell: (entry) => (
                  <HostileText text={sayIfKnown(`ui.custody-action.${entry.action}`, entry.action)} max={80} />
                ),
              },
              {
                id: 'note',
                header: say('ui.column.note'),
                width: 'minmax(160px, 2.5fr)',
                cell: (entry) => <HostileText text={custodyNote(entry, words)} max={200} />,
              },
              {
                id: 'hash',
                header: say('ui.custody.hash'),
                width: '150px',
                cell: (entry) => <code title={entry.hash}>{entry.hash.slice(0, 16)}…</code>,
              },
            ]}
          />
        </div>
      </Panel>
    </Page>
  );
}
