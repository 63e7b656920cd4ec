import { useState } from 'react';
import { symptoms } from '../../../shared/model/claim.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { FormModal } from '../../widgets/form-modal.tsx';
import { useWords } from '../../words/words.tsx';

/** Records a complaint; the case is checked for it at once. */
export function AddComplaint({ onClose }: { readonly onClose: () => void }) {
  const { say } = useWords();
  const { case: token, summary } = useCase();
  const handsets = useQuery('handsets.list', { case: token });
  const order = useOrder('complaints.add');
  const [text, setText] = useState('');
  const [from, setFrom] = useState('');
  const [date, setDate] = useState(() => new Date().toISOString().slice(0, 10));
  const [handset, setHandset] = useState('');
  const [packageName, setPackageName] = useState('');
  const [symptom, setSymptom] = useState('');
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState('');
  const dateOk = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(`${date}T00:00:00Z`));
  const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());
  const labels = [{ value: '', text: '—' }, ...summary.labels.map((name) => ({ value: name, text: name }))];

  async function add(): Promise<void> {
    const reply = await order.give({
      case: token,
      text,
      from,
      receivedAt: `${date}T00:00:00Z`,
      handset: orNull(handset),
      package: orNull(packageName),
      labelBefore: orNull(before),
      labelAfter: orNull(after),
      symptom: symptoms.find((one) => one === symptom) ?? null,
    });
    if (reply.ok) onClose();
  }

  return (
    <FormModal
      title={say('ui.complaint.add')}
      submit={say('ui.complaint.save')}
      complete={text.trim() !== '' && from.trim() !== '' && dateOk}
      order={order}
      onSubmit={add}
      onClose={onClose}
    >
      <TextField label={say('ui.complaint.text')} value={text} onChange={setText} rows={3} required />
      <div className="form-grid">
        <TextField label={say('ui.complaint.from')} value={from} onChange={setFrom} required />
        <TextField
          label={say('ui.complaint.received')}
          value={date}
          onChange={setDate}
          mono
          error={dateOk ? undefined : say('ui.complaint.date-wrong')}
        />
        <SelectField
          label={say('ui.column.handset')}
          value={handset}
          onChange={setHandset}
          options={[
            { value: '', text: '—' },
            ...(handsets.value ?? []).map((entry) => ({ value: entry.id, text: `${entry.id} ${entry.label}` })),
          ]}
        />
        <TextField
          label={say('ui.complaint.package')}
          value={packageName}
          onChange={setPackageName}
          mono
          placeholder="com.android.browser"
        />
        <SelectField
          label={say('ui.complaint.symptom')}
          value={symptom}
          onChange={setSymptom}
          options={[
            { value: '', text: '—' },
            ...symptoms.map((one) => ({ value: one, text: say(`ui.symptom.${one}`) })),
          ]}
        />
        <SelectField label={say('ui.compare.before')} value={before} onChange={setBefore} options={labels} />
        <SelectField label={say('ui.compare.after')} value={after} onChange={setAfter} options={labels} />
      </div>
    </FormModal>
  );
}
