import { useWords } from '../words/words.tsx';
import { Instant } from './instant.tsx';

export interface WorkstationInstantProps {
  /** Null: nobody measured the capture's clock beside the workstation's. */
  readonly at: string | null;
  readonly boundMs: number | undefined;
}

/** The second clock of what a capture holds, with what it may be off; or that there is none. */
export function WorkstationInstant({ at, boundMs }: WorkstationInstantProps) {
  const { say, number } = useWords();
  if (at === null) return <span className="muted">{say('ui.workstation.none')}</span>;
  return (
    <>
      <Instant at={at} both />{' '}
      <span className="muted">{say('ui.workstation.bound', { bound: number(boundMs ?? 0) })}</span>
    </>
  );
}
