import { useNavigation } from '../../navigation.tsx';
import { Button } from '../../widgets/button.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import type { RunSources } from './run-fields.tsx';

/** What to do when nothing can be acquired yet; null when it can. */
export function NeedsHandset({ sources }: { readonly sources: RunSources }) {
  const { say } = useWords();
  const { go } = useNavigation();
  const unnamed = sources.known.length === 0;
  return (
    <Empty
      title={unnamed ? say('ui.needs.case-handset') : say('ui.needs.connected')}
      actions={
        <>
          <Button kind="primary" onPress={() => go({ screen: 'handset', tab: unnamed ? 'case' : 'connected' })}>
            {say('ui.needs.go')}
          </Button>
          <Button onPress={() => go({ screen: 'acquisition', tab: 'import' })}>
            {say('ui.acquisition.tab-import')}
          </Button>
        </>
      }
    >
      {unnamed ? say('ui.needs.case-handset-about') : say('ui.needs.connected-about')}
    </Empty>
  );
}
