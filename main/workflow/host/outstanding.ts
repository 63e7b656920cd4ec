import type { Topic } from '../../../shared/contract/window.ts';
import { readCase } from '../case-session.ts';
import { changesToTry, undoChanges } from '../undo-changes.ts';
import { ok } from '../../../shared/model/problem.ts';
import type { Result } from '../../../shared/model/problem.ts';
import type { Handsets } from '../handset-session.ts';
import { quickConduct } from './host-context.ts';
import type { Envelope } from './host-protocol.ts';

/**
 * Takes back what a case of the window says may still be on a handset: when the case is opened, whenever a handset comes or
 * changes, and when a task ends. A case that another process writes in waits for the next of these.
 */
export class OutstandingUndo {
  readonly #live: { handsets(): Promise<Result<Handsets>> };
  readonly #changed: (topic: Topic, directory: string | null) => void;
  readonly #cases = new Map<string, Envelope>();
  #running: Promise<void> | null = null;
  #again = false;

  constructor(
    live: { handsets(): Promise<Result<Handsets>> },
    changed: (topic: Topic, directory: string | null) => void,
  ) {
    this.#live = live;
    this.#changed = changed;
  }

  /** The case is open from now on; what is done in it is done in the name of whoever acts then. */
  watch(directory: string, envelope: Envelope): void {
    this.#cases.set(directory, envelope);
    this.look();
  }

  /** Somebody else acts in an open case: what is taken back from now on is signed by them. */
  actsNow(directory: string, envelope: Envelope): void {
    if (this.#cases.has(directory)) this.#cases.set(directory, envelope);
  }

  leave(directory: string): void {
    this.#cases.delete(directory);
  }

  /** One round at a time; what happens meanwhile makes it another one. */
  look(): void {
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#running = this.#round()
      .catch((error: unknown) => {
        // A bug here must not take the host down: what is outstanding stays on record and is tried again.
        process.stderr.write(
          `outstanding: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
      })
      .finally(() => {
        this.#running = null;
        if (!this.#again) return;
        this.#again = false;
        this.look();
      });
  }

  async #round(): Promise<void> {
    for (const directory of this.#cases.keys()) {
      const waiting = readCase(directory, (reader) => ok(changesToTry(reader).length));
      // The adb server is not started for cases that have nothing to take back.
      if (!waiting.ok || waiting.value === 0) continue;
      const handsets = await this.#live.handsets();
      if (!handsets.ok) return;
      // Who acts is asked last: until the adb server answered, the case may have been closed or somebody else named.
      const envelope = this.#cases.get(directory);
      if (envelope === undefined) continue;
      const custody = headOf(directory);
      await undoChanges(directory, null, handsets.value, quickConduct(envelope));
      if (headOf(directory) !== custody) this.#changed('case', directory);
    }
  }
}

function headOf(directory: string): string | null {
  const head = readCase(directory, (reader) => ok(reader.head()));
  return head.ok ? head.value : null;
}
