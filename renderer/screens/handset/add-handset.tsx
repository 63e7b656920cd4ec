import { useState } from 'react';
import type { ConnectedHandset, HandsetRole } from '../../../shared/model/handset.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useCase } from '../../open-case.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { FormModal } from '../../widgets/form-modal.tsx';
import { useWords } from '../../words/words.tsx';

export interface AddHandsetProps {
  /** The plugged-in handset it stands for, or null for one that is not connected. */
  readonly from: ConnectedHandset | null;
  readonly onClose: () => void;
}

/** Puts a handset into the case under an exhibit name. */
export function AddHandset({ from, onClose }: AddHandsetProps) {
  const { say } = useWords();
  const { case: token } = useCase();
  const order = useOrder('handsets.add');
  const [label, setLabel] = useState(from?.model ?? '');
  const [serial, setSerial] = useState(from?.serial ?? '');
  const [role, setRole] = useState<HandsetRole>('exhibit');

  async function add(): Promise<void> {
    const reply = await order.give({ case: token, label, role, serial: serial.trim() === '' ? null : serial.trim() });
    if (reply.ok) onClose();
  }

  return (
    <FormModal
      title={say('ui.add-handset.title')}
      submit={say('ui.add-handset.add')}
      complete={label.trim() !== ''}
      order={order}
      onSubmit={add}
      onClose={onClose}
    >
      <TextField
        label={say('ui.add-handset.label')}
        hint={say('ui.add-handset.label-hint')}
        value={label}
        onChange={setLabel}
        required
      />
      <TextField
        label={say('ui.add-handset.serial')}
        hint={say('ui.add-handset.serial-hint')}
        value={serial}
        onChange={setSerial}
        mono
      />
      <SelectField
        label={say('ui.add-handset.role')}
        hint={say('ui.add-handset.role-hint')}
        value={role}
        onChange={setRole}
        options={[
          { value: 'exhibit', text: say('ui.role.exhibit') },
          { value: 'twin', text: say('ui.role.twin') },
        ]}
      />
    </FormModal>
  );
}
