import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startOwnAdbServer } from '../../main/handset/adb-server.ts';
import type { AdbServer } from '../../main/handset/adb-server.ts';
import { createHandsetDirectory } from '../../main/handset/directory.ts';
import type { HandsetDirectory } from '../../main/handset/directory.ts';
import { openHandsetLink } from '../../main/handset/link.ts';
import type { HandsetLink, LinkOptions } from '../../main/handset/link.ts';
import type { Result } from '../../shared/model/problem.ts';
import { startHandset } from '../handset-simulator/handset.ts';
import type { HandsetOptions, SimulatedHandset } from '../handset-simulator/handset.ts';

export const personas = fileURLToPath(new URL('../personas', import.meta.url));

/** A real adb server with its own HOME and TMPDIR, and simulated handsets to plug into it. */
export interface Bench {
  readonly folder: string;
  readonly server: AdbServer;
  readonly directory: HandsetDirectory;
  /** `onPlug` is called when the handset is there and the server is about to be told of it. */
  plug(persona: string, options?: Partial<HandsetOptions>, onPlug?: () => void): Promise<SimulatedHandset>;
  link(handset: SimulatedHandset, options?: LinkOptions): Promise<HandsetLink>;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-handset-'));
  const server = valueOf(
    await startOwnAdbServer({
      keyDirectory: join(folder, 'home'),
      temporaryDirectory: join(folder, 'tmp'),
      noLocalTransports: true,
    }),
  );
  const directory = createHandsetDirectory(server);
  const handsets: SimulatedHandset[] = [];
  return {
    folder,
    server,
    directory,
    plug: async (persona, options = {}, onPlug) => {
      const handset = await startHandset({ personas, persona, approveAfterMs: 0, ...options });
      handsets.push(handset);
      onPlug?.();
      valueOf(await directory.attach(handset.address));
      return handset;
    },
    link: async (handset, options) => {
      await until(async () => {
        const listed = valueOf(await directory.list());
        return listed.some(({ serial, state }) => serial === handset.address && state === 'device');
      });
      return valueOf(await openHandsetLink(server, handset.address, options));
    },
    close: async () => {
      await Promise.all(handsets.map((handset) => handset.close()));
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The value of a result that must be one; the problem becomes the test's failure. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(
    `${result.problem.code} ${JSON.stringify(result.problem.params ?? {})} ${result.problem.detail ?? ''}`,
  );
}

/** Waits until the condition holds, at most `withinMs`; then it is the test's failure. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    await sleep(20);
  }
}
