import { useWords } from '../words/words.tsx';
import { localTime, utcTime } from './instant-text.ts';

export interface InstantProps {
  readonly at: string;
  readonly both?: boolean;
  /** Without «UTC», for columns whose header says it. */
  readonly bare?: boolean;
}

/** UTC as the evidence has it; the local time beside it on hover, or below when `both`. */
export function Instant({ at, both = false, bare = false }: InstantProps) {
  const { language, say } = useWords();
  const local = say('ui.time.taipei', { time: localTime(at, language) });
  return (
    <time dateTime={at} title={local} className="instant">
      {bare ? utcTime(at).replace(' UTC', '') : utcTime(at)}
      {both ? <span className="instant-local">{local}</span> : null}
    </time>
  );
}
