import { useState } from 'react';
import type { WiresharkOpened } from '../../../shared/contract/wireshark.ts';
import type { Input } from '../../../shared/contract/window.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { Copyable } from '../../widgets/copyable.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Modal } from '../../widgets/modal.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Facts } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';

type What = Input<'wireshark.open'>['what'];

/** What was opened, with file, frame and filter; without Wireshark the commands to take along. */
function Opened({ opened, onClose }: { readonly opened: WiresharkOpened; readonly onClose: () => void }) {
  const { say } = useWords();
  return (
    <Modal
      title={say(opened.opened ? 'ui.wireshark.opened' : 'ui.wireshark.absent')}
      onClose={onClose}
      actions={
        <Button kind="primary" onPress={onClose}>
          {say('ui.close')}
        </Button>
      }
    >
      <p>{say(opened.opened ? 'ui.wireshark.opened-about' : 'ui.wireshark.absent-about')}</p>
      {opened.opened && !opened.noted ? <Notice tone="warning">{say('ui.wireshark.not-noted')}</Notice> : null}
      <Facts
        facts={[
          { name: say('ui.column.exhibit'), value: opened.exhibit },
          opened.copy === null
            ? null
            : { name: say('ui.wireshark.copy'), value: <HostileText text={opened.copy} mono max={400} /> },
          opened.frame === null ? null : { name: say('ui.finding.frames'), value: String(opened.frame) },
          { name: say('ui.finding.filter'), value: <HostileText text={opened.filter} mono /> },
        ]}
      />
      {opened.opened ? null : (
        <>
          <h3>{say('ui.wireshark.posix')}</h3>
          <Copyable text={opened.commands.posix} what={say('ui.wireshark.posix')} />
          <h3>{say('ui.wireshark.powershell')}</h3>
          <Copyable text={opened.commands.powershell} what={say('ui.wireshark.powershell')} />
          <p className="hint">{say('ui.wireshark.saving')}</p>
        </>
      )}
    </Modal>
  );
}

/** «Open in Wireshark»: main knows the file, the frame and the filter. */
export function WiresharkButton({ what, quiet = false }: { readonly what: What; readonly quiet?: boolean }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const order = useOrder('wireshark.open');
  const [opened, setOpened] = useState<WiresharkOpened | null>(null);
  return (
    <>
      <Button
        kind={quiet ? 'quiet' : 'plain'}
        busy={order.busy}
        title={say('ui.wireshark.hint')}
        onPress={() => {
          void order.give({ case: token, what }).then((reply) => (reply.ok ? setOpened(reply.value) : undefined));
        }}
      >
        {say(quiet ? 'ui.wireshark.short' : 'ui.wireshark.open')}
      </Button>
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {opened === null ? null : <Opened opened={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

/** The same for a conversation, at one of its frames. */
export function OpenInWireshark({
  flow,
  frame,
  quiet = false,
}: {
  readonly flow: number;
  readonly frame: number | null;
  readonly quiet?: boolean;
}) {
  return <WiresharkButton what={{ type: 'flow', flow, frame }} quiet={quiet} />;
}
