import { useDeferredValue, useState } from 'react';
import type { SnapshotPlace } from '../../../shared/contract/snapshot.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { StaleNotice, useNothingYet } from '../not-analysed.tsx';
import { AppList } from './app-list.tsx';
import { ValueList } from './value-list.tsx';

const subjects = ['apps', 'setting', 'property'] as const;
type Subject = (typeof subjects)[number];

const nameOf = ({ label, handset }: SnapshotPlace): string => JSON.stringify([label, handset]);

/** Whose tables say what the records mean, and which property says so. */
function MakerLine({ place }: { readonly place: SnapshotPlace }) {
  const { say } = useWords();
  if (place.maker === null) return <p className="hint">{say('ui.snapshot.maker-unknown')}</p>;
  return (
    <p className="hint">
      {say('ui.snapshot.maker', { maker: place.maker })}{' '}
      {place.reason === null ? (
        say('ui.snapshot.maker-none')
      ) : (
        <>
          {say('ui.snapshot.maker-told')}{' '}
          <HostileText text={`${place.reason.property} = ${place.reason.value}`} mono max={160} />
        </>
      )}
    </p>
  );
}

function Browser({ places }: { readonly places: readonly SnapshotPlace[] }) {
  const { say, number } = useWords();
  const [name, setName] = useState('');
  const [subject, setSubject] = useState<Subject>('apps');
  const [text, setText] = useState('');
  const filterText = useDeferredValue(text);
  const place = places.find((one) => nameOf(one) === name) ?? places[0];
  if (place === undefined) return null;
  const counts: Readonly<Record<Subject, number>> = {
    apps: place.apps,
    setting: place.settings,
    property: place.properties,
  };
  const list = { place, text: filterText, key: `${nameOf(place)} ${subject}` };
  return (
    <>
      <div className="filters">
        <SelectField
          label={say('ui.snapshot.place')}
          value={nameOf(place)}
          onChange={setName}
          options={places.map((one) => ({ value: nameOf(one), text: `${one.label} · ${one.handset}` }))}
        />
        <SelectField
          label={say('ui.snapshot.subject')}
          value={subject}
          onChange={setSubject}
          options={subjects.map((one) => ({
            value: one,
            text: `${say(`ui.snapshot.subject-${one}`)} (${number(counts[one])})`,
          }))}
        />
        <TextField
          label={say('ui.filter.text')}
          value={text}
          onChange={setText}
          placeholder={say('ui.snapshot.filter')}
        />
      </div>
      <MakerLine place={place} />
      {subject === 'apps' ? (
        <AppList key={list.key} place={place} text={filterText} />
      ) : (
        <ValueList key={list.key} place={place} kind={subject} text={filterText} />
      )}
    </>
  );
}

/** One handset under one label, by subject: its apps with what they may do, its settings, its properties, and what they mean. */
export function Snapshot() {
  const { say } = useWords();
  const { case: token } = useCase();
  const nothing = useNothingYet();
  const places = useQuery('snapshot.places', nothing === null ? { case: token } : null, ['index', 'case']);
  if (nothing !== null) return nothing;
  return (
    <div className="stack">
      <StaleNotice />
      {places.problem === null ? null : <ProblemNotice problem={places.problem} />}
      {places.value === null ? (
        <p className="muted">{say('ui.loading')}</p>
      ) : places.value.length === 0 ? (
        <Empty title={say('ui.snapshot.none')}>{say('ui.snapshot.none-about')}</Empty>
      ) : (
        <Browser places={places.value} />
      )}
    </div>
  );
}
