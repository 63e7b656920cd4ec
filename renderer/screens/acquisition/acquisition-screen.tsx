import { useNavigation, type AcquisitionTab } from '../../navigation.tsx';
import { Page } from '../../widgets/page.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { useWords } from '../../words/words.tsx';
import { Acquire } from './acquire.tsx';
import { Capture } from './capture.tsx';
import { Events } from './events.tsx';
import { Exhibits } from './exhibits.tsx';
import { Import } from './import.tsx';
import { Snapshot } from '../snapshot/snapshot.tsx';

export interface AcquisitionScreenProps {
  readonly tab: AcquisitionTab;
  readonly exhibit: string | null;
}

export function AcquisitionScreen({ tab, exhibit }: AcquisitionScreenProps) {
  const { say } = useWords();
  const { go } = useNavigation();
  const tabs = ['acquire', 'capture', 'import', 'exhibits', 'snapshot', 'events'] as const;
  return (
    <Page title={say('ui.nav.acquisition')} about={say('ui.acquisition.about')}>
      <Tabs
        label={say('ui.nav.acquisition')}
        chosen={tab}
        onChoose={(name) => go({ screen: 'acquisition', tab: name })}
        tabs={tabs.map((name) => ({ name, text: say(`ui.acquisition.tab-${name}`) }))}
      >
        {tab === 'acquire' ? <Acquire /> : null}
        {tab === 'capture' ? <Capture /> : null}
        {tab === 'import' ? <Import /> : null}
        {tab === 'exhibits' ? <Exhibits key={exhibit} exhibit={exhibit} /> : null}
        {tab === 'snapshot' ? <Snapshot /> : null}
        {tab === 'events' ? <Events /> : null}
      </Tabs>
    </Page>
  );
}
