import { useState } from 'react';
import type { ComparedLabel, ComparisonAnswer } from '../../../shared/contract/comparison.ts';
import type { Visibility } from '../../../shared/model/comparison.ts';
import { TrafficChart } from '../../charts/traffic-chart.tsx';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { Badge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { CheckField, SelectField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Page, Panel } from '../../widgets/page.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { useWords } from '../../words/words.tsx';
import { StaleNotice, useNothingYet } from '../not-analysed.tsx';
import { proposedPair } from './proposed-pair.ts';
import { ChangeGroups } from './change-groups.tsx';

function Side({
  title,
  side,
  visibility,
}: {
  readonly title: string;
  readonly side: ComparedLabel;
  readonly visibility: Visibility | null;
}) {
  const { say, number } = useWords();
  return (
    <div className="side">
      <h3>{title}</h3>
      <p className="side-label">
        <HostileText text={side.label} max={80} />
      </p>
      <p className="muted mono">
        <HostileText text={side.builds.join(', ') || say('ui.compare.no-build')} max={200} />
      </p>
      {visibility === null ? (
        <p className="muted">{say('ui.compare.no-capture')}</p>
      ) : (
        <>
          <p>
            {visibility.readablePercent === null
              ? say('ui.compare.no-traffic', { minutes: number(Math.round(visibility.minutes)) })
              : say('ui.compare.visibility', {
                  minutes: number(Math.round(visibility.minutes)),
                  percent: number(visibility.readablePercent),
                })}
          </p>
          <p>
            <Badge
              tone={visibility.canaries === 'both' ? 'good' : 'warning'}
              text={say(`ui.canaries.${visibility.canaries}`)}
            />
          </p>
          {visibility.gaps.map((gap) => (
            <p key={gap} className="hint">
              <HostileText text={gap} max={300} />
            </p>
          ))}
        </>
      )}
    </div>
  );
}

function Answer({ answer }: { readonly answer: ComparisonAnswer }) {
  const { say, number } = useWords();
  const [noise, setNoise] = useState(false);
  const hidden = answer.changes.filter((change) => change.noise).length;
  return (
    <>
      {answer.acrossHandsets ? <Notice tone="warning">{say('ui.compare.across')}</Notice> : null}
      {answer.caveats.map((caveat) => (
        <Notice key={caveat} tone="info">
          <HostileText text={caveat} max={400} />
        </Notice>
      ))}
      <div className="sides">
        <Side title={say('ui.compare.before')} side={answer.before} visibility={answer.visibilityBefore} />
        <Side title={say('ui.compare.after')} side={answer.after} visibility={answer.visibilityAfter} />
      </div>
      <div className="change-tools">
        <CheckField label={say('ui.compare.show-noise', { count: hidden })} checked={noise} onChange={setNoise} />
        <p role="status" className="muted">
          {say('ui.compare.count', {
            count: answer.changes.length - (noise ? 0 : hidden),
            shown: number(answer.changes.length - (noise ? 0 : hidden)),
          })}
        </p>
      </div>
      <ChangeGroups changes={noise ? answer.changes : answer.changes.filter((change) => !change.noise)} />
    </>
  );
}

function Chosen({ labels }: { readonly labels: readonly ComparedLabel[] }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const names = labels.map((entry) => entry.label);
  const [firstBefore, firstAfter] = proposedPair(labels);
  const [before, setBefore] = useState(firstBefore);
  const [after, setAfter] = useState(firstAfter);
  const [tab, setTab] = useState<'changes' | 'traffic'>('changes');
  const answer = useQuery('comparison.compare', before === after ? null : { case: token, before, after }, ['index']);
  const totals = useQuery('traffic.totals', { case: token }, ['index']);
  const options = names.map((name) => ({ value: name, text: name }));
  return (
    <>
      <div className="compare-choice">
        <SelectField label={say('ui.compare.before')} value={before} onChange={setBefore} options={options} />
        <SelectField label={say('ui.compare.after')} value={after} onChange={setAfter} options={options} />
        <Button
          kind="quiet"
          onPress={() => {
            setBefore(after);
            setAfter(before);
          }}
        >
          {say('ui.compare.swap')}
        </Button>
      </div>
      <Tabs
        label={say('ui.nav.comparison')}
        chosen={tab}
        onChoose={setTab}
        tabs={[
          { name: 'changes', text: say('ui.compare.tab-changes') },
          { name: 'traffic', text: say('ui.compare.tab-traffic') },
        ]}
      >
        {tab === 'traffic' ? (
          <Panel title={say('ui.chart.title')}>
            {totals.problem === null ? null : <ProblemNotice problem={totals.problem} />}
            {totals.value === null ? null : <TrafficChart totals={totals.value} labels={[before, after]} />}
          </Panel>
        ) : before === after ? (
          <Notice tone="info">{say('ui.compare.same')}</Notice>
        ) : (
          <>
            {answer.problem === null ? null : <ProblemNotice problem={answer.problem} />}
            {answer.value === null ? (
              answer.loading ? (
                <p className="muted">{say('ui.loading')}</p>
              ) : null
            ) : (
              <Answer answer={answer.value} />
            )}
          </>
        )}
      </Tabs>
    </>
  );
}

/** What an upgrade changed, and what it did to the traffic. */
export function ComparisonScreen() {
  const { say } = useWords();
  const { go } = useNavigation();
  const { case: token } = useCase();
  const nothing = useNothingYet();
  const labels = useQuery('comparison.labels', { case: token }, ['index', 'case']);
  return (
    <Page title={say('ui.nav.comparison')} about={say('ui.compare.about')}>
      {nothing ?? (
        <>
          <StaleNotice />
          {labels.problem === null ? null : <ProblemNotice problem={labels.problem} />}
          {labels.value === null ? null : labels.value.length < 2 ? (
            <Empty
              title={say('ui.compare.one-label')}
              actions={
                <Button kind="primary" onPress={() => go({ screen: 'acquisition', tab: 'acquire' })}>
                  {say('ui.acquisition.tab-acquire')}
                </Button>
              }
            >
              {say('ui.compare.one-label-about')}
            </Empty>
          ) : (
            <Chosen labels={labels.value} />
          )}
        </>
      )}
    </Page>
  );
}
