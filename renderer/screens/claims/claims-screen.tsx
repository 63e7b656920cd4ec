import { useState } from 'react';
import { useQuery } from '../../bridge/use-query.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Page, Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { StaleNotice } from '../not-analysed.tsx';
import { AddComplaint } from './add-complaint.tsx';
import { ClaimCard } from './claim-card.tsx';
import { ComplaintCard } from './complaint-card.tsx';
import { RunsAsTaken } from './runs-as-taken.tsx';

/** The vendor's claims and the users' complaints, each judged by what the case holds. */
export function ClaimsScreen() {
  const { say } = useWords();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const claims = useQuery('claims.list', { case: token }, ['case', 'index']);
  const complaints = useQuery('complaints.list', { case: token }, ['case', 'index']);
  const [adding, setAdding] = useState(false);
  const add = canWrite ? <Button onPress={() => setAdding(true)}>{say('ui.complaint.add')}</Button> : null;
  return (
    <Page title={say('ui.nav.claims')} about={say('ui.claims.about')}>
      <StaleNotice />
      <Panel title={say('ui.claims.title')}>
        {claims.problem === null ? null : <ProblemNotice problem={claims.problem} />}
        {claims.value === null && claims.loading ? <p className="muted">{say('ui.loading')}</p> : null}
        {claims.value === null || claims.value.length === 0 ? null : <RunsAsTaken />}
        {claims.value?.length === 0 ? (
          <Empty title={say('ui.claims.none')}>{say('ui.claims.none-about')}</Empty>
        ) : (
          <ul className="claims">
            {(claims.value ?? []).map((claim) => (
              <ClaimCard key={claim.claim} claim={claim} />
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={say('ui.complaints.title')} aside={complaints.value?.length === 0 ? null : add}>
        {complaints.problem === null ? null : <ProblemNotice problem={complaints.problem} />}
        {complaints.value?.length === 0 ? (
          <Empty title={say('ui.complaints.none')} actions={add}>
            {say('ui.complaints.none-about')}
          </Empty>
        ) : (
          <ul className="claims">
            {(complaints.value ?? []).map((entry) => (
              <ComplaintCard key={entry.complaint.id} entry={entry} />
            ))}
          </ul>
        )}
      </Panel>
      {adding ? <AddComplaint onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
