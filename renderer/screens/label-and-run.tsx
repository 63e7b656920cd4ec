import { SelectField } from '../widgets/field.tsx';
import { useWords } from '../words/words.tsx';

interface Chosen {
  /** '' = any. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly names: readonly string[];
}

function AnyOf({ title, value, onChange, names }: Chosen & { readonly title: string }) {
  const { say } = useWords();
  const options = [{ value: '', text: say('ui.filter.all') }, ...names.map((name) => ({ value: name, text: name }))];
  return <SelectField label={title} value={value} onChange={onChange} options={options} />;
}

/** Filters a list by the state of a handset it belongs to. */
export function LabelFilter(chosen: Chosen) {
  const { say } = useWords();
  return <AnyOf title={say('ui.column.label')} {...chosen} />;
}

/** Filters a list by the run it belongs to. */
export function RunFilter(chosen: Chosen) {
  const { say } = useWords();
  return <AnyOf title={say('ui.column.run')} {...chosen} />;
}
