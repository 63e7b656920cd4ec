import { useState } from 'react';
import type { CaseHandset } from '../../../shared/model/handset.ts';
import { intakeChecks, type Intake } from '../../../shared/model/intake.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Badge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Facts, Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { IntakeForm } from './intake-form.tsx';

function Signature({ intake }: { readonly intake: Intake }) {
  const { say } = useWords();
  const { case: token, actor } = useCase();
  const canWrite = useCanWrite();
  const order = useOrder('intake.sign');
  if (intake.signed !== null) {
    return (
      <span>
        <HostileText text={intake.signed.by} />, <Instant at={intake.signed.at} />
      </span>
    );
  }
  const own = intake.recordedBy === actor;
  return (
    <div className="stack">
      <span>{say('ui.intake.signed-none')}</span>
      {own ? <span className="muted">{say('ui.intake.sign-own', { recorder: intake.recordedBy })}</span> : null}
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      {canWrite && !own ? (
        <div className="button-row">
          <Button busy={order.busy} onPress={() => void order.give({ case: token, id: intake.id })}>
            {say('ui.intake.sign', { actor })}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Latest({ intake }: { readonly intake: Intake }) {
  const { say, language } = useWords();
  const { state } = intake;
  const named = (name: string, value: string): string => `${name}${language === 'en' ? ': ' : '：'}${value}`;
  const seen = [
    named(say('ui.intake.lock'), say(`ui.intake-lock.${state.lock}`)),
    named(say('ui.intake.power'), say(`ui.intake-power.${state.power}`)),
    named(say('ui.intake.airplane'), say(`ui.intake-airplane.${state.airplane}`)),
    named(say('ui.intake.sim'), say(`ui.intake-sim.${state.sim}`)),
    ...(state.battery === null ? [] : [named(say('ui.intake.battery'), String(state.battery))]),
  ];
  return (
    <>
      <Facts
        facts={[
          { name: say('ui.intake.exhibit-number'), value: <HostileText text={intake.exhibitNumber} /> },
          intake.seal === null ? null : { name: say('ui.intake.seal'), value: <HostileText text={intake.seal} /> },
          { name: say('ui.intake.received-from'), value: <HostileText text={intake.receivedFrom} /> },
          { name: say('ui.intake.received-at'), value: <Instant at={intake.receivedAt} both /> },
          { name: say('ui.intake.authority'), value: <HostileText text={intake.authority} /> },
          { name: say('ui.intake.state'), value: seen.join(language === 'en' ? '; ' : '；') },
          intake.photographs.length === 0
            ? null
            : {
                name: say('ui.intake.photographs'),
                value: <span className="mono">{intake.photographs.join(' ')}</span>,
              },
          intake.note === null ? null : { name: say('ui.intake.note'), value: <HostileText text={intake.note} /> },
          {
            name: say('ui.intake.recorded'),
            value: (
              <span>
                <HostileText text={intake.recordedBy} />, <Instant at={intake.recordedAt} />
              </span>
            ),
          },
          { name: say('ui.intake.signed'), value: <Signature intake={intake} /> },
        ]}
      />
      <ul className="check-list">
        {intakeChecks.map((check) => {
          const done = intake.confirmed.includes(check);
          return (
            <li key={check}>
              <Badge
                tone={done ? 'good' : 'warning'}
                text={say(done ? 'ui.intake.confirmed' : 'ui.intake.not-confirmed')}
              />{' '}
              {say(`ui.intake-check.${check}`)}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function HandsetIntake({ handset, intakes }: { readonly handset: CaseHandset; readonly intakes: readonly Intake[] }) {
  const { say } = useWords();
  const canWrite = useCanWrite();
  const [recording, setRecording] = useState(false);
  const latest = intakes.at(-1) ?? null;
  const earlier = intakes.slice(0, -1).toReversed();
  return (
    <Panel
      title={`${handset.id} ${handset.label}`}
      aside={
        canWrite ? (
          <Button kind={latest === null ? 'primary' : 'quiet'} onPress={() => setRecording(true)}>
            {say(latest === null ? 'ui.intake.record' : 'ui.intake.correct')}
          </Button>
        ) : null
      }
    >
      {latest === null ? <p className="muted">{say('ui.intake.none')}</p> : <Latest intake={latest} />}
      {earlier.length === 0 ? null : (
        <PlainTable
          caption={say('ui.intake.earlier')}
          showCaption
          rows={earlier}
          rowKey={(one) => one.id}
          columns={[
            { id: 'id', header: say('ui.column.id'), cell: (one) => one.id },
            {
              id: 'number',
              header: say('ui.intake.exhibit-number'),
              cell: (one) => <HostileText text={one.exhibitNumber} />,
            },
            { id: 'by', header: say('ui.intake.recorded'), cell: (one) => <HostileText text={one.recordedBy} /> },
            { id: 'at', header: say('ui.column.added'), cell: (one) => <Instant at={one.recordedAt} /> },
          ]}
        />
      )}
      {recording ? <IntakeForm handset={handset} before={latest} onClose={() => setRecording(false)} /> : null}
    </Panel>
  );
}

/** How each handset of the case came in, with what was confirmed before the cable and who signed. */
export function IntakeTab() {
  const { say } = useWords();
  const { go } = useNavigation();
  const { case: token } = useCase();
  const handsets = useQuery('handsets.list', { case: token }, ['case']);
  const intakes = useQuery('intake.list', { case: token }, ['case']);
  const problem = handsets.problem ?? intakes.problem;
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (handsets.value === null || intakes.value === null) return null;
  const all = intakes.value;
  if (handsets.value.length === 0) {
    return (
      <Empty
        title={say('ui.intake.none-handset')}
        actions={
          <Button kind="primary" onPress={() => go({ screen: 'handset', tab: 'case' })}>
            {say('ui.handset.tab-case')}
          </Button>
        }
      >
        {say('ui.intake.none-handset-about')}
      </Empty>
    );
  }
  return (
    <div className="stack">
      {handsets.value.map((handset) => (
        <HandsetIntake key={handset.id} handset={handset} intakes={all.filter((one) => one.handset === handset.id)} />
      ))}
    </div>
  );
}
