import { useState } from 'react';
import type { ConnectedHandset, HandsetRole } from '../../../shared/model/handset.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { Modal } from '../../widgets/modal.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
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
    <Modal
      title={say('ui.add-handset.title')}
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {say('ui.cancel')}
          </Button>
          <Button kind="primary" disabled={label.trim() === ''} busy={order.busy} onPress={() => void add()}>
            {say('ui.add-handset.add')}
          </Button>
        </>
      }
    >
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
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
    </Modal>
  );
}
