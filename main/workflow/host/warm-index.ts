import { warmColumns } from '../../evidence/columns/warm-columns.ts';
import { openCaseForReading } from '../../evidence/open-case.ts';
import { engineVersion } from '../engine-version.ts';
import { rowFactsOf } from '../row-facts.ts';

/** The screen that opens asks first. */
const firstAfterMs = 400;
/** Between two steps questions are answered. */
const betweenMs = 5;

/** The case that is being read ahead: the one opened last; null when there is nothing left. */
let warming: string | null = null;

/** Reads ahead what the tables, filters and searches of this case need, in small steps beside what is asked. */
export function warmIndex(directory: string): void {
  if (warming === directory) return;
  warming = directory;
  setTimeout(step, firstAfterMs, directory, true).unref();
}

function step(directory: string, isFirst: boolean): void {
  if (warming !== directory) return;
  try {
    if (warmStep(directory, isFirst)) {
      setTimeout(step, betweenMs, directory, false).unref();
      return;
    }
  } catch {
    // What cannot be read says so to whoever asks for it.
  }
  warming = null;
}

/** One step; false: nothing is left, or there is no index that answers as it stands. */
function warmStep(directory: string, isFirst: boolean): boolean {
  const reader = openCaseForReading(directory);
  if (!reader.ok) return false;
  try {
    if (isFirst && reader.value.indexState(engineVersion).state !== 'current') return false;
    const index = reader.value.openIndex();
    if (!index.ok) return false;
    try {
      return warmColumns(rowFactsOf(reader.value, index.value));
    } finally {
      index.value.close();
    }
  } finally {
    reader.value.close();
  }
}
