import type { CaseHandset } from '../../../shared/model/handset.ts';
import { intakeWants, type Intake } from '../../../shared/model/intake.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { Notice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

/** What was not confirmed for this handset, as a list for people; '' where nothing is wanting. */
function useWants(latest: Intake | null): string {
  const { say, language } = useWords();
  return intakeWants(latest)
    .map((check) => say(`ui.intake-short.${check}`))
    .join(language === 'en' ? ', ' : '、');
}

/** Says what was not confirmed of an exhibit before it is worked with, with the way there. A twin is no exhibit. */
export function IntakeWarning({ handset }: { readonly handset: CaseHandset | null }) {
  const { say } = useWords();
  const { go } = useNavigation();
  const { case: token } = useCase();
  const intakes = useQuery('intake.list', handset === null ? null : { case: token }, ['case']);
  const latest = intakes.value?.findLast((one) => one.handset === handset?.id) ?? null;
  const wants = useWants(latest);
  if (handset === null || handset.role !== 'exhibit' || intakes.value === null || wants === '') return null;
  return (
    <Notice
      tone="warning"
      title={say('ui.intake.wants-title')}
      actions={<Button onPress={() => go({ screen: 'handset', tab: 'intake' })}>{say('ui.intake.go')}</Button>}
    >
      {latest === null ? say('ui.intake.none') : say('ui.intake.wants', { checks: wants })}
    </Notice>
  );
}
