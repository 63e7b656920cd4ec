import { useWords } from '../words/words.tsx';
import { localTime, utcTime } from './instant-text.ts';

/** UTC as the evidence has it; the local time beside it on hover, or below when `both`. */
export function Instant({ at, both = false }: { readonly at: string; readonly both?: boolean }) {
  const { language, say } = useWords();
  const local = `${localTime(at, language)} ${say('ui.time.taipei')}`;
  return (
    <time dateTime={at} title={local} className="instant">
      {utcTime(at)}
      {both ? <span className="instant-local">{local}</span> : null}
    </time>
  );
}
