import path from 'node:path';

/** Names inside a case folder. */
export const caseLayout = {
  database: (directory: string): string => path.join(directory, 'case.sqlite'),
  log: (directory: string): string => path.join(directory, 'case.sqlite-wal'),
  journal: (directory: string): string => path.join(directory, 'case.sqlite-journal'),
  /** Present while no writer has the case open: size and hash of case.sqlite as it was closed. */
  closedMark: (directory: string): string => path.join(directory, 'case.closed.json'),
  /** Empty for ever; the operating system's lock on it is the writer's. */
  lock: (directory: string): string => path.join(directory, 'writer.lock'),
  /** Who holds the lock. Only believed while it is held. */
  writer: (directory: string): string => path.join(directory, 'writer.json'),
  vault: (directory: string): string => path.join(directory, 'exhibits'),
  incoming: (directory: string): string => path.join(directory, 'exhibits', '.incoming'),
  exhibit: (directory: string, sha256: string): string => path.join(directory, 'exhibits', sha256.slice(0, 2), sha256),
  pointer: (directory: string): string => path.join(directory, 'index.json'),
} as const;

/** `application_id` of case.sqlite: «HSgt». */
export const caseApplicationId = 0x48536774;
