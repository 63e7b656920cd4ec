import { useState } from 'react';
import type { ChosenAttachment } from '../../../shared/contract/outputs.ts';
import { useTask } from '../../bridge/tasks.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { hostileLine } from '../../widgets/hostile-parts.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { RunningImport } from './running-import.tsx';

/** Photos and documents: of the label, of `*#06#`, of the seal. Nothing is read from them. */
export function Attach() {
  const { say, bytes } = useWords();
  const { case: token } = useCase();
  const handsets = useQuery('handsets.list', { case: token }, ['case']);
  const choose = useOrder('attachments.choose');
  const order = useOrder('attachments.start');
  const [files, setFiles] = useState<readonly ChosenAttachment[]>([]);
  const [handset, setHandset] = useState('');
  const [note, setNote] = useState('');
  const [started, setStarted] = useState<string | null>(null);
  const task = useTask(started);
  const known = handsets.value ?? [];
  const owner = handset === '' ? (known[0]?.id ?? '') : handset;

  async function chooseFiles(): Promise<void> {
    const reply = await choose.give({});
    if (reply.ok && reply.value !== null) setFiles(reply.value);
  }

  async function start(): Promise<void> {
    const said = note.trim() === '' ? null : note;
    const wish = { handset: owner, label: null, run: null, note: said };
    const reply = await order.give({ case: token, files: files.map(({ file }) => file), ...wish });
    if (!reply.ok) return;
    setStarted(reply.value.task);
    setFiles([]);
    setNote('');
  }

  return (
    <>
      {task === null ? null : <RunningImport task={task} />}
      <Panel
        title={say('ui.attach.title')}
        aside={
          <Button busy={choose.busy} onPress={() => void chooseFiles()}>
            {say('ui.attach.choose')}
          </Button>
        }
      >
        <p className="muted">{say('ui.attach.about')}</p>
        {choose.problem === null ? null : <ProblemNotice problem={choose.problem} />}
        {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
        {files.length === 0 ? null : (
          <>
            <PlainTable
              caption={say('ui.attach.files')}
              rows={files}
              rowKey={(file) => file.file}
              columns={[
                {
                  id: 'name',
                  header: say('ui.column.name'),
                  cell: (file) => <HostileText text={file.name} max={200} />,
                },
                { id: 'bytes', header: say('ui.column.bytes'), align: 'end', cell: (file) => bytes(file.bytes) },
              ]}
            />
            {known.length === 0 && handsets.value !== null ? (
              <Notice tone="warning">{say('ui.needs.case-handset-about')}</Notice>
            ) : null}
            <div className="form-grid">
              <SelectField
                label={say('ui.run.handset')}
                value={owner}
                onChange={setHandset}
                options={known.map((entry) => ({ value: entry.id, text: hostileLine(`${entry.id} ${entry.label}`) }))}
              />
              <TextField
                label={say('ui.attach.note')}
                hint={say('ui.attach.note-hint')}
                value={note}
                onChange={setNote}
              />
            </div>
            <div className="button-row">
              <Button kind="primary" busy={order.busy} disabled={owner === ''} onPress={() => void start()}>
                {say('ui.attach.start', { count: files.length })}
              </Button>
            </div>
          </>
        )}
      </Panel>
    </>
  );
}
