import type { ReactNode } from 'react';
import { useNavigation } from '../navigation.tsx';
import { useCase } from '../open-case.tsx';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { Empty } from '../widgets/page.tsx';
import { useWords } from '../words/words.tsx';
import { AnalyseButton } from './analyse-button.tsx';

/** Says that what is shown is older than what was added; of a case that can only be read a temporary index knows everything. */
export function StaleNotice() {
  const { say } = useWords();
  const { analysed, summary, readerBecause } = useCase();
  if (analysed || summary.counts.exhibits === 0 || readerBecause === 'case-read-only') return null;
  return (
    <Notice tone="warning" actions={<AnalyseButton />}>
      {say('ui.analysis.stale')}
    </Notice>
  );
}

/** For screens that show results: what to do while there are none. Null when results can be there. */
export function useNothingYet(): ReactNode {
  const { say } = useWords();
  const { go } = useNavigation();
  const { summary, analysed, readerBecause } = useCase();
  if (summary.counts.exhibits === 0) {
    return (
      <Empty
        title={say('ui.nothing.no-evidence')}
        actions={
          <>
            <Button kind="primary" onPress={() => go({ screen: 'acquisition', tab: 'acquire' })}>
              {say('ui.acquisition.tab-acquire')}
            </Button>
            <Button onPress={() => go({ screen: 'acquisition', tab: 'import' })}>
              {say('ui.acquisition.tab-import')}
            </Button>
          </>
        }
      >
        {say('ui.nothing.no-evidence-about')}
      </Empty>
    );
  }
  if (!analysed && summary.indexGeneration === null && readerBecause !== 'case-read-only') {
    return (
      <Empty title={say('ui.nothing.not-analysed')} actions={<AnalyseButton />}>
        {say('ui.nothing.not-analysed-about')}
      </Empty>
    );
  }
  return null;
}
