import type { AcquisitionPlan, PlannedCollector } from '../../../shared/contract/acquisition.ts';
import { CheckField } from '../../widgets/field.tsx';
import { useWords } from '../../words/words.tsx';
import { PlannedCommands } from './plan.tsx';

const groups = ['quick', 'standard', 'full', 'own'] as const;
const usual: ReadonlySet<string> = new Set(['quick', 'standard']);

/** Of what somebody chose once: what this version has. Nothing chosen yet: what the profile «standard» asks. */
export function chosenOf(plan: AcquisitionPlan, kept: readonly string[]): readonly string[] {
  const open = plan.collectors.filter((one) => !one.always);
  const known = open.filter(({ id }) => kept.includes(id));
  return (known.length > 0 ? known : open.filter(({ from }) => usual.has(from))).map(({ id }) => id);
}

/** The plan of a selection: those that are always asked stay in it. */
export function ownPlan(plan: AcquisitionPlan, chosen: readonly string[]): AcquisitionPlan {
  return { ...plan, collectors: plan.collectors.filter(({ id, always }) => always || chosen.includes(id)) };
}

export interface OwnSelectionProps {
  /** Everything that can be chosen. */
  readonly plan: AcquisitionPlan;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Every collector with what it asks and whether it changes the handset, to choose from. */
export function OwnSelection({ plan, chosen, onChange }: OwnSelectionProps) {
  const { say, sayIfKnown } = useWords();
  const put = (id: string, on: boolean): void =>
    onChange(plan.collectors.map((one) => one.id).filter((one) => (one === id ? on : chosen.includes(one))));

  function row(entry: PlannedCollector) {
    const { id, titleKey, title, always, commands } = entry;
    const changes = commands.some(({ effect }) => effect === 'changes');
    return (
      <li key={id}>
        <CheckField
          label={sayIfKnown(titleKey, title)}
          checked={always || chosen.includes(id)}
          disabled={always}
          onChange={(on) => put(id, on)}
        />
        {always ? <p className="hint">{say('ui.own.always')}</p> : null}
        <details>
          <summary>
            {say('ui.own.commands', { count: commands.length })}{' '}
            {plan.handset === null ? null : (
              <span className={changes ? 'effect effect-changes' : 'effect'}>
                {say(changes ? 'ui.plan.some-change' : 'ui.plan.only-reads')}
              </span>
            )}
          </summary>
          <PlannedCommands commands={commands} />
        </details>
      </li>
    );
  }

  const hasAny = (group: PlannedCollector['from']): boolean => plan.collectors.some(({ from }) => from === group);

  return (
    <section className="own-selection" aria-label={say('ui.profile.own')}>
      {groups.filter(hasAny).map((group) => (
        <fieldset key={group} className="checks">
          <legend>{say(`ui.own.from.${group}`)}</legend>
          {group === 'own' ? <p className="hint">{say('ui.own.by-name')}</p> : null}
          <ul className="own-list">{plan.collectors.filter(({ from }) => from === group).map(row)}</ul>
        </fieldset>
      ))}
    </section>
  );
}
