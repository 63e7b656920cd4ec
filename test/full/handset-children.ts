import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildWish } from './handset-child.ts';

/** Starts the handsets of `wish` in a child; `end` ends it. */
export async function startHandsets(wish: ChildWish): Promise<{ readonly addresses: readonly string[]; end(): void }> {
  const script = fileURLToPath(new URL('./handset-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(wish)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const first = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the handsets ended with ${code ?? 'a signal'}`)));
  });
  const { addresses } = JSON.parse(first) as { addresses: string[] };
  return { addresses, end: () => child.stdin.end() };
}

/** SHA-256 of a sparse file of the child: zeros, and a last byte of 1. */
export function sparseHash(bytes: number): string {
  const hash = createHash('sha256');
  const zeros = Buffer.alloc(1024 * 1024);
  for (let left = bytes - 1; left > 0; left -= zeros.length) hash.update(zeros.subarray(0, left));
  return hash.update(Buffer.of(1)).digest('hex');
}

/** Runs `act` and says how far this process grew meanwhile, at the most. */
export async function growthDuring(act: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  await act();
  clearInterval(timer);
  return Math.max(most, process.memoryUsage().rss) - before;
}
