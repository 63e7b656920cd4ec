import type { ReactNode } from 'react';
import { useNavigation, type Route } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { LinkButton } from '../../widgets/button.tsx';
import { Panel } from '../../widgets/page.tsx';
import { useWords, type WordKey } from '../../words/words.tsx';
import { AnalyseButton } from '../analyse-button.tsx';

function Step({
  done,
  titleKey,
  aboutKey,
  route,
  extra,
}: {
  readonly done: boolean;
  readonly titleKey: WordKey;
  readonly aboutKey: WordKey;
  readonly route: Route | null;
  readonly extra?: ReactNode;
}) {
  const { say } = useWords();
  const { go } = useNavigation();
  return (
    <li className={done ? 'step step-done' : 'step'}>
      <span className="step-mark" aria-hidden="true">
        {done ? '✓' : ''}
      </span>
      <div>
        <p className="step-title">
          {route === null ? say(titleKey) : <LinkButton onPress={() => go(route)}>{say(titleKey)}</LinkButton>}
          <span className="only-read-out">{done ? say('ui.step.done') : say('ui.step.open')}</span>
        </p>
        <p className="muted">{say(aboutKey)}</p>
        {extra}
      </div>
    </li>
  );
}

/** The way of an investigation, with what is done already. */
export function WayOfWork() {
  const { say } = useWords();
  const { summary, analysed, findings } = useCase();
  const { counts } = summary;
  const hasEvidence = counts.exhibits > 0;
  return (
    <Panel title={say('ui.way.title')}>
      <ol className="way">
        <Step
          done={counts.handsets > 0}
          titleKey="ui.way.handset"
          aboutKey="ui.way.handset-about"
          route={{ screen: 'handset' }}
        />
        <Step
          done={counts.identifiers > 0}
          titleKey="ui.way.identifiers"
          aboutKey="ui.way.identifiers-about"
          route={{ screen: 'handset', tab: 'identifiers' }}
        />
        <Step
          done={hasEvidence}
          titleKey="ui.way.acquire"
          aboutKey="ui.way.acquire-about"
          route={{ screen: 'acquisition' }}
        />
        <Step
          done={summary.labels.length > 1}
          titleKey="ui.way.after"
          aboutKey="ui.way.after-about"
          route={{ screen: 'acquisition' }}
        />
        <Step
          done={hasEvidence && analysed}
          titleKey="ui.way.analyse"
          aboutKey="ui.way.analyse-about"
          route={null}
          extra={hasEvidence && !analysed ? <AnalyseButton /> : null}
        />
        <Step
          done={findings > 0 && counts.decisions > 0}
          titleKey="ui.way.decide"
          aboutKey="ui.way.decide-about"
          route={{ screen: 'findings' }}
        />
        <Step done={false} titleKey="ui.way.report" aboutKey="ui.way.report-about" route={{ screen: 'report' }} />
      </ol>
    </Panel>
  );
}
