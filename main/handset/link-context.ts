import type { ConnectedHandset } from '../../shared/model/handset.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { OpenOptions } from './adb-service.ts';
import type { AdbStream } from './adb-stream.ts';
import type { JournalEnd } from './journal.ts';

/** What the parts of a link (shell, sync, reverse …) are given: journalled streams, and a look at the handset's state. */
export interface LinkContext {
  readonly serial: string;
  readonly features: ReadonlySet<string>;
  readonly openTimeoutMs: number;
  /** Opens a service; it is in the journal before the first byte goes out. The caller must call `note` at its end. */
  open(
    service: string,
    request: string | null,
    options?: OpenOptions,
  ): Promise<Result<{ readonly stream: AdbStream; readonly note: (end: JournalEnd) => void }>>;
  /** The handset as the server lists it now. Problems: NOT_FOUND, SERVER_DOWN, TIMEOUT, ABORTED. */
  look(signal: AbortSignal | undefined): Promise<Result<ConnectedHandset>>;
}
