import type { Words } from '../../words/words.tsx';
import type { FilterKey } from '../../../shared/filter/filter-keys.ts';
import type { FilterProblem } from '../../../shared/filter/parse-filter.ts';
import { countryText } from '../../widgets/country-text.ts';

/** Why a line cannot be read, in the reader's language. */
export function filterProblemText({ code, subject, known }: FilterProblem, { say }: Pick<Words, 'say'>): string {
  return say(`ui.filter.problem.${code}`, { subject, known });
}

/** How a value reads where it can be clicked; the language itself keeps its own words. */
export function valueText(key: FilterKey, value: string, { say, sayIfKnown, language }: Words): string {
  switch (key) {
    case 'country':
      return value === 'none' ? say('ui.filter.no-country') : countryText(value, language);
    case 'channel':
      return sayIfKnown(`ui.channel.${value}`, value);
    case 'identifier':
      return sayIfKnown(`ui.identifier-kind.${value}`, value);
    case 'representation':
      return sayIfKnown(`ui.representation.${value}`, value);
    case 'phase':
      return sayIfKnown(`ui.filter.phase.${value}`, value);
    default:
      return value;
  }
}
