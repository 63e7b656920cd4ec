import { useWords } from '../words/words.tsx';
import { hostileParts } from './hostile-parts.ts';

export interface HostileTextProps {
  readonly text: string;
  /** Longest shown, in UTF-16 units; what is left out is said. */
  readonly max?: number;
  readonly mono?: boolean;
}

/** Text from a handset, a capture or a file: never markup, nothing invisible, no change of direction leaks out. */
export function HostileText({ text, max = 2000, mono = false }: HostileTextProps) {
  const { say } = useWords();
  const shown = text.length > max ? text.slice(0, max) : text;
  return (
    <bdi className={mono ? 'hostile mono' : 'hostile'}>
      {hostileParts(shown).map((part, index) =>
        part.escaped ? (
          <span key={index} className="escaped" title={say('ui.hostile.escaped')}>
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
      {text.length > max ? (
        <span className="escaped">{say('ui.hostile.more', { count: text.length - max })}</span>
      ) : null}
    </bdi>
  );
}
