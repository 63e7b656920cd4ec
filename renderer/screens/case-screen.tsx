import { useState, type ReactNode } from 'react';
import { isRunning, useTasks } from '../bridge/tasks.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useQuery } from '../bridge/use-query.ts';
import { useNavigation, type Route } from '../navigation.tsx';
import { useCanWrite, useCase, useCaseContext } from '../open-case.tsx';
import { Badge } from '../widgets/badge.tsx';
import { Button, LinkButton } from '../widgets/button.tsx';
import { Copyable } from '../widgets/copyable.tsx';
import { TextField } from '../widgets/field.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Instant } from '../widgets/instant.tsx';
import { Modal } from '../widgets/modal.tsx';
import { ProblemNotice } from '../widgets/notice.tsx';
import { Facts, Page, Panel } from '../widgets/page.tsx';
import { PlainTable } from '../widgets/plain-table.tsx';
import { useWords, type WordKey } from '../words/words.tsx';

/** «Analyse now» wherever results are older than what was added. */
export function AnalyseButton() {
  const { say } = useWords();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const order = useOrder('analysis.start');
  const running = useTasks().some((task) => task.kind === 'analysis' && isRunning(task));
  return (
    <>
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <Button
        kind="primary"
        busy={order.busy || running}
        disabled={!canWrite}
        onPress={() => void order.give({ case: token })}
      >
        {running ? say('ui.analysis.running') : say('ui.analysis.start')}
      </Button>
    </>
  );
}

function Step({
  done,
  titleKey,
  aboutKey,
  route,
  extra,
}: {
  readonly done: boolean;
  readonly titleKey: WordKey;
  readonly aboutKey: WordKey;
  readonly route: Route | null;
  readonly extra?: ReactNode;
}) {
  const { say } = useWords();
  const { go } = useNavigation();
  return (
    <li className={done ? 'step step-done' : 'step'}>
      <span className="step-mark" aria-hidden="true">
        {done ? '✓' : ''}
      </span>
      <div>
        <p className="step-title">
          {route === null ? say(titleKey) : <LinkButton onPress={() => go(route)}>{say(titleKey)}</LinkButton>}
          <span className="only-read-out">{done ? say('ui.step.done') : say('ui.step.open')}</span>
        </p>
        <p className="muted">{say(aboutKey)}</p>
        {extra}
      </div>
    </li>
  );
}

/** The way of an investigation, with what is done already. */
function WayOfWork() {
  const { say } = useWords();
  const { summary, analysed, findings } = useCase();
  const { counts } = summary;
  const hasEvidence = counts.exhibits > 0;
  return (
    <Panel title={say('ui.way.title')}>
      <ol className="way">
        <Step
          done={counts.handsets > 0}
          titleKey="ui.way.handset"
          aboutKey="ui.way.handset-about"
          route={{ screen: 'handset' }}
        />
        <Step
          done={counts.identifiers > 0}
          titleKey="ui.way.identifiers"
          aboutKey="ui.way.identifiers-about"
          route={{ screen: 'handset', tab: 'identifiers' }}
        />
        <Step
          done={hasEvidence}
          titleKey="ui.way.acquire"
          aboutKey="ui.way.acquire-about"
          route={{ screen: 'acquisition' }}
        />
        <Step
          done={summary.labels.length > 1}
          titleKey="ui.way.after"
          aboutKey="ui.way.after-about"
          route={{ screen: 'acquisition' }}
        />
        <Step
          done={hasEvidence && analysed}
          titleKey="ui.way.analyse"
          aboutKey="ui.way.analyse-about"
          route={null}
          extra={hasEvidence && !analysed ? <AnalyseButton /> : null}
        />
        <Step
          done={findings > 0 && counts.decisions > 0}
          titleKey="ui.way.decide"
          aboutKey="ui.way.decide-about"
          route={{ screen: 'findings' }}
        />
        <Step done={false} titleKey="ui.way.report" aboutKey="ui.way.report-about" route={{ screen: 'report' }} />
      </ol>
    </Panel>
  );
}

function WhoActs({ onClose }: { readonly onClose: () => void }) {
  const { say } = useWords();
  const { openCase, replace } = useCaseContext();
  const order = useOrder('cases.set-actor');
  const [actor, setActor] = useState(openCase.actor);

  async function save(): Promise<void> {
    const reply = await order.give({ case: openCase.case, actor });
    if (!reply.ok) return;
    replace(reply.value);
    onClose();
  }

  return (
    <Modal
      title={say('ui.actor.title')}
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {say('ui.cancel')}
          </Button>
          <Button kind="primary" disabled={actor.trim() === ''} busy={order.busy} onPress={() => void save()}>
            {say('ui.save')}
          </Button>
        </>
      }
    >
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <TextField label={say('ui.actor.name')} value={actor} onChange={setActor} hint={say('ui.actor.hint')} required />
    </Modal>
  );
}

function LabelTable() {
  const { say, number } = useWords();
  const { case: token, summary } = useCase();
  const labels = useQuery('comparison.labels', { case: token }, ['index', 'case']);
  if (summary.labels.length === 0) return null;
  return (
    <Panel title={say('ui.labels.title')}>
      {labels.problem === null ? null : <ProblemNotice problem={labels.problem} />}
      <PlainTable
        caption={say('ui.labels.title')}
        rows={labels.value ?? []}
        rowKey={(row) => row.label}
        columns={[
          { id: 'label', header: say('ui.column.label'), cell: (row) => <HostileText text={row.label} /> },
          { id: 'handset', header: say('ui.column.handset'), cell: (row) => row.handsets.join(', ') },
          {
            id: 'runs',
            header: say('ui.column.runs'),
            cell: (row) => <HostileText text={row.runs.join(', ') || '—'} />,
          },
          {
            id: 'builds',
            header: say('ui.column.build'),
            cell: (row) => <HostileText text={row.builds.join(', ') || '—'} mono max={160} />,
          },
          { id: 'records', header: say('ui.column.records'), align: 'end', cell: (row) => number(row.records) },
          { id: 'flows', header: say('ui.column.flows'), align: 'end', cell: (row) => number(row.flows) },
        ]}
      />
    </Panel>
  );
}

export function CaseScreen() {
  const { say, number } = useWords();
  const { go } = useNavigation();
  const { openCase, replace } = useCaseContext();
  const { summary } = openCase;
  const close = useOrder('cases.close');
  const [actor, setActor] = useState(false);
  const counts = ['handsets', 'identifiers', 'exhibits', 'events', 'complaints', 'decisions', 'custody'] as const;

  async function closeCase(): Promise<void> {
    const reply = await close.give({ case: openCase.case });
    if (!reply.ok) return;
    replace(null);
    go({ screen: 'start' });
  }

  return (
    <Page
      title={say('ui.nav.case')}
      about={say('ui.case.about')}
      actions={
        <Button busy={close.busy} onPress={() => void closeCase()}>
          {say('ui.case.close')}
        </Button>
      }
    >
      {close.problem === null ? null : <ProblemNotice problem={close.problem} />}
      <div className="two-columns">
        <WayOfWork />
        <div className="stack">
          <Panel title={say('ui.case.summary')}>
            <Facts
              facts={[
                { name: say('ui.new-case.number'), value: <HostileText text={summary.number} /> },
                { name: say('ui.new-case.name'), value: <HostileText text={summary.title} /> },
                { name: say('ui.new-case.examiner'), value: <HostileText text={summary.examiner} /> },
                {
                  name: say('ui.case.actor'),
                  value: (
                    <>
                      <HostileText text={openCase.actor} />{' '}
                      <LinkButton onPress={() => setActor(true)}>{say('ui.actor.change')}</LinkButton>
                    </>
                  ),
                },
                { name: say('ui.case.created'), value: <Instant at={summary.createdAt} both /> },
                { name: say('ui.case.folder'), value: <HostileText text={summary.directory} mono max={400} /> },
                {
                  name: say('ui.case.state'),
                  value:
                    openCase.mode === 'writer' ? (
                      <Badge tone="good" text={say('ui.case.writer')} />
                    ) : (
                      <Badge tone="warning" text={say('ui.banner.reader')} />
                    ),
                },
                {
                  name: say('ui.custody.head'),
                  value: <Copyable text={summary.head} what={say('ui.custody.head')} />,
                },
              ]}
            />
          </Panel>
          <Panel title={say('ui.case.contents')}>
            <ul className="counts">
              {counts.map((name) => (
                <li key={name}>
                  <strong>{number(summary.counts[name])}</strong>
                  <span>{say(`ui.count.${name}`)}</span>
                </li>
              ))}
              <li>
                <strong>{number(openCase.findings)}</strong>
                <span>{say('ui.count.findings')}</span>
              </li>
            </ul>
          </Panel>
        </div>
      </div>
      <LabelTable />
      {actor ? <WhoActs onClose={() => setActor(false)} /> : null}
    </Page>
  );
}
