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
let pace = Infinity;
let isYoungLimited = false;

/**
 * The same for a main thread, whose limits can only be given at the start of a process: V8 would let its short-lived objects take
 * 128 MiB, and what is kept grow to a multiple of what is needed before it looks. Called now and then while a capture is read;
 * threads begun later begin at the size that those before grew to. Electron forbids flags after its start.
 */
export function limitHeap(): void {
  if (process.versions['electron'] !== undefined) return;
  setPace(process.memoryUsage.rss() < tightBytes ? 100 : 25);
  if (isYoungLimited) return;
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young === undefined || young.space_size < mainYoungBytes) return;
  isYoungLimited = true;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--min-semi-space-size=4');
}

/** Never back: what a heap has grown to it does not give back at once. */
function setPace(percent: number): void {
  if (percent >= pace) return;
  pace = percent;
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
