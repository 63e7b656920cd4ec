import { useState } from 'react';
import { useOrder } from '../../bridge/use-order.ts';
import { useCaseContext } from '../../open-case.tsx';
import { TextField } from '../../widgets/field.tsx';
import { FormModal } from '../../widgets/form-modal.tsx';
import { useWords } from '../../words/words.tsx';

/** Says who acts from now on: every custody entry names them. */
export function WhoActs({ onClose }: { readonly onClose: () => void }) {
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
    <FormModal
      title={say('ui.actor.title')}
      submit={say('ui.save')}
      complete={actor.trim() !== ''}
      order={order}
      onSubmit={save}
      onClose={onClose}
    >
      <TextField label={say('ui.actor.name')} value={actor} onChange={setActor} hint={say('ui.actor.hint')} required />
    </FormModal>
  );
}
