import { useEffect, useState } from 'react';
import type { OpenCase, RecentCase } from '../../shared/contract/cases.ts';
import { call } from '../bridge/client.ts';
import { isRunning, useTask, useTasks } from '../bridge/tasks.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useQuery } from '../bridge/use-query.ts';
import { useNavigation } from '../navigation.tsx';
import { Button } from '../widgets/button.tsx';
import { TextField } from '../widgets/field.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Instant } from '../widgets/instant.tsx';
import { FormModal } from '../widgets/form-modal.tsx';
import { Notice, ProblemNotice } from '../widgets/notice.tsx';
import { Empty, Page, Panel } from '../widgets/page.tsx';
import { Badge } from '../widgets/badge.tsx';
import { useWords } from '../words/words.tsx';
import { ConnectedList } from './handset/connected-list.tsx';

interface StartProps {
  readonly onOpenCase: (openCase: OpenCase) => void;
}

function NewCase({ onOpenCase, onClose }: StartProps & { readonly onClose: () => void }) {
  const { say } = useWords();
  const { go } = useNavigation();
  const order = useOrder('cases.new');
  const [number, setNumber] = useState('');
  const [title, setTitle] = useState('');
  const [examiner, setExaminer] = useState('');
  const complete = [number, title, examiner].every((text) => text.trim() !== '');

  async function create(): Promise<void> {
    const reply = await order.give({ number, title, examiner });
    if (!reply.ok || reply.value === null) return;
    onClose();
    onOpenCase(reply.value);
    go({ screen: 'case' });
  }

  return (
    <FormModal
      title={say('ui.new-case.title')}
      submit={say('ui.new-case.create')}
      complete={complete}
      order={order}
      onSubmit={create}
      onClose={onClose}
    >
      <TextField
        label={say('ui.new-case.number')}
        value={number}
        onChange={setNumber}
        required
        placeholder="2014-081"
      />
      <TextField label={say('ui.new-case.name')} value={title} onChange={setTitle} required />
      <TextField
        label={say('ui.new-case.examiner')}
        value={examiner}
        onChange={setExaminer}
        required
        hint={say('ui.new-case.examiner-hint')}
      />
    </FormModal>
  );
}

function RecentRow({
  entry,
  onOpen,
  onForget,
  busy,
}: {
  readonly entry: RecentCase;
  readonly onOpen: () => void;
  readonly onForget: () => void;
  readonly busy: boolean;
}) {
  const { say } = useWords();
  return (
    <li className="recent">
      <button type="button" className="recent-open" disabled={!entry.present || busy} onClick={onOpen}>
        <span className="recent-title">
          <HostileText text={entry.number} max={80} /> <HostileText text={entry.title} max={120} />
        </span>
        <span className="recent-folder mono">
          <HostileText text={entry.folder} max={200} />
        </span>
      </button>
      <span className="recent-marks">
        {entry.synthetic ? <Badge tone="warning" text={say('ui.banner.synthetic')} /> : null}
        {entry.present ? null : <Badge tone="bad" text={say('ui.start.missing')} />}
        <span className="muted">
          <Instant at={entry.openedAt} />
        </span>
        <Button kind="quiet" onPress={onForget} label={say('ui.start.forget-label', { number: entry.number })}>
          {say('ui.start.forget')}
        </Button>
      </span>
    </li>
  );
}

function RecentCases({ onOpenCase }: StartProps) {
  const { say } = useWords();
  const { go } = useNavigation();
  const recent = useQuery('cases.recent', {});
  const open = useOrder('cases.open');
  const forget = useOrder('cases.forget');

  async function openEntry(token: string): Promise<void> {
    const reply = await open.give({ case: token });
    if (!reply.ok) return;
    onOpenCase(reply.value);
    go({ screen: 'case' });
  }

  return (
    <Panel title={say('ui.start.recent')}>
      {open.problem === null ? null : <ProblemNotice problem={open.problem} />}
      {recent.problem === null ? null : <ProblemNotice problem={recent.problem} />}
      {recent.value !== null && recent.value.length === 0 ? (
        <Empty title={say('ui.start.no-recent')}>{say('ui.start.no-recent-about')}</Empty>
      ) : (
        <ul className="recent-list">
          {(recent.value ?? []).map((entry) => (
            <RecentRow
              key={entry.case}
              entry={entry}
              busy={open.busy}
              onOpen={() => void openEntry(entry.case)}
              onForget={() => void forget.give({ case: entry.case }).then(recent.reload)}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Demonstration({ nothingConnected, onOpenCase }: StartProps & { readonly nothingConnected: boolean }) {
  const { say } = useWords();
  const { go } = useNavigation();
  const start = useOrder('demonstration.start');
  const [started, setStarted] = useState<string | null>(null);
  const task = useTask(started);
  const result = task?.result ?? null;

  // Whoever pressed the button and stayed here sees its findings without another click.
  useEffect(() => {
    if (result?.kind !== 'demonstration') return;
    setStarted(null);
    void call('cases.open', { case: result.case }).then((reply) => {
      if (!reply.ok) return;
      onOpenCase(reply.value);
      go({ screen: 'findings' });
    });
  }, [result, onOpenCase, go]);

  async function begin(): Promise<void> {
    const reply = await start.give({ seed: null });
    if (reply.ok) setStarted(reply.value.task);
  }

  const running = useTasks().some((task) => task.kind === 'demonstration' && isRunning(task));
  return (
    <section className={nothingConnected ? 'demo-card demo-card-first' : 'demo-card'} aria-labelledby="demo-title">
      <h2 id="demo-title">{say('ui.demo.title')}</h2>
      <p>{say('ui.demo.about')}</p>
      {start.problem === null ? null : <ProblemNotice problem={start.problem} />}
      <Button kind={nothingConnected ? 'primary' : 'plain'} busy={start.busy || running} onPress={() => void begin()}>
        {running ? say('ui.demo.running') : say('ui.demo.start')}
      </Button>
    </section>
  );
}

/** The first screen: the person's cases, the handsets that are plugged in, and the demonstration. */
export function StartScreen({ onOpenCase }: StartProps) {
  const { say } = useWords();
  const { go } = useNavigation();
  const [creating, setCreating] = useState(false);
  const choose = useOrder('cases.choose');
  const live = useQuery('handsets.live', {}, ['handsets']);
  const nothingConnected = live.value === null || live.value.handsets.length === 0;

  async function openOther(): Promise<void> {
    const reply = await choose.give({});
    if (!reply.ok || reply.value === null) return;
    onOpenCase(reply.value);
    go({ screen: 'case' });
  }

  return (
    <Page
      title={say('ui.start.title')}
      about={say('ui.start.about')}
      actions={
        <>
          <Button onPress={() => void openOther()} busy={choose.busy}>
            {say('ui.start.open')}
          </Button>
          <Button kind="primary" onPress={() => setCreating(true)}>
            {say('ui.start.new')}
          </Button>
        </>
      }
    >
      {choose.problem === null ? null : <ProblemNotice problem={choose.problem} />}
      <div className="start-grid">
        <RecentCases onOpenCase={onOpenCase} />
        <div className="stack">
          <Demonstration nothingConnected={nothingConnected} onOpenCase={onOpenCase} />
          <Panel title={say('ui.start.handsets')}>
            {live.problem === null ? null : <ProblemNotice problem={live.problem} />}
            {live.value === null ? (
              live.loading ? (
                <p className="muted">{say('ui.loading')}</p>
              ) : null
            ) : live.value.adb.problem === null ? (
              <ConnectedList live={live.value} />
            ) : (
              <ProblemNotice problem={live.value.adb.problem} />
            )}
            {nothingConnected ? null : <Notice tone="info">{say('ui.start.handset-needs-case')}</Notice>}
          </Panel>
        </div>
      </div>
      {creating ? <NewCase onOpenCase={onOpenCase} onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}
