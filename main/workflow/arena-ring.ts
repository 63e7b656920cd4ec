import {
  arenaBytes,
  type ArenaJob,
  type ArenaMemory,
  arenasUnderWay,
  maxStretches,
  tableStride,
} from '../analysis/search/arena-search.ts';

/** One more is handed in before the oldest one's result is taken. */
const ringSlots = arenasUnderWay + 1;
/**
 * The search is woken for so many at once: to wake a thread costs a tenth of what it takes to fill an arena (155 µs in a virtual
 * machine), and while it has searched these more have come.
 */
const wakeFor = 3;

// Control cells: jobs handed in, jobs searched, 1 when the search has failed; then three cells a slot: bytes, stretches, 1 when a message tells the result.
const handed = 0;
const searched = 1;
const failed = 2;
const firstSlot = 3;
const slotCells = 3;
const controlBytes = 4 * (firstSlot + ringSlots * slotCells);
const tableBytes = 4 * maxStretches * tableStride;

/**
 * Memory that the thread which fills arenas and the one which searches them share: nothing is lent by message, and most results
 * (nothing found) are a number counted up. Jobs are numbered from 0 and searched in order.
 */
export class ArenaRing {
  readonly shared: SharedArrayBuffer;
  readonly #control: Int32Array;
  readonly #memory: readonly ArenaMemory[];

  constructor(
    shared: SharedArrayBuffer = new SharedArrayBuffer(align(controlBytes) + ringSlots * (arenaBytes + tableBytes)),
  ) {
    this.shared = shared;
    this.#control = new Int32Array(shared, 0, firstSlot + ringSlots * slotCells);
    this.#memory = Array.from({ length: ringSlots }, (_, slot) => {
      const at = align(controlBytes) + slot * (arenaBytes + tableBytes);
      return {
        bytes: new Uint8Array(shared, at, arenaBytes),
        table: new Int32Array(shared, at + arenaBytes, maxStretches * tableStride),
      };
    });
  }

  #slot(job: number): ArenaMemory {
    return this.#memory[job % ringSlots] as ArenaMemory;
  }

  /** Copies what is to be searched. The search may go on sleeping: `waitFor` wakes it. */
  submit(job: number, { memory, length, stretches }: ArenaJob): void {
    const slot = this.#slot(job);
    slot.bytes.set(memory.bytes.subarray(0, length));
    slot.table.set(memory.table.subarray(0, stretches * tableStride));
    const cell = this.#cell(job);
    this.#control[cell] = length;
    this.#control[cell + 1] = stretches;
    this.#control[cell + 2] = 0;
    Atomics.store(this.#control, handed, job + 1);
    if (job + 1 - Atomics.load(this.#control, searched) >= wakeFor) Atomics.notify(this.#control, handed);
  }

  /** Waits until the job is handed in, or its thread is terminated. */
  awaitJob(job: number): ArenaJob {
    while (Atomics.load(this.#control, handed) <= job) Atomics.wait(this.#control, handed, job);
    const cell = this.#cell(job);
    const [length, stretches] = [this.#control[cell] as number, this.#control[cell + 1] as number];
    return { memory: this.#slot(job), length, stretches };
  }

  /** `told`: a message that was posted before holds the result. */
  answer(job: number, told: boolean): void {
    this.#control[this.#cell(job) + 2] = told ? 1 : 0;
    Atomics.store(this.#control, searched, job + 1);
    Atomics.notify(this.#control, searched);
  }

  /** The search has ended without an answer to what is handed in and will be: nobody waits for it any more. */
  fail(): void {
    Atomics.store(this.#control, failed, 1);
    Atomics.store(this.#control, searched, 0x7fffffff);
    Atomics.notify(this.#control, searched);
  }

  hasFailed(): boolean {
    return Atomics.load(this.#control, failed) === 1;
  }

  isTold(job: number): boolean {
    return this.#control[this.#cell(job) + 2] === 1;
  }

  /** Waits until the job is searched or the search has failed, or its thread is terminated. */
  waitFor(job: number): void {
    if (this.#isSearched(job)) return;
    Atomics.notify(this.#control, handed);
    while (!this.#isSearched(job)) Atomics.wait(this.#control, searched, job);
  }

  #isSearched(job: number): boolean {
    return Atomics.load(this.#control, searched) > job;
  }

  #cell(job: number): number {
    return firstSlot + (job % ringSlots) * slotCells;
  }
}

function align(bytes: number): number {
  return (bytes + 63) & ~63;
}
