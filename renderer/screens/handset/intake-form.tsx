import { useState } from 'react';
import type { CaseHandset } from '../../../shared/model/handset.ts';
import {
  intakeAirplanes,
  intakeChecks,
  intakeLocks,
  intakePowers,
  intakeSims,
  type Intake,
  type IntakeCheck,
  type IntakeState,
} from '../../../shared/model/intake.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { CheckField, SelectField, TextField } from '../../widgets/field.tsx';
import { FormModal } from '../../widgets/form-modal.tsx';
import { hostileLine } from '../../widgets/hostile-parts.ts';
import { useWords } from '../../words/words.tsx';
import { AttachedProblem } from './attached-problem.tsx';

const notLookedAt: IntakeState = {
  lock: 'unknown',
  power: 'unknown',
  airplane: 'unknown',
  sim: 'unknown',
  battery: null,
};

function StateFields({
  state,
  onChange,
}: {
  readonly state: IntakeState;
  readonly onChange: (next: IntakeState) => void;
}) {
  const { say } = useWords();
  return (
    <div className="form-grid">
      <SelectField
        label={say('ui.intake.lock')}
        value={state.lock}
        options={intakeLocks.map((value) => ({ value, text: say(`ui.intake-lock.${value}`) }))}
        onChange={(lock) => onChange({ ...state, lock })}
      />
      <SelectField
        label={say('ui.intake.power')}
        value={state.power}
        options={intakePowers.map((value) => ({ value, text: say(`ui.intake-power.${value}`) }))}
        onChange={(power) => onChange({ ...state, power })}
      />
      <SelectField
        label={say('ui.intake.airplane')}
        value={state.airplane}
        options={intakeAirplanes.map((value) => ({ value, text: say(`ui.intake-airplane.${value}`) }))}
        onChange={(airplane) => onChange({ ...state, airplane })}
      />
      <SelectField
        label={say('ui.intake.sim')}
        value={state.sim}
        options={intakeSims.map((value) => ({ value, text: say(`ui.intake-sim.${value}`) }))}
        onChange={(sim) => onChange({ ...state, sim })}
      />
    </div>
  );
}

interface Draft {
  readonly exhibitNumber: string;
  readonly seal: string;
  readonly receivedFrom: string;
  readonly receivedAt: string;
  readonly authority: string;
  readonly photographs: string;
  readonly battery: string;
  readonly note: string;
}

function draftOf(handset: CaseHandset, before: Intake | null): Draft {
  return {
    exhibitNumber: before?.exhibitNumber ?? handset.label,
    seal: before?.seal ?? '',
    receivedFrom: before?.receivedFrom ?? '',
    receivedAt: before?.receivedAt ?? `${new Date().toISOString().slice(0, 16)}:00Z`,
    authority: before?.authority ?? '',
    photographs: before?.photographs.join(' ') ?? '',
    battery: before?.state.battery?.toString() ?? '',
    note: before?.note ?? '',
  };
}

const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());
const wordsOf = (text: string): string[] => text.split(/[\s,、]+/).filter((word) => word !== '');

export interface IntakeFormProps {
  readonly handset: CaseHandset;
  /** The entry that this one corrects. */
  readonly before: Intake | null;
  readonly onClose: () => void;
}

/** Records how a handset came in. What an earlier entry said stands in the fields; what was confirmed is confirmed anew. */
export function IntakeForm({ handset, before, onClose }: IntakeFormProps) {
  const { say } = useWords();
  const { case: token } = useCase();
  const order = useOrder('intake.record');
  const attached = useQuery('exhibits.attached', { case: token, handset: handset.id }, ['case']);
  const [draft, setDraft] = useState(() => draftOf(handset, before));
  const [state, setState] = useState(before?.state ?? notLookedAt);
  const [confirmed, setConfirmed] = useState<readonly IntakeCheck[]>([]);
  const put = (name: keyof Draft) => (value: string) => setDraft((old) => ({ ...old, [name]: value }));
  const photographs = wordsOf(draft.photographs);
  const show = (id: string, on: boolean): void =>
    put('photographs')([...photographs.filter((one) => one !== id), ...(on ? [id] : [])].join(' '));
  const wrong = {
    receivedAt:
      Number.isNaN(Date.parse(draft.receivedAt)) ||
      !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/.test(draft.receivedAt),
    battery: draft.battery.trim() !== '' && !/^(100|\d{1,2})$/.test(draft.battery.trim()),
    photographs: photographs.some((id) => !/^E\d{1,9}$/.test(id)),
  };
  const needed = [draft.exhibitNumber, draft.receivedFrom, draft.authority].every((text) => text.trim() !== '');

  async function record(): Promise<void> {
    const battery = draft.battery.trim() === '' ? null : Number(draft.battery);
    const reply = await order.give({
      case: token,
      handset: handset.id,
      exhibitNumber: draft.exhibitNumber,
      seal: orNull(draft.seal),
      receivedFrom: draft.receivedFrom,
      receivedAt: draft.receivedAt,
      state: { ...state, battery },
      authority: draft.authority,
      photographs,
      confirmed: [...confirmed],
      note: orNull(draft.note),
    });
    if (reply.ok) onClose();
  }

  return (
    <FormModal
      title={`${handset.id} · ${say('ui.intake.title')}`}
      submit={say('ui.intake.record')}
      complete={needed && !Object.values(wrong).includes(true)}
      order={order}
      onSubmit={record}
      onClose={onClose}
    >
      <div className="form-grid">
        <TextField
          label={say('ui.intake.exhibit-number')}
          hint={say('ui.intake.exhibit-number-hint')}
          value={draft.exhibitNumber}
          onChange={put('exhibitNumber')}
          required
        />
        <TextField
          label={say('ui.intake.seal')}
          hint={say('ui.intake.seal-hint')}
          value={draft.seal}
          onChange={put('seal')}
        />
      </div>
      <div className="form-grid">
        <TextField
          label={say('ui.intake.received-from')}
          value={draft.receivedFrom}
          onChange={put('receivedFrom')}
          required
        />
        <TextField
          label={say('ui.intake.received-at')}
          hint={say('ui.intake.received-at-hint')}
          error={wrong.receivedAt ? say('ui.intake.received-at-hint') : undefined}
          value={draft.receivedAt}
          onChange={put('receivedAt')}
          mono
        />
      </div>
      <TextField
        label={say('ui.intake.authority')}
        hint={say('ui.intake.authority-hint')}
        value={draft.authority}
        onChange={put('authority')}
        rows={2}
        required
      />
      <StateFields state={state} onChange={setState} />
      <div className="form-grid">
        <TextField
          label={say('ui.intake.battery')}
          hint={say('ui.intake.battery-hint')}
          error={wrong.battery ? say('ui.intake.battery-hint') : undefined}
          value={draft.battery}
          onChange={put('battery')}
        />
        <TextField
          label={say('ui.intake.photographs')}
          hint={say('ui.intake.photographs-hint')}
          error={wrong.photographs ? say('ui.intake.photographs-wrong') : undefined}
          value={draft.photographs}
          onChange={put('photographs')}
          mono
        />
      </div>
      {(attached.value ?? []).length === 0 && attached.problem === null ? null : (
        <fieldset className="checks">
          <legend>{say('ui.intake.photographs-attached')}</legend>
          <AttachedProblem attached={attached} />
          {(attached.value ?? []).map(({ id, originalName }) => (
            <CheckField
              key={id}
              label={hostileLine(`${id} ${originalName}`)}
              checked={photographs.includes(id)}
              onChange={(on) => show(id, on)}
            />
          ))}
        </fieldset>
      )}
      <TextField label={say('ui.intake.note')} value={draft.note} onChange={put('note')} rows={2} />
      <fieldset className="checks">
        <legend>{say('ui.intake.checks')}</legend>
        {intakeChecks.map((check) => (
          <CheckField
            key={check}
            label={say(`ui.intake-check.${check}`)}
            checked={confirmed.includes(check)}
            onChange={(on) => setConfirmed((old) => (on ? [...old, check] : old.filter((one) => one !== check)))}
          />
        ))}
      </fieldset>
    </FormModal>
  );
}
