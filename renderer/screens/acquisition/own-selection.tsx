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

/** Those of a selection that build on this one. */
function buildingOn(id: string, plan: AcquisitionPlan, chosen: readonly string[]): readonly PlannedCollector[] {
  return plan.collectors.filter((one) => one.buildsOn.includes(id) && (one.always || chosen.includes(one.id)));
}

/** The plan of a selection: those that are always asked stay in it, and those that others build on. */
export function ownPlan(plan: AcquisitionPlan, chosen: readonly string[]): AcquisitionPlan {
  const isAsked = ({ id, always }: PlannedCollector): boolean =>
    always || chosen.includes(id) || buildingOn(id, plan, chosen).length > 0;
  return { ...plan, collectors: plan.collectors.filter(isAsked) };
}

export interface OwnSelectionProps {
  /** Everything that can be chosen. */
  readonly plan: AcquisitionPlan;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Every collector with what it asks and whether it changes the handset, to choose from. */
export function OwnSelection({ plan, chosen, onChange }: OwnSelectionProps) {
  const { say, sayIfKnown, language } = useWords();
  const put = (id: string, on: boolean): void =>
    onChange(plan.collectors.map((one) => one.id).filter((one) => (one === id ? on : chosen.includes(one))));

  function row(entry: PlannedCollector) {
    const { id, titleKey, title, always, commands } = entry;
    const others = buildingOn(id, plan, chosen);
    const changes = commands.some(({ effect }) => effect === 'changes');
    return (
      <li key={id}>
        <CheckField
          label={sayIfKnown(titleKey, title)}
          checked={always || others.length > 0 || chosen.includes(id)}
          disabled={always || others.length > 0}
          onChange={(on) => put(id, on)}
        />
        {always ? <p className="hint">{say('ui.own.always')}</p> : null}
        {others.length > 0 ? (
          <p className="hint">
            {say('ui.own.built-on', {
              collectors: others
                .map((one) => sayIfKnown(one.titleKey, one.title))
                .join(language === 'en' ? ', ' : '、'),
            })}
          </p>
        ) : null}
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
