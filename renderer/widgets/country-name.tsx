import { useWords } from '../words/words.tsx';
import { countryText } from './country-text.ts';

/** A country in words with its code, as the source had it; a dash where none is known. */
export function CountryName({ code }: { readonly code: string | null }) {
  const { language } = useWords();
  return code === null ? '—' : countryText(code, language);
}
