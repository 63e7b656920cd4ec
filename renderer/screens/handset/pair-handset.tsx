import { useState } from 'react';
import { adbAddressPattern } from '../../../shared/model/adb-address.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { TextField } from '../../widgets/field.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

/** Wireless pairing, before the first connection: what it changes is said beside it. */
export function PairHandset({ onPaired }: { readonly onPaired: () => void }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const recorded = useCanWrite();
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const [paired, setPaired] = useState(false);
  const order = useOrder('handsets.pair');
  /** What was paired is no longer what stands in the fields. */
  const edit = (set: (text: string) => void) => (text: string) => {
    set(text);
    setPaired(false);
  };
  const wellFormed = adbAddressPattern.test(address.trim());
  const complete = wellFormed && /^\d{6}$/.test(code.trim());
  return (
    <details className="pair">
      <summary>{say('ui.pair.title')}</summary>
      <p className="muted">{say('ui.pair.about')}</p>
      <p className="muted">{say(recorded ? 'ui.pair.recorded' : 'ui.pair.no-case')}</p>
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <TextField
        label={say('ui.pair.address')}
        value={address}
        onChange={edit(setAddress)}
        mono
        placeholder="192.168.1.20:37123"
      />
      <TextField label={say('ui.pair.code')} value={code} onChange={edit(setCode)} mono placeholder="123456" />
      <Button
        disabled={!complete}
        busy={order.busy}
        onPress={() =>
          void order
            .give({ address: address.trim(), code: code.trim(), ...(recorded ? { case: token } : {}) })
            .then((done) => {
              setPaired(done.ok);
              if (done.ok) onPaired();
            })
        }
      >
        {say('ui.pair.pair')}
      </Button>
      <p role="status">{paired ? say('ui.pair.done') : ''}</p>
    </details>
  );
}
