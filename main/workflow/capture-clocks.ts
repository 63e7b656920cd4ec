import type { ClockOffset } from '../../shared/model/handset.ts';
import type { CaptureEvent } from '../capture/capture-types.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { ExhibitWriter } from '../evidence/exhibit-writer.ts';
import { captureClockCommand } from '../parsing/formats/clock.ts';
import { need } from './store-failure.ts';

interface Owner {
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
}

/**
 * Keeps what a live capture measures of its handset's clock: an exhibit beside the captures, one line (`ClockOffset`) a
 * measurement, durable at once. It begins when tcpdump listens: of a capture that came to nothing nothing is left.
 */
export class CaptureClocks {
  readonly #writer: CaseWriter;
  readonly #owner: Owner;
  readonly #protocol: 'shell-v1' | 'shell-v2';
  readonly #measured: ClockOffset[] = [];
  #stored = 0;
  #exhibit: ExhibitWriter | null = null;

  constructor(writer: CaseWriter, { handset, label, run }: Owner, features: ReadonlySet<string>) {
    this.#writer = writer;
    this.#owner = { handset, label, run };
    this.#protocol = features.has('shell_v2') ? 'shell-v2' : 'shell-v1';
  }

  /** Never throws: what cannot be stored now is tried again with the next, and at the end for good. */
  take(event: CaptureEvent): void {
    if (event.type === 'clock') this.#measured.push(event.clock);
    try {
      if (event.type === 'listening') this.#exhibit ??= this.#begin(event.at);
      this.#store();
    } catch {
      // `settle` says it, where somebody hears.
    }
  }

  /** The end of the capture. Throws what the store says. */
  settle(hasCapture: boolean, endedAt: string): void {
    const first = this.#measured[0];
    if (first === undefined || !hasCapture) {
      if (this.#exhibit !== null) need(this.#exhibit.abandon('nothing was measured beside a capture'));
      return;
    }
    this.#exhibit ??= this.#begin(first.measuredAt);
    this.#store();
    const origin = { ...this.#origin(first.measuredAt), endedAt };
    need(this.#exhibit.finish({ outcome: 'read', packets: null, fault: null, origin }));
  }

  #begin(startedAt: string): ExhibitWriter {
    return need(
      this.#writer.beginExhibit({
        ...this.#owner,
        originalName: 'capture-clock.jsonl',
        kind: 'command-output',
        acquisition: null,
        collector: 'clock',
        origin: this.#origin(startedAt),
      }),
    );
  }

  #origin(startedAt: string) {
    return {
      type: 'command',
      command: captureClockCommand,
      stream: 'stdout',
      protocol: this.#protocol,
      exitStatus: null,
      startedAt,
      endedAt: startedAt,
      problem: null,
    } as const;
  }

  #store(): void {
    if (this.#exhibit === null) return;
    for (const clock of this.#measured.slice(this.#stored)) {
      need(this.#exhibit.write(Buffer.from(`${JSON.stringify(clock)}\n`)));
      this.#stored += 1;
      need(this.#exhibit.checkpoint());
    }
  }
}
