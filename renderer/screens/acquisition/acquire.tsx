import { useState } from 'react';
import type { Task } from '../../../shared/contract/tasks.ts';
import type { ChosenProfile } from '../../../shared/model/acquisition.ts';
import { resumable } from '../../../shared/model/resumable.ts';
import { call } from '../../bridge/client.ts';
import { isRunning } from '../../bridge/tasks.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { CheckField, SelectField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { useWords } from '../../words/words.tsx';
import { OwnSelection, chosenOf, ownPlan } from './own-selection.tsx';
import { PastAcquisitions } from './past-acquisitions.tsx';
import { Plan } from './plan.tsx';
import { runOf, useRunSources } from './run-fields.tsx';
import { Resumed, remainingPlan } from './resumed.tsx';
import { StartRun, useShownAcquisitions } from './start-run.tsx';
import { TaskItems } from './task-items.tsx';

function RunningAcquisition({ task }: { readonly task: Task }) {
  const { say, language } = useWords();
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
      <p className="muted mono">
        <HostileText text={task.title} max={120} />
      </p>
      {isRunning(task) ? <ProgressBar progress={task.progress} label={say('ui.acquire.running')} /> : null}
      {task.problem === null ? null : <ProblemNotice problem={task.problem} />}
      {task.status !== 'cancelled' && task.items.some((item) => item.state === 'interrupted') ? (
        <Notice tone="warning" title={say('ui.acquire.cut')}>
          {say('ui.acquire.cut-about')}
        </Notice>
      ) : null}
      {(task.notices ?? []).map((line) => (
        <Notice key={line.en} tone="info">
          <HostileText text={line[language]} max={600} />
        </Notice>
      ))}
      <TaskItems task={task} />
    </Panel>
  );
}

/** Reads a handset: what will be asked, what came of it, and what was acquired before. */
export function Acquire() {
  const { say } = useWords();
  const { case: token } = useCase();
  const { shown, busySerials, setStarted } = useShownAcquisitions();
  const sources = useRunSources(busySerials);
  const [profile, setProfile] = useState<ChosenProfile>('standard');
  const [changed, setChanged] = useState<readonly string[] | null>(null);
  const { serial } = sources.choice;
  const isOwn = profile === 'own';
  // One's own selection is made from everything there is.
  const plan = useQuery('acquisition.plan', sources.loaded ? { profile, serial: serial === '' ? null : serial } : null);
  const settings = useQuery('settings.get', {});
  const past = useQuery('acquisition.list', { case: token }, ['case']);
  const [again, setAgain] = useState<string | null>(null);
  const chosen =
    changed ?? (plan.value === null || settings.value === null ? [] : chosenOf(plan.value, settings.value.collectors));
  const order = useOrder('acquisition.start');
  const { handset, label, run } = runOf(sources.choice);
  const asked =
    isOwn && plan.value !== null
      ? { collectors: plan.value.collectors.filter((one) => one.always || chosen.includes(one.id)).map(({ id }) => id) }
      : {};
  const cut = resumable((past.value ?? []).toReversed(), { handset, label: label.trim(), run, profile, ...asked });
  const resume = cut !== null && cut.id !== again;

  const resumed = useQuery(
    'acquisition.resumed',
    resume && cut !== null && serial !== '' && label.trim() !== ''
      ? {
          case: token,
          id: cut.id,
          serial,
          handset,
          label: label.trim(),
          run,
          profile,
          collectors: isOwn ? [...chosen] : null,
        }
      : null,
  );
  const basis = plan.value === null ? null : isOwn ? ownPlan(plan.value, chosen) : plan.value;
  const shownResumed = resume ? resumed.value : null;

  function choose(collectors: readonly string[]): void {
    setChanged(collectors);
    void call('settings.keep-collectors', { collectors: [...collectors] });
  }

  async function start(): Promise<void> {
    const collectors = isOwn ? [...chosen] : null;
    const reply = await order.give({ case: token, ...runOf(sources.choice), profile, collectors, resume });
    if (!reply.ok) return;
    setStarted(reply.value.task);
    sources.forgetHandset();
    // The list of collectors stands above the form that started it.
    document.getElementById('content')?.scrollTo({ top: 0 });
  }

  return (
    <div className="stack">
      {shown.map((task) => (
        <RunningAcquisition key={task.task} task={task} />
      ))}
      {busySerials.length > 0 && sources.ready.length === 0 ? null : (
        <StartRun
          title={say('ui.acquire.title')}
          sources={sources}
          order={order}
          submit={say('ui.acquire.start')}
          fieldsComplete={!isOwn || chosen.length > 0}
          onStart={start}
          fields={
            <SelectField
              label={say('ui.acquire.profile')}
              value={profile}
              onChange={setProfile}
              hint={say(`ui.profile-about.${profile}`)}
              options={(['quick', 'standard', 'full', 'own'] as const).map((value) => ({
                value,
                text: say(`ui.profile.${value}`),
              }))}
            />
          }
        >
          {cut === null ? null : (
            <Notice tone="info" title={say('ui.resume.title', { id: cut.id })}>
              <CheckField
                label={say('ui.resume.go-on', { id: cut.id })}
                checked={resume}
                onChange={(on) => setAgain(on ? null : cut.id)}
              />
              <p>{say('ui.resume.about')}</p>
              {shownResumed === null || basis === null ? null : <Resumed resumed={shownResumed} plan={basis} />}
            </Notice>
          )}
          {plan.problem === null ? null : <ProblemNotice problem={plan.problem} />}
          {plan.value === null ? null : (
            <>
              {isOwn ? <OwnSelection plan={plan.value} chosen={chosen} onChange={choose} /> : null}
              {basis === null ? null : <Plan plan={remainingPlan(basis, shownResumed)} />}
            </>
          )}
        </StartRun>
      )}
      <PastAcquisitions />
    </div>
  );
}
