import { useState } from 'react';
import type { CheckedComplaint } from '../../shared/contract/claims.ts';
import type { ClaimVerdict } from '../../shared/model/claim.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useQuery } from '../bridge/use-query.ts';
import { useNavigation } from '../navigation.tsx';
import { useCanWrite, useCase } from '../open-case.tsx';
import { VerdictBadge } from '../widgets/badge.tsx';
import { Button, LinkButton } from '../widgets/button.tsx';
import { SelectField, TextField } from '../widgets/field.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Instant } from '../widgets/instant.tsx';
import { Modal } from '../widgets/modal.tsx';
import { ProblemNotice } from '../widgets/notice.tsx';
import { Empty, Page, Panel } from '../widgets/page.tsx';
import { useWords } from '../words/words.tsx';
import { StaleNotice } from './not-analysed.tsx';

/** A display id as a way to what it names: F… a finding, E… an exhibit; anything else as it is. */
function Reference({ id }: { readonly id: string }) {
  const { go } = useNavigation();
  if (/^F\d{4,}$/.test(id)) {
    return <LinkButton onPress={() => go({ screen: 'findings', number: id })}>{id}</LinkButton>;
  }
  if (/^E\d{3,}$/.test(id)) {
    return <LinkButton onPress={() => go({ screen: 'acquisition', tab: 'exhibits', exhibit: id })}>{id}</LinkButton>;
  }
  return (
    <span className="reference">
      <HostileText text={id} max={200} />
    </span>
  );
}

function References({
  title,
  ids,
  none,
}: {
  readonly title: string;
  readonly ids: readonly string[];
  readonly none: string;
}) {
  const { say } = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? ids : ids.slice(0, 8);
  return (
    <div className="references-block">
      <h4>{title}</h4>
      {ids.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <p className="references">
          {shown.map((id) => (
            <Reference key={id} id={id} />
          ))}
          {ids.length > shown.length ? (
            <Button kind="quiet" onPress={() => setAll(true)}>
              {say('ui.more', { count: ids.length - shown.length })}
            </Button>
          ) : null}
        </p>
      )}
    </div>
  );
}

function ClaimCard({ claim }: { readonly claim: ClaimVerdict }) {
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
              <HostileText text={claim.statedAt.slice(0, 10)} />
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

function ComplaintCard({ entry }: { readonly entry: CheckedComplaint }) {
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

function AddComplaint({ onClose }: { readonly onClose: () => void }) {
  const { say } = useWords();
  const { case: token, summary } = useCase();
  const handsets = useQuery('handsets.list', { case: token });
  const order = useOrder('complaints.add');
  const [text, setText] = useState('');
  const [from, setFrom] = useState('');
  const [date, setDate] = useState(() => new Date().toISOString().slice(0, 10));
  const [handset, setHandset] = useState('');
  const [packageName, setPackageName] = useState('');
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState('');
  const dateOk = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(`${date}T00:00:00Z`));
  const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());
  const labels = [{ value: '', text: '—' }, ...summary.labels.map((name) => ({ value: name, text: name }))];

  async function add(): Promise<void> {
    const reply = await order.give({
      case: token,
      text,
      from,
      receivedAt: `${date}T00:00:00Z`,
      handset: orNull(handset),
      package: orNull(packageName),
      labelBefore: orNull(before),
      labelAfter: orNull(after),
    });
    if (reply.ok) onClose();
  }

  return (
    <Modal
      title={say('ui.complaint.add')}
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {say('ui.cancel')}
          </Button>
          <Button
            kind="primary"
            disabled={text.trim() === '' || from.trim() === '' || !dateOk}
            busy={order.busy}
            onPress={() => void add()}
          >
            {say('ui.complaint.save')}
          </Button>
        </>
      }
    >
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <TextField label={say('ui.complaint.text')} value={text} onChange={setText} rows={3} required />
      <div className="form-grid">
        <TextField label={say('ui.complaint.from')} value={from} onChange={setFrom} required />
        <TextField
          label={say('ui.complaint.received')}
          value={date}
          onChange={setDate}
          mono
          error={dateOk ? undefined : say('ui.complaint.date-wrong')}
        />
        <SelectField
          label={say('ui.column.handset')}
          value={handset}
          onChange={setHandset}
          options={[
            { value: '', text: '—' },
            ...(handsets.value ?? []).map((entry) => ({ value: entry.id, text: `${entry.id} ${entry.label}` })),
          ]}
        />
        <TextField
          label={say('ui.complaint.package')}
          value={packageName}
          onChange={setPackageName}
          mono
          placeholder="com.android.browser"
        />
        <SelectField label={say('ui.compare.before')} value={before} onChange={setBefore} options={labels} />
        <SelectField label={say('ui.compare.after')} value={after} onChange={setAfter} options={labels} />
      </div>
    </Modal>
  );
}

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
