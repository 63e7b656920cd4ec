import type { ProblemCode } from '../../shared/model/problem.ts';
import { nowInstant } from './instant.ts';

/** One service string that was sent to the handset, with what became of it. */
export interface JournalEntry {
  readonly seq: number;
  readonly serial: string;
  /** As sent, e.g. `shell,v2,raw:getprop`, `sync:`, `reverse:list-forward`. */
  readonly service: string;
  /** What was asked inside the service, for `sync:` (`RECV /system/build.prop`); null otherwise. */
  readonly request: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** `running` until it ends: an entry that still says so at the end was cut off. */
  readonly outcome: 'running' | 'ok' | ProblemCode;
  readonly exitCode: number | null;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

export interface JournalEnd {
  readonly outcome: 'ok' | ProblemCode;
  readonly exitCode?: number | null;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** Keeps the newest `maximum` entries; `dropped` counts the older ones that were let go (the listener saw them all). */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #serial: string;
  readonly #maximum: number;
  readonly #onEnd: ((entry: JournalEntry) => void) | undefined;
  #sequence = 0;
  dropped = 0;

  constructor(serial: string, onEnd: ((entry: JournalEntry) => void) | undefined, maximum = 100_000) {
    this.#serial = serial;
    this.#onEnd = onEnd;
    this.#maximum = maximum;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Notes a service string as sent; the returned function notes its end, once. */
  begin(service: string, request: string | null = null): (end: JournalEnd) => void {
    this.#sequence += 1;
    const seq = this.#sequence;
    const begun: JournalEntry = {
      seq,
      serial: this.#serial,
      service,
      request,
      startedAt: nowInstant(),
      endedAt: null,
      outcome: 'running',
      exitCode: null,
      bytesReceived: 0,
      bytesSent: 0,
    };
    this.#entries.push(begun);
    if (this.#entries.length > this.#maximum) {
      this.#entries.shift();
      this.dropped += 1;
    }
    let ended = false;
    return (end) => {
      if (ended) return;
      ended = true;
      const entry: JournalEntry = { ...begun, exitCode: null, ...end, endedAt: nowInstant() };
      const first = this.#entries[0]?.seq ?? seq;
      if (seq >= first) this.#entries[seq - first] = entry;
      this.#onEnd?.(entry);
    };
  }
}
