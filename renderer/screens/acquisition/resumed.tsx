import type { AcquisitionPlan, ResumedPlan } from '../../../shared/contract/acquisition.ts';
import { Notice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

/** What of a plan is asked where an acquisition that was cut off is gone on with; all of it where nothing is known of that. */
export function remainingPlan(plan: AcquisitionPlan, resumed: ResumedPlan | null): AcquisitionPlan {
  if (resumed === null) return plan;
  return { ...plan, collectors: plan.collectors.filter(({ id }) => resumed.asks.includes(id)) };
}

/** What is taken over of the acquisition that was cut off, or why everything is asked again. */
export function Resumed({ resumed, plan }: { readonly resumed: ResumedPlan; readonly plan: AcquisitionPlan }) {
  const { say, sayIfKnown, bytes, language } = useWords();
  const { id, because, asks, codeFiles, codeBytes } = resumed;
  if (because.length > 0) {
    const said = because.map((one) => say(`acquire.differs.${one}`)).join(language === 'en' ? '; ' : '；');
    return <Notice tone="warning">{say('acquire.instead', { id, because: said })}</Notice>;
  }
  const titles = plan.collectors
    .filter((one) => !asks.includes(one.id))
    .map(({ titleKey, title }) => sayIfKnown(titleKey, title))
    .join(language === 'en' ? ', ' : '、');
  return (
    <>
      {titles === '' ? null : <p>{say('ui.resume.taken-over', { id, collectors: titles })}</p>}
      {codeFiles === 0 ? null : <p>{say('ui.resume.code', { count: codeFiles, bytes: bytes(codeBytes) })}</p>}
    </>
  );
}
