import { useState } from 'react';
import { useNavigation } from '../navigation.tsx';
import { LinkButton } from '../widgets/button.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { useWords } from '../words/words.tsx';

/** The number of an exhibit as the way to it. */
export function ExhibitLink({ id }: { readonly id: string }) {
  const { go } = useNavigation();
  return <LinkButton onPress={() => go({ screen: 'acquisition', tab: 'exhibits', exhibit: id })}>{id}</LinkButton>;
}

/** A display id as a way to what it names: F… a finding, E… an exhibit; anything else as it is. */
export function Reference({ id }: { readonly id: string }) {
  const { go } = useNavigation();
  if (/^F\d{4,}$/.test(id)) {
    return <LinkButton onPress={() => go({ screen: 'findings', number: id })}>{id}</LinkButton>;
  }
  if (/^E\d{3,}$/.test(id)) {
    return <ExhibitLink id={id} />;
  }
  // Where a person read a value, with the photo or document it stands in.
  const [, said, photo] = /^(.{1,400}) \((E\d{3,})\)$/s.exec(id) ?? [];
  return (
    <span className="reference">
      <HostileText text={said ?? id} max={200} />
      {photo === undefined ? null : (
        <>
          {' '}
          <ExhibitLink id={photo} />
        </>
      )}
    </span>
  );
}

/** Ids as ways to what they name: the first ones at once, the others when asked for. */
export function ReferenceList({ ids, first = 8 }: { readonly ids: readonly string[]; readonly first?: number }) {
  const { say } = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? ids : ids.slice(0, first);
  return (
    <p className="references">
      {shown.map((id) => (
        <Reference key={id} id={id} />
      ))}
      {ids.length > shown.length ? (
        <LinkButton onPress={() => setAll(true)}>{say('ui.more', { count: ids.length - shown.length })}</LinkButton>
      ) : null}
    </p>
  );
}
