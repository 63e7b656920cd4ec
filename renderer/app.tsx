import { useEffect, useState } from 'react';
import type { OpenCase } from '../shared/contract/cases.ts';
import type { Settings } from '../shared/contract/settings.ts';
import { call, listen } from './bridge/client.ts';
import { useQuery } from './bridge/use-query.ts';
import { Frame } from './frame.tsx';
import { NavigationProvider } from './navigation.tsx';
import { CaseContext } from './open-case.tsx';
import { WordsProvider } from './words/words.tsx';

/** Keeps the shown state of the open case fresh: counts, head, who writes. */
function useOpenCase() {
  const [openCase, setOpenCase] = useState<OpenCase | null>(null);
  const token = openCase?.case ?? null;
  useEffect(() => {
    if (token === null) return;
    return listen((event) => {
      if (event.type !== 'changed' || (event.topic !== 'case' && event.topic !== 'index')) return;
      void call('cases.state', { case: token }).then((reply) => {
        if (reply.ok) setOpenCase((current) => (current?.case === token ? reply.value : current));
      });
    });
  }, [token]);
  return { openCase, setOpenCase };
}

export function App() {
  const settings = useQuery('settings.get', {}, ['settings']);
  const { openCase, setOpenCase } = useOpenCase();
  const value: Settings | null = settings.value;
  if (value === null) return null;
  return (
    <WordsProvider language={value.language}>
      <NavigationProvider>
        <CaseContext value={openCase === null ? null : { openCase, replace: setOpenCase }}>
          <Frame settings={value} onOpenCase={setOpenCase} openCase={openCase} />
        </CaseContext>
      </NavigationProvider>
    </WordsProvider>
  );
}
