import { useState } from 'react';
import type { FindingDetail } from '../../../shared/contract/findings.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Badge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

/** The examiner's word on a finding: confirmed or dismissed, always with a reason, never erased. */
export function Decide({ detail }: { readonly detail: FindingDetail }) {
  const { say } = useWords();
  const { case: token, actor } = useCase();
  const canWrite = useCanWrite();
  const order = useOrder('findings.decide');
  const [reason, setReason] = useState('');
  const missing = reason.trim() === '';

  async function decide(verdict: 'confirm' | 'dismiss'): Promise<void> {
    const reply = await order.give({ case: token, key: detail.finding.key, verdict, reason });
    if (reply.ok) setReason('');
  }

  return (
    <section className="decide">
      <h3>{say('ui.decide.title')}</h3>
      {detail.decisions.length === 0 ? (
        <p className="muted">{say('ui.decide.none')}</p>
      ) : (
        <ol className="decisions">
          {detail.decisions.map((decision) => (
            <li key={`${decision.at} ${decision.verdict}`}>
              <Badge
                tone={decision.verdict === 'confirm' ? 'good' : 'neutral'}
                text={say(`ui.decision.${decision.verdict}`)}
              />{' '}
              <HostileText text={decision.reason} max={600} />{' '}
              <span className="muted">
                <HostileText text={decision.by} max={80} /> · <Instant at={decision.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {canWrite ? (
        <>
          <TextField
            label={say('ui.decide.reason')}
            hint={say('ui.decide.reason-hint', { actor })}
            value={reason}
            onChange={setReason}
            rows={2}
          />
          <div className="button-row">
            <Button
              kind="primary"
              disabled={missing}
              busy={order.busy}
              title={missing ? say('ui.decide.reason-missing') : undefined}
              onPress={() => void decide('confirm')}
            >
              {say('ui.decide.confirm')}
            </Button>
            <Button
              disabled={missing}
              busy={order.busy}
              title={missing ? say('ui.decide.reason-missing') : undefined}
              onPress={() => void decide('dismiss')}
            >
              {say('ui.decide.dismiss')}
            </Button>
          </div>
        </>
      ) : (
        <p className="hint">{say('ui.reader.cannot')}</p>
      )}
    </section>
  );
}
