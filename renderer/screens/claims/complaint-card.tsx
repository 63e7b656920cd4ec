import type { CheckedComplaint } from '../../../shared/contract/claims.ts';
import { VerdictBadge } from '../../widgets/badge.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { useWords } from '../../words/words.tsx';
import { Reference } from '../references.tsx';

/** One complaint of a user, and what the case says about it. */
export function ComplaintCard({ entry }: { readonly entry: CheckedComplaint }) {
  const { say } = useWords();
  const { complaint, check } = entry;
  return (
    <li className="claim">
      <header>
        <strong>{complaint.id}</strong>
        {check === null ? null : <VerdictBadge verdict={check.verdict} />}
      </header>
      <blockquote>
        <HostileText text={complaint.text} max={2000} />
      </blockquote>
      <p className="muted">
        <HostileText text={complaint.from} max={120} /> · <Instant at={complaint.receivedAt} />
        {complaint.package === null ? null : (
          <>
            {' · '}
            <HostileText text={complaint.package} mono max={160} />
          </>
        )}
        {complaint.symptom === undefined || complaint.symptom === null
          ? null
          : ` · ${say(`ui.symptom.${complaint.symptom}`)}`}
      </p>
      {check === null ? (
        <p className="muted">{say('ui.complaint.not-checked')}</p>
      ) : (
        <>
          <p>
            <HostileText text={check.why} max={1200} />
          </p>
          <ul className="bullets">
            {check.observations.map((observation, index) => (
              <li key={index}>
                <HostileText text={observation.text} max={600} />{' '}
                <span className="references">
                  {observation.references.map((id) => (
                    <Reference key={id} id={id} />
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  );
}
