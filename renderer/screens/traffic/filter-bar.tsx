import { useState } from 'react';
import type { Facet } from '../../../shared/filter/row-shapes.ts';
import { phases } from '../../../shared/filter/filter-keys.ts';
import type { FilterKey } from '../../../shared/filter/filter-keys.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { withTerm, withoutTerm, writeTerm } from '../../../shared/filter/write-filter.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useLast } from '../../bridge/use-last.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useSettled } from '../../bridge/use-settled.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { DropPanel } from '../../widgets/drop-panel.tsx';
import { TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';
import { filterProblemText, valueText } from './filter-words.ts';

const rowsFirstMs = 60;

interface FilterBarProps {
  /** The line as it is typed. */
  readonly line: string;
  /** The last line that could be read: what the lists show now. */
  readonly applied: string;
  readonly onChange: (line: string) => void;
}

/** The filter as a line one can type, as chips one can take away, as lists of values one can click, and kept under names. */
export function FilterBar({ line, applied, onChange }: FilterBarProps) {
  const words = useWords();
  const { say } = words;
  const parsed = parseFilter(line);
  return (
    <div className="filter-bar">
      <div className="filter-line">
        <TextField
          label={say('ui.filter.text')}
          value={line}
          onChange={onChange}
          placeholder={say('ui.filter.example')}
          error={parsed.ok ? undefined : filterProblemText(parsed.problem, words)}
          mono
        />
        <SavedFilters line={line} readable={parsed.ok} onChoose={onChange} />
      </div>
      <div className="filter-picks">
        <ValueLists asked={applied} line={parsed.ok ? line : applied} onChange={onChange} />
        {parsed.ok
          ? parsed.terms.map((term, n) => (
              <span key={`${n} ${writeTerm(term)}`} className={term.negated ? 'chip chip-not' : 'chip'}>
                <HostileText text={writeTerm(term)} max={60} mono />
                <button
                  type="button"
                  aria-label={say('ui.filter.remove', { term: writeTerm(term) })}
                  onClick={() => onChange(withoutTerm(line, n))}
                >
                  ×
                </button>
              </span>
            ))
          : null}
        {line.trim() === '' ? null : (
          <Button kind="quiet" onPress={() => onChange('')}>
            {say('ui.filter.clear')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface ValueListsProps {
  /** What the values are counted under. */
  readonly asked: string;
  /** What a click is added to: all that was typed, also what the lists do not show yet. */
  readonly line: string;
  readonly onChange: (line: string) => void;
}

function ValueLists({ asked, line, onChange }: ValueListsProps) {
  const { say } = useWords();
  const { case: token } = useCase();
  // After the rows: one thread answers in turn.
  const filter = useSettled(asked, rowsFirstMs);
  const facets = useQuery('traffic.values', { case: token, filter }, ['index', 'case']);
  const parsed = parseFilter(line);
  const holds = (key: FilterKey): boolean => parsed.ok && parsed.terms.some((term) => term.key === key);
  const lists = (useLast(facets.value) ?? []).filter(({ key, values }) => values.length > 0 || holds(key));
  return (
    <>
      {facets.problem === null ? null : <ProblemNotice problem={facets.problem} />}
      {lists.map((facet) => (
        <DropPanel key={facet.key} title={say(`ui.filter.key.${facet.key}`)} marked={holds(facet.key)}>
          {(close) => <Values facet={facet} line={line} onChange={onChange} onDone={close} />}
        </DropPanel>
      ))}
      <DropPanel title={say('ui.filter.key.phase')} marked={holds('phase')}>
        {(close) => (
          <Values
            facet={{ key: 'phase', values: phases.map((value) => ({ value, count: null })), others: 0 }}
            line={line}
            onChange={onChange}
            onDone={close}
          />
        )}
      </DropPanel>
    </>
  );
}

interface ValuesProps {
  readonly facet: {
    readonly key: FilterKey;
    readonly values: readonly { readonly value: string; readonly count: number | null }[];
    readonly others: Facet['others'];
  };
  readonly line: string;
  readonly onChange: (line: string) => void;
  readonly onDone: () => void;
}

function Values({ facet, line, onChange, onDone }: ValuesProps) {
  const words = useWords();
  const { say, number } = words;
  const pick = (value: string, sense: 'only' | 'not'): void => {
    onChange(withTerm(line, facet.key, facet.key === 'host' ? `=${value}` : value, sense));
    onDone();
  };
  return (
    <>
      <ul className="values">
        {facet.values.map(({ value, count }) => {
          const text = valueText(facet.key, value, words);
          return (
            <li key={value}>
              <button type="button" className="value" onClick={() => pick(value, 'only')}>
                <HostileText text={text} max={60} />
                {count === null ? null : <span className="muted">{number(count)}</span>}
              </button>
              <button type="button" className="value-not" onClick={() => pick(value, 'not')}>
                <span className="only-read-out">{say('ui.filter.not', { value: text })}</span>
                <span aria-hidden="true" title={say('ui.filter.not', { value: text })}>
                  −
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {facet.others === 0 ? null : (
        <p className="hint">{say('ui.filter.others', { count: facet.others, shown: number(facet.others) })}</p>
      )}
    </>
  );
}

interface SavedFiltersProps {
  readonly line: string;
  readonly readable: boolean;
  readonly onChoose: (line: string) => void;
}

/** Kept on this workstation, for every case. */
function SavedFilters({ line, readable, onChoose }: SavedFiltersProps) {
  const { say } = useWords();
  const settings = useQuery('settings.get', {}, ['settings']);
  const save = useOrder('settings.save-filter');
  const remove = useOrder('settings.remove-filter');
  const [name, setName] = useState('');
  const filters = settings.value?.filters ?? [];
  const problem = save.problem ?? remove.problem;
  return (
    <DropPanel title={say('ui.filter.saved')}>
      {(close) => (
        <>
          {problem === null ? null : <ProblemNotice problem={problem} />}
          <p className="hint">{say('ui.filter.saved-about')}</p>
          <ul className="values">
            {filters.map((saved) => (
              <li key={saved.name}>
                <button
                  type="button"
                  className="value"
                  title={saved.filter}
                  onClick={() => {
                    onChoose(saved.filter);
                    close();
                  }}
                >
                  <HostileText text={saved.name} max={60} />
                </button>
                <button
                  type="button"
                  className="value-not"
                  aria-label={say('ui.filter.forget', { name: saved.name })}
                  onClick={() => void remove.give({ name: saved.name })}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
          <form
            className="filter-save"
            onSubmit={(event) => {
              event.preventDefault();
              if (readable && line.trim() !== '' && name.trim() !== '')
                void save.give({ name: name.trim(), filter: line.trim() }).then(() => setName(''));
            }}
          >
            <TextField label={say('ui.filter.name')} value={name} onChange={setName} />
            <button
              type="submit"
              className="button button-plain"
              disabled={!readable || line.trim() === '' || name.trim() === '' || save.busy}
            >
              {say('ui.filter.save')}
            </button>
          </form>
        </>
      )}
    </DropPanel>
  );
}
