import { useEffect, useRef, useState } from 'react';
import type { OpenCase } from '../shared/contract/cases.ts';
import type { Settings } from '../shared/contract/settings.ts';
import { call, listen } from './bridge/client.ts';
import { screens, useNavigation, type Route, type ScreenName } from './navigation.tsx';
import { About } from './screens/about.tsx';
import { AcquisitionScreen } from './screens/acquisition/acquisition-screen.tsx';
import { CaseScreen } from './screens/case/case-screen.tsx';
import { ClaimsScreen } from './screens/claims/claims-screen.tsx';
import { ComparisonScreen } from './screens/comparison/comparison-screen.tsx';
import { CustodyScreen } from './screens/custody-screen.tsx';
import { FindingsScreen } from './screens/findings/findings-screen.tsx';
import { HandsetScreen } from './screens/handset/handset-screen.tsx';
import { RecordsScreen } from './screens/records/records-screen.tsx';
import { ReportScreen } from './screens/report-screen.tsx';
import { SearchScreen } from './screens/search-screen.tsx';
import { StartScreen } from './screens/start-screen.tsx';
import { TrafficScreen } from './screens/traffic/traffic-screen.tsx';
import { HostileText } from './widgets/hostile-text.tsx';
import { TaskDock } from './widgets/task-dock.tsx';
import { useWords } from './words/words.tsx';

export interface FrameProps {
  readonly settings: Settings;
  readonly openCase: OpenCase | null;
  readonly onOpenCase: (openCase: OpenCase | null) => void;
}

const caseScreens = screens.filter((screen) => screen !== 'start');

function Screen({ route, ...props }: FrameProps & { readonly route: Route }) {
  if (props.openCase === null || route.screen === 'start') return <StartScreen onOpenCase={props.onOpenCase} />;
  switch (route.screen) {
    case 'case':
      return <CaseScreen />;
    case 'handset':
      return <HandsetScreen tab={route.tab ?? 'connected'} />;
    case 'acquisition':
      return <AcquisitionScreen tab={route.tab ?? 'acquire'} exhibit={route.exhibit ?? null} />;
    case 'records':
      return <RecordsScreen key={route.exhibit ?? ''} exhibit={route.exhibit ?? null} />;
    case 'traffic':
      return (
        <TrafficScreen
          key={JSON.stringify(route)}
          flow={route.flow ?? null}
          text={route.text ?? ''}
          label={route.label ?? null}
          channel={route.channel ?? null}
        />
      );
    case 'findings':
      return (
        <FindingsScreen
          key={`${route.key ?? ''} ${route.number ?? ''}`}
          findingKey={route.key ?? null}
          number={route.number ?? null}
        />
      );
    case 'comparison':
      return <ComparisonScreen />;
    case 'claims':
      return <ClaimsScreen />;
    case 'search':
      return <SearchScreen />;
    case 'custody':
      return <CustodyScreen />;
    case 'report':
      return <ReportScreen />;
  }
}

function Sidebar({ openCase }: { readonly openCase: OpenCase | null }) {
  const { say } = useWords();
  const { route, go } = useNavigation();
  const entry = (screen: ScreenName, disabled: boolean) => (
    <li key={screen}>
      <button
        type="button"
        className="nav-entry"
        disabled={disabled}
        aria-current={route.screen === screen ? 'page' : undefined}
        onClick={() => go({ screen })}
      >
        <span className={`nav-mark nav-mark-${screen}`} aria-hidden="true" />
        {say(`ui.nav.${screen}`)}
      </button>
    </li>
  );
  return (
    <nav className="sidebar" aria-label={say('ui.nav.label')}>
      <div className="brand">
        <span className="brand-mark" aria-hidden="true" />
        Handsight
      </div>
      <ul>{entry('start', false)}</ul>
      {openCase === null ? (
        <p className="nav-hint">{say('ui.nav.no-case')}</p>
      ) : (
        <>
          <p className="nav-case">
            <HostileText text={openCase.summary.number} max={60} />
          </p>
          <ul>{caseScreens.map((screen) => entry(screen, false))}</ul>
        </>
      )}
    </nav>
  );
}

function LanguageSwitch({ settings }: { readonly settings: Settings }) {
  const { say } = useWords();
  return (
    <div className="language" role="group" aria-label={say('ui.language.label')}>
      {(['en', 'zh-Hant'] as const).map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={settings.language === language}
          onClick={() => void call('settings.set-language', { language })}
        >
          {language === 'en' ? 'English' : '繁體中文'}
        </button>
      ))}
    </div>
  );
}

/** What is true of the case on every screen: synthetic, read only. */
function CaseBanners({ openCase }: { readonly openCase: OpenCase }) {
  const { say } = useWords();
  const { writer } = openCase.summary;
  return (
    <>
      {openCase.summary.synthetic ? (
        <p className="banner banner-synthetic" role="note">
          <strong>{say('ui.banner.synthetic')}</strong> {say('ui.banner.synthetic-about')}
        </p>
      ) : null}
      {openCase.mode === 'reader' ? (
        <p className="banner banner-reader" role="status">
          <strong>{say('ui.banner.reader')}</strong>{' '}
          {openCase.readerBecause === 'case-locked' && writer !== null ? (
            <HostileText
              text={say('ui.banner.reader-locked', { host: writer.host, pid: String(writer.pid), doing: writer.doing })}
            />
          ) : openCase.readerBecause === 'case-newer' ? (
            say('ui.banner.reader-newer')
          ) : (
            say('ui.banner.reader-folder')
          )}
        </p>
      ) : null}
    </>
  );
}

function TopBar({ settings, openCase, onAbout }: FrameProps & { readonly onAbout: () => void }) {
  const { say } = useWords();
  const { back } = useNavigation();
  return (
    <header className="topbar">
      <button type="button" className="back" disabled={back === null} onClick={() => back?.()}>
        ← {say('ui.nav.back')}
      </button>
      <div className="topbar-case">
        {openCase === null ? null : (
          <>
            <HostileText text={openCase.summary.title} max={120} />
            <span className="muted">
              {say('ui.topbar.actor')} <HostileText text={openCase.actor} max={80} />
            </span>
          </>
        )}
      </div>
      {settings.about.developmentRuntime ? <span className="development">{say('ui.development')}</span> : null}
      <button type="button" className="about-button" onClick={onAbout}>
        {say('ui.nav.about')}
      </button>
      <LanguageSwitch settings={settings} />
    </header>
  );
}

export function Frame(props: FrameProps) {
  const { openCase, onOpenCase, settings } = props;
  const { say } = useWords();
  const { route, go } = useNavigation();
  const [about, setAbout] = useState(false);
  const main = useRef<HTMLElement>(null);
  const routeText = JSON.stringify(route);

  // A new screen is announced and read from its title.
  useEffect(() => {
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    main.current?.scrollTo({ top: 0 });
  }, [routeText]);

  useEffect(
    () =>
      listen((event) => {
        if (event.type !== 'menu') return;
        if (event.action === 'about') setAbout(true);
        else go({ screen: 'start' });
      }),
    [go],
  );

  return (
    <div className="frame">
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {say('ui.nav.skip')}
      </a>
      <Sidebar openCase={openCase} />
      <div className="column">
        <TopBar {...props} onAbout={() => setAbout(true)} />
        {openCase === null ? null : <CaseBanners openCase={openCase} />}
        <main id="content" ref={main} tabIndex={-1} aria-label={say(`ui.nav.${route.screen}`)}>
          <Screen {...props} route={route} />
        </main>
        <TaskDock onOpenCase={onOpenCase} />
      </div>
      {about ? <About settings={settings} onClose={() => setAbout(false)} /> : null}
    </div>
  );
}
