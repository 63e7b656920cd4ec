import type { AcquisitionScope } from '../../shared/model/acquisition-note.ts';
import type { Words } from './words.tsx';

/** What an acquisition stated of itself as it began; nothing where it asks what a named profile asks. */
export function scopeText(
  { continues, insteadOf, collectors }: AcquisitionScope,
  { say, sayIfKnown, language }: Pick<Words, 'say' | 'sayIfKnown' | 'language'>,
): string[] {
  const said: string[] = [];
  if (continues !== undefined) said.push(say('ui.scope.continues', { id: continues }));
  if (insteadOf !== undefined) {
    const because = insteadOf.because.map((one) => say(`acquire.differs.${one}`)).join(language === 'en' ? '; ' : '；');
    said.push(say('acquire.instead', { id: insteadOf.id, because }));
  }
  if (collectors !== undefined) {
    const titles = collectors.map((one) => sayIfKnown(`collector.${one}`, one)).join(language === 'en' ? ', ' : '、');
    said.push(say('ui.scope.asks', { collectors: titles }));
  }
  return said;
}
