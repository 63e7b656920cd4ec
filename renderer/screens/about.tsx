import type { Settings } from '../../shared/contract/settings.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useQuery } from '../bridge/use-query.ts';
import { Button } from '../widgets/button.tsx';
import { Copyable } from '../widgets/copyable.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Modal } from '../widgets/modal.tsx';
import { Notice } from '../widgets/notice.tsx';
import { Facts } from '../widgets/page.tsx';
import { useWords } from '../words/words.tsx';

/** Version, hash and runtime as a report would print them, and the workstation's few settings. */
export function About({ settings, onClose }: { readonly settings: Settings; readonly onClose: () => void }) {
  const { say } = useWords();
  const live = useQuery('handsets.live', {}, ['handsets']);
  const choose = useOrder('settings.choose-adb');
  const reset = useOrder('settings.reset-adb');
  const fresh = useQuery('settings.get', {}, ['settings']);
  const { about, adbPath, casesFolder } = fresh.value ?? settings;
  const adb = live.value?.adb ?? null;
  return (
    <Modal
      title={say('ui.about.title', { version: about.version })}
      onClose={onClose}
      actions={
        <Button kind="primary" onPress={onClose}>
          {say('ui.close')}
        </Button>
      }
    >
      {about.developmentRuntime ? (
        <Notice tone="warning" title={say('ui.development')}>
          {say('ui.about.development')}
        </Notice>
      ) : null}
      <Facts
        facts={[
          { name: say('ui.about.version'), value: about.version },
          {
            name: say('ui.about.hash'),
            value:
              about.programHash === null ? (
                say('ui.about.hash-unknown')
              ) : (
                <Copyable text={about.programHash} what={say('ui.about.hash')} />
              ),
          },
          { name: 'Electron', value: `${about.electron} · Chromium ${about.chromium} · Node ${about.node}` },
          { name: say('ui.about.platform'), value: about.platform },
          { name: say('ui.about.cases-folder'), value: <HostileText text={casesFolder} mono /> },
          {
            name: say('ui.about.adb'),
            value: (
              <>
                <HostileText text={adbPath ?? say('ui.about.adb-from-path')} mono={adbPath !== null} />
                {adb === null || !adb.ready ? null : (
                  <p className="muted">
                    {say('ui.about.adb-running', { version: adb.version ?? '?', server: adb.server ?? '?' })}
                  </p>
                )}
                <div className="button-row">
                  <Button busy={choose.busy} onPress={() => void choose.give({}).then(fresh.reload)}>
                    {say('ui.about.choose-adb')}
                  </Button>
                  {adbPath === null ? null : (
                    <Button kind="quiet" onPress={() => void reset.give({}).then(fresh.reload)}>
                      {say('ui.about.reset-adb')}
                    </Button>
                  )}
                </div>
                <p className="hint">{say('ui.about.adb-hint')}</p>
              </>
            ),
          },
        ]}
      />
    </Modal>
  );
}
