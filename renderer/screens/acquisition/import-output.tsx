import { useState } from 'react';
import type { ChosenOutput } from '../../../shared/contract/outputs.ts';
import { useTask } from '../../bridge/tasks.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { hostileLine } from '../../widgets/hostile-parts.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Facts, Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { instantFromText } from './instant-from-text.ts';
import { LabelFields } from './run-fields.tsx';
import { RunningImport } from './running-import.tsx';

/** Commands whose output is read; any other is taken in and kept raw. */
const usualCommands = [
  'getprop',
  'settings list system',
  'settings list secure',
  'settings list global',
  'pm list packages -f',
  'dumpsys',
  'bugreport',
  'androidqf',
  'pcapdroid-csv',
  'dumpsys package',
  'dumpsys settings',
  'dumpsys appops',
  'dumpsys account',
  'dumpsys dropbox',
  'logcat -d -v threadtime',
];

/** What a handset printed elsewhere, as a text: taken in as if it had been acquired here, once a person says what it is. */
export function ImportOutput() {
  const { say } = useWords();
  const choose = useOrder('outputs.choose');
  const chooseFolder = useOrder('outputs.choose-folder');
  const [chosen, setChosen] = useState<ChosenOutput | null>(null);
  const [started, setStarted] = useState<string | null>(null);
  const task = useTask(started);

  async function chooseFile(): Promise<void> {
    const reply = await choose.give({});
    if (reply.ok && reply.value !== null) setChosen(reply.value);
  }

  async function chooseWhole(): Promise<void> {
    const reply = await chooseFolder.give({});
    if (reply.ok && reply.value !== null) setChosen(reply.value);
  }

  return (
    <>
      {task === null ? null : <RunningImport task={task} />}
      <Panel
        title={say('ui.output.title')}
        aside={
          <div className="button-row">
            <Button busy={choose.busy} onPress={() => void chooseFile()}>
              {say('ui.output.choose')}
            </Button>
            <Button busy={chooseFolder.busy} onPress={() => void chooseWhole()}>
              {say('ui.output.choose-folder')}
            </Button>
          </div>
        }
      >
        <p className="muted">{say('ui.output.about')}</p>
        {choose.problem === null ? null : <ProblemNotice problem={choose.problem} />}
        {chooseFolder.problem === null ? null : <ProblemNotice problem={chooseFolder.problem} />}
        {chosen === null ? null : (
          <OutputForm
            key={chosen.file}
            chosen={chosen}
            onStarted={(id) => {
              setStarted(id);
              setChosen(null);
            }}
          />
        )}
      </Panel>
    </>
  );
}

function OutputForm({
  chosen,
  onStarted,
}: {
  readonly chosen: ChosenOutput;
  readonly onStarted: (id: string) => void;
}) {
  const { say, bytes } = useWords();
  const { case: token } = useCase();
  const handsets = useQuery('handsets.list', { case: token }, ['case']);
  const order = useOrder('outputs.start');
  const { recognised } = chosen;
  const isFolder = chosen.bytes === null;
  const [what, setWhat] = useState(isFolder ? 'androidqf' : (recognised?.command ?? ''));
  const [handset, setHandset] = useState('');
  const [label, setLabel] = useState('');
  const [run, setRun] = useState('');
  const [taken, setTaken] = useState('');
  const known = handsets.value ?? [];
  const owner = handset === '' ? (known[0]?.id ?? '') : handset;
  const takenAt = instantFromText(taken);
  const wrongTime = taken.trim() !== '' && takenAt === null;
  const complete = what.trim() !== '' && owner !== '' && label.trim() !== '' && !wrongTime;

  async function start(): Promise<void> {
    const wish = { handset: owner, label, run: run.trim() === '' ? null : run, what, takenAt };
    const reply = await order.give({ case: token, file: chosen.file, ...wish });
    if (reply.ok) onStarted(reply.value.task);
  }

  return (
    <>
      <Facts
        facts={[
          { name: say('ui.column.name'), value: <HostileText text={chosen.name} max={200} /> },
          ...(chosen.bytes === null ? [] : [{ name: say('ui.column.bytes'), value: bytes(chosen.bytes) }]),
          { name: say('ui.output.modified'), value: <Instant at={chosen.modifiedAt} both /> },
          {
            name: say('ui.output.looks-like'),
            value:
              recognised === null ? (
                say('ui.output.unrecognised')
              ) : (
                <>
                  <HostileText text={recognised.command} mono /> {say(`ui.output.by.${recognised.by}`)}
                </>
              ),
          },
        ]}
      />
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {known.length === 0 && handsets.value !== null ? (
        <Notice tone="warning">{say('ui.needs.case-handset-about')}</Notice>
      ) : null}
      <div className="form-grid">
        {isFolder ? null : (
          <TextField
            label={say('ui.output.what')}
            hint={say('ui.output.what-hint')}
            value={what}
            onChange={setWhat}
            suggestions={usualCommands}
            mono
            required
          />
        )}
        <TextField
          label={say('ui.output.taken-at')}
          hint={say('ui.output.taken-at-hint')}
          error={wrongTime ? say('ui.output.taken-at-wrong') : undefined}
          value={taken}
          onChange={setTaken}
          placeholder="2026-01-02 08:00:00"
        />
        <SelectField
          label={say('ui.run.handset')}
          value={owner}
          onChange={setHandset}
          options={known.map((entry) => ({ value: entry.id, text: hostileLine(`${entry.id} ${entry.label}`) }))}
        />
        <LabelFields label={label} run={run} onLabel={setLabel} onRun={setRun} />
      </div>
      <p className="hint">{say(isFolder ? 'ui.output.confirm-folder' : 'ui.output.confirm')}</p>
      <div className="button-row">
        <Button kind="primary" busy={order.busy} disabled={!complete} onPress={() => void start()}>
          {say('ui.output.start')}
        </Button>
      </div>
    </>
  );
}
