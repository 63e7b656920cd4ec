import type { ClockOffset } from '../../shared/model/handset.ts';
import type { Problem } from '../../shared/model/problem.ts';
import type { CaptureEvent } from '../capture/capture-types.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { ExhibitWriter } from '../evidence/exhibit-writer.ts';
import { captureClockCommand } from '../parsing/formats/clock.ts';
import { gap } from './gaps.ts';
import type { Gap } from './gaps.ts';
import { need, problemOfFailure } from './store-failure.ts';

interface Owner {
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
}

/** Told while the capture runs: a measurement could not be stored, and why; null: what waited is stored now. */
export type OnClockTrouble = (problem: Problem | null) => void;

/**
 * Keeps what a live capture measures of its handset's clock: an exhibit beside the captures, one line (`ClockOffset`) a
 * measurement, durable at once. It begins when tcpdump listens: of a capture that came to nothing nothing is left.
 */
export class CaptureClocks {
  readonly #writer: CaseWriter;
  readonly #owner: Owner;
  readonly #protocol: 'shell-v1' | 'shell-v2';
  readonly #measured: ClockOffset[] = [];
  readonly #onTrouble: OnClockTrouble;
  #written = 0;
  #stored = 0;
  #listeningAt: string | null = null;
  #exhibit: ExhibitWriter | null = null;
  #trouble: Problem | null = null;
  /** No fault of the disk: nobody hears it where measurements are taken. */
  #bug: { readonly error: unknown } | null = null;

  constructor(
    writer: CaseWriter,
    { handset, label, run }: Owner,
    features: ReadonlySet<string>,
    onTrouble: OnClockTrouble,
  ) {
    this.#writer = writer;
    this.#onTrouble = onTrouble;
    this.#owner = { handset, label, run };
    this.#protocol = features.has('shell_v2') ? 'shell-v2' : 'shell-v1';
  }

  /** Never throws: what cannot be stored now is told at once, and tried again with whatever the capture tells next. */
  take(event: CaptureEvent): void {
    if (event.type === 'clock') this.#measured.push(event.clock);
    const problem = this.#attempt(() => {
      if (event.type === 'listening') this.#listeningAt ??= event.at;
      if (this.#listeningAt !== null) this.#exhibit ??= this.#begin(this.#listeningAt);
      this.#store();
    });
    if (problem?.code !== this.#trouble?.code) this.#onTrouble(problem);
    this.#trouble = problem;
  }

  /** The end of the capture: what is not in evidence of its measurements, with the first of them in words. Throws bugs only. */
  settle(hasCapture: boolean, endedAt: string): Gap | null {
    if (this.#bug !== null) throw this.#bug.error;
    const first = this.#measured[0];
    const problem = this.#attempt(() => {
      if (first === undefined || !hasCapture) {
        if (this.#exhibit !== null) need(this.#exhibit.abandon('nothing was measured beside a capture'));
        return;
      }
      this.#exhibit ??= this.#begin(first.measuredAt);
      this.#store();
      const origin = { ...this.#origin(first.measuredAt), endedAt };
      need(this.#exhibit.finish({ outcome: 'read', packets: null, fault: null, origin }));
    });
    const lost = this.#measured[this.#stored];
    if (problem === null) return null;
    // What a checkpoint acknowledged is taken in when the case is opened next.
    return gap('clocks-not-stored', {
      count: this.#measured.length - this.#stored,
      problem: problem.code,
      at: lost?.measuredAt ?? '–',
      offset: lost?.offsetMs.toFixed(1) ?? '–',
      bound: lost?.boundMs.toFixed(1) ?? '–',
    });
  }

  #attempt(act: () => void): Problem | null {
    try {
      act();
      return null;
    } catch (error) {
      return this.#problemOf(error);
    }
  }

  #problemOf(error: unknown): Problem | null {
    try {
      const failed = problemOfFailure(error, 'capture-clock.jsonl');
      return failed.ok ? null : failed.problem;
    } catch {
      this.#bug ??= { error };
      return null;
    }
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
    for (const clock of this.#measured.slice(this.#written)) {
      need(this.#exhibit.write(Buffer.from(`${JSON.stringify(clock)}\n`)));
      this.#written += 1;
    }
    if (this.#stored === this.#written) return;
    need(this.#exhibit.checkpoint());
    this.#stored = this.#written;
  }
}
