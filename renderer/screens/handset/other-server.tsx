import type { AdbState } from '../../../shared/contract/handsets.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { Button } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

/** An adb server that is not ours: beside ours it keeps USB handsets from us, and can be used in its place; or it is in use. */
export function OtherServer({ adb, onChanged }: { readonly adb: AdbState; readonly onChanged: () => void }) {
  const { say } = useWords();
  const order = useOrder('handsets.use-server');
  const { foreign } = adb;
  const use = (which: 'ours' | 'found') => (
    <Button busy={order.busy} onPress={() => void order.give({ use: which }).then(onChanged)}>
      {say(which === 'ours' ? 'ui.handset.adb-use-ours' : 'ui.handset.adb-use-found')}
    </Button>
  );
  return (
    <>
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {foreign === null ? null : (
        <Notice
          tone={foreign.serials.length === 0 ? 'info' : 'warning'}
          title={say('ui.handset.adb-foreign', { server: foreign.server, count: foreign.serials.length })}
          actions={use('found')}
        >
          {foreign.serials.length === 0 ? null : (
            <p className="mono">
              <HostileText text={foreign.serials.join(', ')} max={400} />
            </p>
          )}
          {say('ui.handset.adb-foreign-about')}
        </Notice>
      )}
      {adb.ownership === 'found' ? (
        <Notice tone="info" actions={use('ours')}>
          {say('ui.handset.adb-found')}
        </Notice>
      ) : null}
    </>
  );
}
