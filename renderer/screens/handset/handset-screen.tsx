import { useState, type ReactNode } from 'react';
import { adbAddressPattern } from '../../../shared/model/adb-address.ts';
import type { ConnectedHandset } from '../../../shared/model/handset.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation, type HandsetTab } from '../../navigation.tsx';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { TextField } from '../../widgets/field.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Page, Panel } from '../../widgets/page.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { useWords } from '../../words/words.tsx';
import { AddHandset } from './add-handset.tsx';
import { CaseHandsets } from './case-handsets.tsx';
import { ConnectedList } from './connected-list.tsx';
import { IntakeTab } from './intake.tsx';
import { Identifiers } from './identifiers.tsx';
import { OutstandingChanges } from './outstanding-changes.tsx';
import { OtherServer } from './other-server.tsx';
import { PairHandset } from './pair-handset.tsx';

/** What plugging in changes, said before it happens. */
function BeforeTheCable() {
  const { say } = useWords();
  return (
    <Panel title={say('ui.cable.title')}>
      <ul className="bullets">
        <li>{say('ui.cable.debugging')}</li>
        <li>{say('ui.cable.key')}</li>
        <li>{say('ui.cable.account')}</li>
        <li>{say('ui.cable.traffic')}</li>
        <li>{say('ui.cable.record')}</li>
      </ul>
    </Panel>
  );
}

function NetworkHandset({ onChanged }: { readonly onChanged: () => void }) {
  const { say } = useWords();
  const [address, setAddress] = useState('');
  const connect = useOrder('handsets.connect');
  const disconnect = useOrder('handsets.disconnect');
  const wellFormed = adbAddressPattern.test(address.trim());
  const problem = connect.problem ?? disconnect.problem;
  return (
    <Panel title={say('ui.connect.title')}>
      {problem === null ? null : <ProblemNotice problem={problem} />}
      <TextField
        label={say('ui.connect.address')}
        value={address}
        onChange={setAddress}
        mono
        placeholder="192.168.1.20:5555"
        hint={say('ui.connect.hint')}
      />
      <div className="button-row">
        <Button
          disabled={!wellFormed}
          busy={connect.busy}
          title={wellFormed ? undefined : say('ui.connect.hint')}
          onPress={() => void connect.give({ address }).then(onChanged)}
        >
          {say('ui.connect.connect')}
        </Button>
        <Button
          kind="quiet"
          disabled={!wellFormed}
          busy={disconnect.busy}
          onPress={() => void disconnect.give({ address }).then(onChanged)}
        >
          {say('ui.connect.disconnect')}
        </Button>
      </div>
      <PairHandset onPaired={onChanged} />
    </Panel>
  );
}

function Connected() {
  const { say } = useWords();
  const { go } = useNavigation();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const live = useQuery('handsets.live', {}, ['handsets']);
  const known = useQuery('handsets.list', { case: token }, ['case']);
  const [adding, setAdding] = useState<ConnectedHandset | null>(null);
  const knownSerials = new Set((known.value ?? []).map((handset) => handset.serial));

  const actionsFor = (handset: ConnectedHandset) => {
    if (!canWrite) return null;
    return (
      <div className="button-row">
        {knownSerials.has(handset.serial) ? (
          <Button
            kind="primary"
            disabled={handset.state !== 'device'}
            onPress={() => go({ screen: 'acquisition', tab: 'acquire' })}
          >
            {say('ui.handset.acquire')}
          </Button>
        ) : (
          <Button onPress={() => setAdding(handset)}>{say('ui.handset.add-to-case')}</Button>
        )}
      </div>
    );
  };

  return (
    <div className="two-columns">
      <Panel title={say('ui.handset.connected')}>
        {live.problem === null ? null : (
          <ProblemNotice problem={live.problem} actions={<Button onPress={live.reload}>{say('ui.retry')}</Button>} />
        )}
        {live.value === null ? (
          live.loading ? (
            <p className="muted">{say('ui.handset.looking')}</p>
          ) : null
        ) : live.value.adb.problem === null ? (
          <ConnectedList live={live.value} actionsFor={actionsFor} />
        ) : (
          <ProblemNotice
            problem={live.value.adb.problem}
            actions={<Button onPress={live.reload}>{say('ui.retry')}</Button>}
          />
        )}
        {live.value === null ? null : <OtherServer adb={live.value.adb} onChanged={live.reload} />}
      </Panel>
      <div className="stack">
        <BeforeTheCable />
        <NetworkHandset onChanged={live.reload} />
      </div>
      {adding === null ? null : <AddHandset from={adding} onClose={() => setAdding(null)} />}
    </div>
  );
}

const tabs: Readonly<Record<HandsetTab, ReactNode>> = {
  connected: <Connected />,
  case: <CaseHandsets />,
  intake: <IntakeTab />,
  identifiers: <Identifiers />,
};

export function HandsetScreen({ tab }: { readonly tab: HandsetTab }) {
  const { say } = useWords();
  const { go } = useNavigation();
  return (
    <Page title={say('ui.nav.handset')} about={say('ui.handset.about')}>
      <OutstandingChanges />
      <Tabs
        label={say('ui.nav.handset')}
        chosen={tab}
        onChoose={(name) => go({ screen: 'handset', tab: name })}
        tabs={[
          { name: 'connected', text: say('ui.handset.tab-connected') },
          { name: 'case', text: say('ui.handset.tab-case') },
          { name: 'intake', text: say('ui.handset.tab-intake') },
          { name: 'identifiers', text: say('ui.handset.tab-identifiers') },
        ]}
      >
        {tabs[tab]}
      </Tabs>
    </Page>
  );
}
