import type { AcquisitionPlan, PlannedCollector } from '../../../shared/contract/acquisition.ts';
import { Badge } from '../../widgets/badge.tsx';
import { Notice } from '../../widgets/notice.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';

/** The commands of one collector, each with whether it reads or changes. */
export function PlannedCommands({ commands }: Pick<PlannedCollector, 'commands'>) {
  const { say } = useWords();
  return (
    <ul className="commands">
      {commands.map((command) => (
        <li key={command.command}>
          <code>{command.command}</code>{' '}
          <span className={command.effect === 'changes' ? 'effect effect-changes' : 'effect'}>
            {say(`ui.effect.${command.effect}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What will be asked of the handset, command by command, before it is asked. */
export function Plan({ plan }: { readonly plan: AcquisitionPlan }) {
  const { say, sayIfKnown } = useWords();
  const report = plan.collectors.some(({ id }) => id === 'bug-report');
  const screen = plan.collectors.some(({ id }) => id === 'screen-text');
  const texts = plan.collectors.some(({ id }) => id === 'message-texts');
  const picture = plan.collectors.some(
    ({ id, commands }) => id === 'screenshot' && commands.some(({ effect }) => effect === 'changes'),
  );
  const changing = plan.collectors.some((entry) => entry.commands.some((command) => command.effect === 'changes'));
  const { handset } = plan;
  const release = handset?.release ?? null;
  return (
    <>
      {release !== null && picture ? <Notice tone="warning">{say('ui.plan.changes-how', { release })}</Notice> : null}
      {screen ? <Notice tone="warning">{say('ui.plan.screen-text')}</Notice> : null}
      {report ? <Notice tone="warning">{say('ui.plan.bug-report')}</Notice> : null}
      {texts ? <Notice tone="warning">{say('ui.plan.message-texts')}</Notice> : null}
      <p className="muted">{say('ui.plan.stays')}</p>
      <details className="plan">
        <summary>
          {say('ui.plan.summary', {
            collectors: plan.collectors.length,
            commands: plan.collectors.reduce((sum, entry) => sum + entry.commands.length, 0),
          })}{' '}
          {handset === null ? (
            <Badge tone="neutral" text={say('ui.plan.unknown')} />
          ) : (
            <Badge
              tone={changing ? 'warning' : 'good'}
              text={changing ? say('ui.plan.some-change') : say('ui.plan.only-reads')}
            />
          )}{' '}
          {release === null ? null : <span className="muted">{say('ui.plan.for-release', { release })}</span>}
        </summary>
        <PlainTable
          caption={say('ui.plan.caption')}
          rows={plan.collectors}
          rowKey={(entry) => entry.id}
          columns={[
            {
              id: 'title',
              header: say('ui.plan.collector'),
              cell: (entry) => sayIfKnown(entry.titleKey, entry.title),
            },
            {
              id: 'commands',
              header: say('ui.plan.commands'),
              cell: (entry) => <PlannedCommands commands={entry.commands} />,
            },
          ]}
        />
      </details>
    </>
  );
}
