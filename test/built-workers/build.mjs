import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { workersInto } from '../../rolldown.config.mjs';

/**
 * Builds the workers once for a whole run of vitest. Several threads that each strip the types of their sources crash now and
 * then: Node does it in WebAssembly, whose code V8 keeps for all threads together (nodejs/node#64500). Built they load sooner.
 * @param {import('vitest/node').TestProject} project
 */
export async function setup(project) {
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(join('.cache', 'test-workers-'));
  const { output, ...input } = workersInto(folder);
  const build = await rolldown(input);
  await build.write(output);
  await build.close();
  project.provide('builtWorkers', join(process.cwd(), folder));
  return () => rmSync(folder, { recursive: true, force: true });
}
