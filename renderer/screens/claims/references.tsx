import { useState } from 'react';
import { useNavigation } from '../../navigation.tsx';
import { LinkButton } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { useWords } from '../../words/words.tsx';

/** A display id as a way to what it names: F… a finding, E… an exhibit; anything else as it is. */
export function Reference({ id }: { readonly id: string }) {
  const { go } = useNavigation();
  if (/^F\d{4,}$/.test(id)) {
    return <LinkButton onPress={() => go({ screen: 'findings', number: id })}>{id}</LinkButton>;
  }
  if (/^E\d{3,}$/.test(id)) {
    return <LinkButton onPress={() => go({ screen: 'acquisition', tab: 'exhibits', exhibit: id })}>{id}</LinkButton>;
  }
  return (
    <span className="reference">
      <HostileText text={id} max={200} />
    </span>
  );
}

/** Ids under a title, the first ones at once. */
export function References({
  title,
  ids,
  none,
}: {
  readonly title: string;
  readonly ids: readonly string[];
  readonly none: string;
}) {
  const { say } = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? ids : ids.slice(0, 8);
  return (
    <div className="references-block">
      <h4>{title}</h4>
      {ids.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <p className="references">
          {shown.map((id) => (
            <Reference key={id} id={id} />
          ))}
          {ids.length > shown.length ? (
            <LinkButton onPress={() => setAll(true)}>{say('ui.more', { count: ids.length - shown.length })}</LinkButton>
          ) : null}
        </p>
      )}
    </div>
  );
}
