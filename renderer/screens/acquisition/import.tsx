import { useState, type DragEvent } from 'react';
import type { ChosenFile } from '../../../shared/contract/imports.ts';
import { looksLikeOneRecording } from '../../../shared/model/rotation.ts';
import { useTask } from '../../bridge/tasks.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { CheckField, SelectField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { Attach } from './attach.tsx';
import { ImportOutput } from './import-output.tsx';
import { LabelFields } from './run-fields.tsx';
import { RunningImport } from './running-import.tsx';
import { UnfinishedImports } from './unfinished-imports.tsx';

/** Captures made elsewhere: on the gateway, by another tool. */
export function Import() {
  const { say, bytes } = useWords();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const handsets = useQuery('handsets.list', { case: token }, ['case']);
  const choose = useOrder('imports.choose');
  const order = useOrder('imports.start');
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [handset, setHandset] = useState('');
  const [label, setLabel] = useState('');
  const [run, setRun] = useState('');
  const [started, setStarted] = useState<string | null>(null);
  const [asOne, setAsOne] = useState<boolean | null>(null);
  const task = useTask(started);
  const running = task !== null && task.endedAt === null;
  const captures = files.filter((file) => file.format !== 'key-log');
  const proposed = looksLikeOneRecording(captures);
  // What the person ticked counts; untouched it is as the names and times propose.
  const joined = captures.length > 1 && (asOne ?? proposed);

  async function chooseFiles(): Promise<void> {
    const reply = await choose.give({});
    if (!reply.ok || reply.value === null) return;
    const fresh = reply.value;
    setFiles((old) => [...old.filter((file) => !fresh.some((entry) => entry.file === file.file)), ...fresh]);
  }

  async function start(): Promise<void> {
    const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text);
    const reply = await order.give({
      case: token,
      files: files.map((file) => file.file),
      handset: handset === '' ? null : handset,
      label: textOrNull(label),
      run: textOrNull(run),
      asOne: joined,
    });
    if (!reply.ok) return;
    setStarted(reply.value.task);
    setFiles([]);
    setAsOne(null);
  }

  /** A dropped file names no path here, and none that this page names is taken: the dialog of the program asks. */
  function drop(event: DragEvent): void {
    event.preventDefault();
    if (!choose.busy) void chooseFiles();
  }

  if (!canWrite) return <Notice tone="info">{say('ui.reader.cannot')}</Notice>;
  return (
    <div className="stack" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      {task === null ? null : <RunningImport task={task} />}
      <UnfinishedImports busy={running} onResumed={setStarted} />
      <Panel
        title={say('ui.import.title')}
        aside={
          <Button kind={files.length === 0 ? 'primary' : 'plain'} busy={choose.busy} onPress={() => void chooseFiles()}>
            {say('ui.import.choose')}
          </Button>
        }
      >
        <p className="muted">{say('ui.import.about')}</p>
        <p className="hint">{say('ui.import.drop-here')}</p>
        {choose.problem === null ? null : <ProblemNotice problem={choose.problem} />}
        {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
        {files.length === 0 ? null : (
          <>
            <PlainTable
              caption={say('ui.import.files')}
              rows={files}
              rowKey={(file) => file.file}
              columns={[
                {
                  id: 'name',
                  header: say('ui.column.name'),
                  cell: (file) => <HostileText text={file.name} max={200} />,
                },
                {
                  id: 'format',
                  header: say('ui.import.format'),
                  cell: (file) =>
                    file.format === 'unknown' || file.format === 'key-log'
                      ? say(`ui.capture-format.${file.format}`)
                      : file.format,
                },
                {
                  id: 'first',
                  header: say('ui.import.first-packet'),
                  cell: (file) => (file.firstPacketAt === null ? '—' : <Instant at={file.firstPacketAt} />),
                },
                { id: 'bytes', header: say('ui.column.bytes'), align: 'end', cell: (file) => bytes(file.bytes) },
                {
                  id: 'drop',
                  header: say('ui.column.action'),
                  cell: (file) => (
                    <Button
                      kind="quiet"
                      label={say('ui.import.drop-label', { name: file.name })}
                      onPress={() => setFiles((old) => old.filter((entry) => entry.file !== file.file))}
                    >
                      {say('ui.import.drop')}
                    </Button>
                  ),
                },
              ]}
            />
            {captures.length === files.length ? null : (
              <p className="hint">
                {say(captures.length === 0 ? 'ui.import.key-log-alone' : 'ui.import.key-log-beside')}
              </p>
            )}
            {captures.length < 2 ? null : (
              <>
                <CheckField label={say('ui.import.as-one')} checked={joined} onChange={setAsOne} />
                <p className="hint">{proposed ? say('ui.import.as-one-proposed') : say('ui.import.as-one-about')}</p>
              </>
            )}
            <div className="form-grid">
              <SelectField
                label={say('ui.run.handset')}
                value={handset}
                onChange={setHandset}
                options={[
                  { value: '', text: say('ui.import.unassigned') },
                  ...(handsets.value ?? []).map((entry) => ({ value: entry.id, text: `${entry.id} ${entry.label}` })),
                ]}
              />
              <LabelFields label={label} run={run} onLabel={setLabel} onRun={setRun} />
            </div>
            {handset === '' || label.trim() === '' ? (
              <Notice tone="info">{say('ui.import.unassigned-about')}</Notice>
            ) : null}
            <div className="button-row">
              <Button kind="primary" busy={order.busy} onPress={() => void start()}>
                {say('ui.import.start', { count: files.length })}
              </Button>
            </div>
          </>
        )}
      </Panel>
      <ImportOutput />
      <Attach />
    </div>
  );
}
