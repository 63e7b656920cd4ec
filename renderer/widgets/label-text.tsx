import { useWords } from '../words/words.tsx';
import { HostileText } from './hostile-text.tsx';

/** The label of an exhibit as a person gave it; in words where nobody gave one. */
export function LabelText({ label }: { readonly label: string }) {
  const { say } = useWords();
  return label === 'unassigned' ? say('ui.import.unassigned') : <HostileText text={label} max={80} />;
}
