import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test('the engine writes the captures in a worker and announces each before it is ready', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-engine-'));
  const out = join(folder, 'gateway of the day');
  const program = new URL('../../handset-simulator/main.ts', import.meta.url);
  const worker = new Worker(program, {
    argv: ['--seed', '6', '--out', out, '--personas', 'modern-locked'],
    stdin: true,
    stdout: true,
    stderr: true,
  });
  try {
    const said: { event: string; run?: string; path?: string }[] = [];
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the engine left')));
      createInterface({ input: worker.stdout }).on('line', (line) => {
        const message = JSON.parse(line) as { event: string };
        said.push(message);
        if (message.event === 'ready') resolve();
      });
    });
    const captures = said.filter(({ event }) => event === 'capture');
    expect(captures.map(({ run }) => run)).toEqual(['R1', 'R2', 'R6a', 'R5', 'R6b', 'R3', 'R4']);
    for (const { path } of captures) expect(existsSync(path ?? '')).toBe(true);
    expect(said.at(-1)?.event).toBe('ready');
  } finally {
    await worker.terminate();
    rmSync(folder, { recursive: true, force: true });
  }
});
