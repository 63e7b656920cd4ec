import type { Inflated } from './inflate.ts';
import type { SearchEngine } from './layered-search.ts';

/** Inflated in all of one value and of what is compressed in it; more is counted under `cap-inflate`. It grows with the value. */
const maxInflatedOfOne = 64 * 1024 * 1024;
const inflatedOfSmall = 1024 * 1024;
const inflatedOfEach = 2064;
/** What makes no sense in the end was work too. */
const failedTimes = 16;

/** Searches a compressed value of `bytes` bytes, or one that lies in it: compressed values in compressed values would else multiply. */
export function inOneValue(engine: SearchEngine, bytes: number, search: () => void): void {
  if (engine.left !== null) {
    search();
    return;
  }
  engine.left = Math.min(maxInflatedOfOne, inflatedOfSmall + inflatedOfEach * bytes);
  try {
    search();
  } finally {
    engine.left = null;
  }
}

/** What `bytes` bytes gave is counted, as `least` bytes at least. */
export function spend(engine: SearchEngine, bytes: number, inflated: Inflated | null, least = 0): void {
  if (engine.left === null) return;
  engine.left -= inflated === null ? bytes * failedTimes : Math.max(least, inflated.bytes.length);
}
