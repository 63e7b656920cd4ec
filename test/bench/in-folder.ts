import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a benchmark in a folder of its own that goes away with it, also when it is interrupted. Exit code 1 when it fails. */
export async function inFolder(bench: (folder: string) => Promise<boolean>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-bench-'));
  const tidyUp = (): void => rmSync(folder, { recursive: true, force: true });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      tidyUp();
      process.exit(130);
    });
  }
  try {
    if (!(await bench(folder))) process.exitCode = 1;
  } finally {
    tidyUp();
  }
}
