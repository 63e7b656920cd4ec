import type { ClaimVerdict } from '../../../shared/model/claim.ts';
import { VerdictBadge } from '../../widgets/badge.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { useWords } from '../../words/words.tsx';
import { ReferenceList } from '../references.tsx';

function References({
  title,
  ids,
  none,
}: {
  readonly title: string;
  readonly ids: readonly string[];
  readonly none: string;
}) {
  return (
    <div className="references-block">
      <h4>{title}</h4>
      {ids.length === 0 ? <p className="muted">{none}</p> : <ReferenceList ids={ids} />}
    </div>
  );
}

/** One claim of the vendor: what was said, how it is judged, and on what. */
export function ClaimCard({ claim }: { readonly claim: ClaimVerdict }) {
  const { say } = useWords();
  return (
    <li className={`claim claim-${claim.verdict}`}>
      <header>
        <strong>{claim.claim}</strong>
        <VerdictBadge verdict={claim.verdict} />
      </header>
      {claim.text === undefined ? null : (
        <blockquote>
          <HostileText text={claim.text} max={800} />
        </blockquote>
      )}
      {claim.source === undefined || claim.source === null ? null : (
        <p className="muted">
          <HostileText text={claim.source} max={200} />
          {claim.statedAt === undefined || claim.statedAt === null ? null : (
            <>
              {' · '}
              <HostileText text={say('ui.claim.stated', { date: claim.statedAt.slice(0, 10) })} />
            </>
          )}
        </p>
      )}
      <p>
        <HostileText text={claim.why} max={1200} />
      </p>
      <div className="claim-references">
        <References title={say('ui.claim.for')} ids={claim.for} none={say('ui.claim.nothing')} />
        <References title={say('ui.claim.against')} ids={claim.against} none={say('ui.claim.nothing')} />
        <References title={say('ui.claim.missing')} ids={claim.missing} none={say('ui.claim.nothing-missing')} />
      </div>
    </li>
  );
}
