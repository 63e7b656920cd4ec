import { useState } from 'react';
import type { AcquisitionPlan } from '../../../shared/contract/acquisition.ts';
import type { Task } from '../../../shared/contract/tasks.ts';
import { outcomes, type AcquisitionProfile, type Outcome } from '../../../shared/model/acquisition.ts';
import { call } from '../../bridge/client.ts';
import { isRunning, useTask, useTasks } from '../../bridge/tasks.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Badge, OutcomeBadge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { SelectField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { reasonText } from '../../words/reason-text.ts';
import { useWords } from '../../words/words.tsx';
import { NeedsHandset } from './needs-handset.tsx';
import { PastAcquisitions } from './past-acquisitions.tsx';
import { RunFields, useRunSources } from './run-fields.tsx';

function isOutcome(state: string): state is Outcome {
  return (outcomes as readonly string[]).includes(state);
}

/** Every collector of a running acquisition, with what came of it so far. */
export function TaskItems({ task }: { readonly task: Task }) {
  const words = useWords();
  const { say, sayIfKnown } = words;
  return (
    <ol className="collectors">
      {task.items.map((item) => (
        <li key={item.id} className={`collector collector-${item.state}`}>
          <span className="collector-title">
            <HostileText text={item.titleKey === null ? item.title : sayIfKnown(item.titleKey, item.title)} />
          </span>
          {isOutcome(item.state) ? (
            <OutcomeBadge outcome={item.state} />
          ) : (
            <Badge
              tone={item.state === 'running' ? 'blue' : item.state === 'failed' ? 'bad' : 'neutral'}
              text={say(`ui.item-state.${item.state}`)}
            />
          )}
          {item.detail === null ? null : (
            <span className="muted">
              <HostileText text={reasonText(words, item.detail)} max={300} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function Plan({ plan }: { readonly plan: AcquisitionPlan }) {
  const { say, sayIfKnown } = useWords();
  const changing = plan.collectors.some((entry) => entry.commands.some((command) => command.effect === 'changes'));
  return (
    <details className="plan">
      <summary>
        {say('ui.plan.summary', {
          collectors: plan.collectors.length,
          commands: plan.collectors.reduce((sum, entry) => sum + entry.commands.length, 0),
        })}{' '}
        <Badge
          tone={changing ? 'warning' : 'good'}
          text={changing ? say('ui.plan.some-change') : say('ui.plan.only-reads')}
        />
      </summary>
      <PlainTable
        caption={say('ui.plan.caption')}
        rows={plan.collectors}
        rowKey={(entry) => entry.id}
        columns={[
          {
            id: 'title',
            header: say('ui.plan.collector'),
            cell: (entry) => sayIfKnown(entry.titleKey, entry.title),
          },
          {
            id: 'commands',
            header: say('ui.plan.commands'),
            cell: (entry) => (
              <ul className="commands">
                {entry.commands.map((command) => (
                  <li key={command.command}>
                    <code>{command.command}</code>{' '}
                    <span className={command.effect === 'changes' ? 'effect effect-changes' : 'effect'}>
                      {say(`ui.effect.${command.effect}`)}
                    </span>
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </details>
  );
}

function RunningAcquisition({ task }: { readonly task: Task }) {
  const { say } = useWords();
  return (
    <Panel
      title={say('ui.acquire.running')}
      aside={
        isRunning(task) ? (
          <Button
            kind="danger"
            disabled={task.status === 'stopping'}
            onPress={() => void call('tasks.cancel', { task: task.task })}
          >
            {say('ui.acquire.stop')}
          </Button>
        ) : null
      }
    >
      {isRunning(task) ? <ProgressBar progress={task.progress} label={say('ui.acquire.running')} /> : null}
      {task.problem === null ? null : <ProblemNotice problem={task.problem} />}
      {task.status !== 'cancelled' && task.items.some((item) => item.state === 'interrupted') ? (
        <Notice tone="warning" title={say('ui.acquire.cut')}>
          {say('ui.acquire.cut-about')}
        </Notice>
      ) : null}
      <TaskItems task={task} />
    </Panel>
  );
}

export function Acquire() {
  const { say } = useWords();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const sources = useRunSources();
  const [profile, setProfile] = useState<AcquisitionProfile>('standard');
  const plan = useQuery('acquisition.plan', { profile });
  const order = useOrder('acquisition.start');
  const [started, setStarted] = useState<string | null>(null);
  const underWay = useTasks().find((task) => task.kind === 'acquisition' && isRunning(task)) ?? null;
  const last = useTask(started);
  const shown = underWay ?? last;
  const canStart = sources.ready.length > 0 && sources.known.length > 0;

  async function start(): Promise<void> {
    const { serial, handset, label, run } = sources.choice;
    const reply = await order.give({
      case: token,
      serial,
      handset,
      label,
      run: run.trim() === '' ? null : run,
      profile,
    });
    if (!reply.ok) return;
    setStarted(reply.value.task);
    // The list of collectors stands above the form that started it.
    document.getElementById('content')?.scrollTo({ top: 0 });
  }

  return (
    <div className="stack">
      {shown === null ? null : <RunningAcquisition task={shown} />}
      {underWay !== null || !canWrite ? null : (
        <Panel title={say('ui.acquire.title')}>
          {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
          {!sources.loaded ? (
            <p className="muted">{say('ui.handset.looking')}</p>
          ) : !canStart ? (
            <NeedsHandset sources={sources} />
          ) : (
            <>
              <div className="form-grid">
                <RunFields sources={sources} />
                <SelectField
                  label={say('ui.acquire.profile')}
                  value={profile}
                  onChange={setProfile}
                  hint={say(`ui.profile-about.${profile}`)}
                  options={(['quick', 'standard', 'full'] as const).map((value) => ({
                    value,
                    text: say(`ui.profile.${value}`),
                  }))}
                />
              </div>
              {plan.problem === null ? null : <ProblemNotice problem={plan.problem} />}
              {plan.value === null ? null : <Plan plan={plan.value} />}
              <div className="button-row">
                <Button
                  kind="primary"
                  disabled={!sources.complete}
                  busy={order.busy}
                  title={sources.complete ? undefined : say('ui.run.label-hint')}
                  onPress={() => void start()}
                >
                  {say('ui.acquire.start')}
                </Button>
              </div>
            </>
          )}
        </Panel>
      )}
      {canWrite ? null : <Notice tone="info">{say('ui.reader.cannot')}</Notice>}
      <PastAcquisitions />
    </div>
  );
}
