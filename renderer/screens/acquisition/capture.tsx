import { useState } from 'react';
import type { Task } from '../../../shared/contract/tasks.ts';
import { call } from '../../bridge/client.ts';
import { isRunning } from '../../bridge/tasks.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Badge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { LiveSights } from './live-sights.tsx';
import { runOf, useRunSources } from './run-fields.tsx';
import { StartRun, useShownRun } from './start-run.tsx';

/** Live figures of a capture: what came, what the kernel lost. */
function LiveCapture({ task }: { readonly task: Task }) {
  const { say, number, bytes, language } = useWords();
  const stop = useOrder('capture.stop');
  const count = (name: string): string => {
    const value = task.counts[name] ?? null;
    if (value === null) return '—';
    return name === 'bytes' ? bytes(value) : number(value);
  };
  const dropped = task.counts['dropped'] ?? null;
  return (
    <Panel
      title={isRunning(task) ? say('ui.capture.running') : say('ui.capture.ended')}
      aside={
        isRunning(task) ? (
          <div className="button-row">
            <Button
              kind="primary"
              busy={stop.busy || task.status === 'stopping'}
              onPress={() => void stop.give({ task: task.task })}
            >
              {say('ui.capture.stop')}
            </Button>
            <Button kind="quiet" onPress={() => void call('tasks.cancel', { task: task.task })}>
              {say('ui.capture.abort')}
            </Button>
          </div>
        ) : null
      }
    >
      {stop.problem === null ? null : <ProblemNotice problem={stop.problem} />}
      <p className="muted">
        <HostileText text={task.title} max={120} /> · {say('ui.column.started')} <Instant at={task.startedAt} />
      </p>
      <ul className="counts" aria-live="polite">
        {(['packets', 'dropped', 'bytes', 'segments'] as const).map((name) => (
          <li key={name} className={name === 'dropped' && dropped !== null && dropped > 0 ? 'count-bad' : undefined}>
            <strong>{count(name)}</strong>
            <span>{say(`ui.capture-count.${name}`)}</span>
          </li>
        ))}
      </ul>
      {dropped === null && isRunning(task) ? <p className="hint">{say('ui.capture.drops-later')}</p> : null}
      {(task.notices ?? []).map((line, place) => (
        <Notice key={`${place} ${line.en}`} tone="info">
          <HostileText text={line[language]} max={600} />
        </Notice>
      ))}
      <LiveSights task={task} />
      {task.problem === null ? null : <ProblemNotice problem={task.problem} />}
      {task.result?.kind === 'capture' ? (
        <Notice tone={task.result.end === 'complete' ? 'good' : 'warning'}>
          {say(`ui.capture-end.${task.result.end}`)}
          {task.result.end === 'complete' ? null : ` ${say('ui.capture.again')}`}
        </Notice>
      ) : null}
    </Panel>
  );
}

function Method({ serial }: { readonly serial: string }) {
  const { say } = useWords();
  const methods = useQuery('capture.methods', serial === '' ? null : { serial }, ['handsets']);
  return (
    <ul className="methods">
      {methods.loading && methods.value === null ? <li className="muted">{say('ui.capture.looking')}</li> : null}
      {methods.problem === null ? null : (
        <li>
          <ProblemNotice problem={methods.problem} />
        </li>
      )}
      {(methods.value ?? []).map((entry) => (
        <li key={entry.method}>
          <Badge
            tone={entry.available ? 'good' : 'neutral'}
            text={entry.available ? say('ui.capture.available') : say('ui.capture.unavailable')}
          />{' '}
          <strong>{say(`ui.capture-method.${entry.method}`)}</strong>{' '}
          <span className="muted">
            <HostileText text={entry.why} max={400} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Records what the handset sends and receives. */
export function Capture() {
  const { say } = useWords();
  const { case: token } = useCase();
  const sources = useRunSources();
  const order = useOrder('capture.start');
  const [seconds, setSeconds] = useState('');
  const { shown, underWay, setStarted } = useShownRun('capture');
  const limit = seconds.trim() === '' ? null : Number(seconds);
  const limitOk = limit === null || (Number.isInteger(limit) && limit >= 1 && limit <= 2_592_000);

  async function start(): Promise<void> {
    const reply = await order.give({ case: token, ...runOf(sources.choice), method: 'tcpdump', seconds: limit });
    if (reply.ok) setStarted(reply.value.task);
  }

  return (
    <div className="stack">
      {shown === null ? null : <LiveCapture task={shown} />}
      {underWay ? null : (
        <StartRun
          title={say('ui.capture.title')}
          about={say('ui.capture.about')}
          sources={sources}
          order={order}
          submit={say('ui.capture.start')}
          onStart={start}
          fieldsComplete={limitOk}
          fields={
            <TextField
              label={say('ui.capture.seconds')}
              value={seconds}
              onChange={setSeconds}
              error={limitOk ? undefined : say('ui.capture.seconds-wrong')}
              hint={say('ui.capture.seconds-hint')}
            />
          }
        >
          <Method serial={sources.choice.serial} />
          <p className="hint">{say('ui.capture.change')}</p>
        </StartRun>
      )}
    </div>
  );
}
