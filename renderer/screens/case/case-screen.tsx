import { useState } from 'react';
import { useOrder } from '../../bridge/use-order.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCaseContext } from '../../open-case.tsx';
import { Badge } from '../../widgets/badge.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { Copyable } from '../../widgets/copyable.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Facts, Page, Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { OutstandingChanges } from '../handset/outstanding-changes.tsx';
import { LabelTable } from './label-table.tsx';
import { WayOfWork } from './way-of-work.tsx';
import { WhoActs } from './who-acts.tsx';

/** What is in the case, and what comes next. */
export function CaseScreen() {
  const { say, number } = useWords();
  const { go } = useNavigation();
  const { openCase, replace } = useCaseContext();
  const { summary } = openCase;
  const close = useOrder('cases.close');
  const [actor, setActor] = useState(false);
  const counts = ['handsets', 'identifiers', 'exhibits', 'events', 'complaints', 'decisions', 'custody'] as const;

  async function closeCase(): Promise<void> {
    const reply = await close.give({ case: openCase.case });
    if (!reply.ok) return;
    replace(null);
    go({ screen: 'start' });
  }

  return (
    <Page
      title={say('ui.nav.case')}
      about={say('ui.case.about')}
      actions={
        <Button busy={close.busy} onPress={() => void closeCase()}>
          {say('ui.case.close')}
        </Button>
      }
    >
      {close.problem === null ? null : <ProblemNotice problem={close.problem} />}
      <ul className="counts counts-wide" aria-label={say('ui.case.contents')}>
        {counts.map((name) => (
          <li key={name}>
            <strong>{number(summary.counts[name])}</strong>
            <span>{say(`ui.count.${name}`)}</span>
          </li>
        ))}
        <li>
          <strong>{number(openCase.findings)}</strong>
          <span>{say('ui.count.findings')}</span>
        </li>
      </ul>
      <OutstandingChanges />
      <div className="two-columns">
        <WayOfWork />
        <Panel title={say('ui.case.summary')}>
          <Facts
            facts={[
              { name: say('ui.new-case.number'), value: <HostileText text={summary.number} /> },
              { name: say('ui.new-case.name'), value: <HostileText text={summary.title} /> },
              { name: say('ui.new-case.examiner'), value: <HostileText text={summary.examiner} /> },
              {
                name: say('ui.case.actor'),
                value: (
                  <>
                    <HostileText text={openCase.actor} />{' '}
                    <LinkButton onPress={() => setActor(true)}>{say('ui.actor.change')}</LinkButton>
                  </>
                ),
              },
              { name: say('ui.case.created'), value: <Instant at={summary.createdAt} both /> },
              { name: say('ui.case.folder'), value: <HostileText text={summary.directory} mono max={400} /> },
              {
                name: say('ui.case.state'),
                value:
                  openCase.mode === 'writer' ? (
                    <Badge tone="good" text={say('ui.case.writer')} />
                  ) : (
                    <Badge tone="warning" text={say('ui.banner.reader')} />
                  ),
              },
              {
                name: say('ui.custody.head'),
                value: <Copyable text={summary.head} what={say('ui.custody.head')} />,
              },
            ]}
          />
        </Panel>
      </div>
      <LabelTable />
      {actor ? <WhoActs onClose={() => setActor(false)} /> : null}
    </Page>
  );
}
