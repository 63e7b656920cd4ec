import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { Channel } from '../shared/model/traffic.ts';

export const screens = [
  'start',
  'case',
  'handset',
  'acquisition',
  'records',
  'traffic',
  'findings',
  'comparison',
  'claims',
  'search',
  'custody',
  'report',
] as const;
export type ScreenName = (typeof screens)[number];

export type HandsetTab = 'connected' | 'case' | 'intake' | 'identifiers';
export type AcquisitionTab = 'acquire' | 'capture' | 'import' | 'exhibits' | 'snapshot' | 'events';

export type Route =
  | { readonly screen: 'start' | 'case' | 'search' | 'custody' | 'report' | 'comparison' }
  | { readonly screen: 'handset'; readonly tab?: HandsetTab }
  | { readonly screen: 'acquisition'; readonly tab?: AcquisitionTab; readonly exhibit?: string }
  /** `exhibit`: only the records that were read from it. */
  | { readonly screen: 'records'; readonly exhibit?: string }
  | {
      readonly screen: 'traffic';
      readonly flow?: number;
      readonly text?: string;
      readonly label?: string;
      readonly channel?: Channel;
    }
  | { readonly screen: 'findings'; readonly key?: string; readonly number?: string }
  | { readonly screen: 'claims'; readonly claim?: string };

export interface Navigation {
  readonly route: Route;
  readonly go: (route: Route) => void;
  readonly back: (() => void) | null;
}

const longestHistory = 50;
const NavigationContext = createContext<Navigation | null>(null);

export function NavigationProvider({ children }: { readonly children: ReactNode }) {
  const [history, setHistory] = useState<readonly Route[]>([{ screen: 'start' }]);
  const go = useCallback((route: Route) => setHistory((old) => [...old.slice(-longestHistory), route]), []);
  const navigation = useMemo<Navigation>(
    () => ({
      route: history.at(-1) ?? { screen: 'start' },
      go,
      back: history.length > 1 ? () => setHistory((old) => old.slice(0, -1)) : null,
    }),
    [history, go],
  );
  return <NavigationContext value={navigation}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error('useNavigation outside of NavigationProvider');
  return navigation;
}
