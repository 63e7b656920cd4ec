import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Short-lived objects of a worker are collected before they fill the machine's memory: speed is the same, half the memory is not taken. */
export const workerLimits = { maxYoungGenerationSizeMb: 48 };

/** The thread that searches for another makes few objects. */
export const searchLimits = { maxYoungGenerationSizeMb: 12 };

/** The thread that takes what workers found, where it is a worker itself. */
export const hostLimits = { maxYoungGenerationSizeMb: 24 };

const mainYoungBytes = 16 * 1024 * 1024;
/** From so much memory of the process on, heaps grow by a quarter of what is kept before they are looked through: some twentieth more work. */
const tightBytes = 280 * 1024 * 1024;
/** Objects that are kept for a moment, so that a heap grows: some 12 MiB. */
const momentary = 200_000;
/** To ask for the memory of a process with many threads takes the system up to a millisecond. */
const askedEveryMs = 50;
let pace = Infinity;
let askedMs = Number.NEGATIVE_INFINITY;
let isYoungLimited = false;

/**
 * The same for a main thread, whose limits can only be given at the start of a process: V8 would let its short-lived objects take
 * 128 MiB, and what is kept grow to a multiple of what is needed before it looks. It is brought to the size that was measured to be
 * best, whatever it held before, and stays there, as do the threads that begin later at theirs: what they take would otherwise be
 * decided by which of them grows first. Called before they are made, and now and then while a capture is read. Electron forbids
 * flags after its start.
 */
export function limitHeap(): void {
  if (process.versions['electron'] !== undefined) return;
  const now = performance.now();
  if (now - askedMs >= askedEveryMs) {
    askedMs = now;
    setPace(process.memoryUsage.rss() < tightBytes ? 100 : 25);
  }
  if (isYoungLimited) return;
  isYoungLimited = true;
  const kept: object[] = [];
  while (youngBytes() < mainYoungBytes && kept.length < momentary) for (let i = 0; i < 1000; i++) kept.push({ i });
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--min-semi-space-size=4');
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? Infinity;
}

/** Never back: what a heap has grown to it does not give back at once. */
function setPace(percent: number): void {
  if (percent >= pace) return;
  pace = percent;
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
