import type { Topic } from '../../../shared/contract/window.ts';
import type { PrintPdf } from '../print-pdf.ts';
import type { Conduct } from '../conduct.ts';
import type { Envelope } from './host-protocol.ts';
import type { OutstandingUndo } from './outstanding.ts';
import type { LiveHandsetsService } from './live-handsets.ts';
import type { TaskBoard } from './task-board.ts';

/** What every handler of the host works with. */
export interface HostContext {
  readonly tasks: TaskBoard;
  readonly live: LiveHandsetsService;
  readonly outstanding: OutstandingUndo;
  readonly changed: (topic: Topic, directory: string | null) => void;
  readonly print: PrintPdf;
}

/** A conduct for what is answered at once. */
export function quickConduct(envelope: Envelope): Conduct {
  return {
    actor: envelope.actor,
    lang: envelope.language,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
}
