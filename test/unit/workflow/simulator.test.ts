import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startSimulation } from '../../../main/workflow/simulator.ts';
import { wordProblem } from '../../../main/workflow/word-problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'handsight-simulator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An engine that says these lines and waits. */
function engine(name: string, ...lines: readonly string[]): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `process.stdout.write(${JSON.stringify(`${lines.join('\n')}\n`)}); setInterval(() => {}, 1000);\n`,
  );
  return path;
}

const listening = '{"event":"listening","name":"redmi-1s","address":"127.0.0.1:5555"}';

describe('the engine of the demonstration', () => {
  it('is ready when it says so, with what it said before', async () => {
    const started = await startSimulation(engine('good', listening, '{"event":"ready"}'), 1, folder);
    expect(started).toMatchObject({
      ok: true,
      value: { handsets: [{ persona: 'redmi-1s', address: '127.0.0.1:5555' }] },
    });
    if (started.ok) await started.value.stop();
  });

  it.each([
    ['text', 'Debugger attached.'],
    ['half a message', '{"event":"list'],
    ['no object', '17'],
    ['nothing', ''],
  ])('that says what is no message (%s) is a failure in words, and ends nothing but itself', async (name, line) => {
    const started = await startSimulation(engine(name, listening, line, '{"event":"ready"}'), 1, folder);
    expect(started).toMatchObject({ ok: false, problem: { code: 'demonstration-failed' } });
    if (started.ok) return;
    expect(started.problem.detail).toContain(JSON.stringify(line));
    expect(wordProblem('en', started.problem)).toMatch(/^The demonstration could not be started.*no message/);
    expect(wordProblem('zh-Hant', started.problem)).toMatch(/^無法啟動示範/);
  });

  it.each([
    ['says so', `{"event":"failed","code":"ENOSPC","message":"ENOSPC: no space left on device, write"}`],
    ['throws', null],
  ])('that meets a full disk and %s is the disk’s failure', async (name, line) => {
    const path = line === null ? join(folder, 'throws.mjs') : engine(name.replace(' ', '-'), listening, line);
    if (line === null)
      writeFileSync(path, "throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });\n");
    const started = await startSimulation(path, 1, folder);
    expect(started).toMatchObject({ ok: false, problem: { code: 'disk-full', params: { path: folder } } });
  });

  it('that is refused something else keeps its own words', async () => {
    const line = '{"event":"failed","code":"EADDRINUSE","message":"port taken"}';
    const started = await startSimulation(engine('taken', line), 1, folder);
    expect(started).toMatchObject({ ok: false, problem: { code: 'demonstration-failed' } });
  });

  it('that ends before it is ready is a failure in words', async () => {
    const path = join(folder, 'ends.mjs');
    writeFileSync(path, "throw new Error('no port left');\n");
    const started = await startSimulation(path, 1, folder);
    expect(started).toMatchObject({ ok: false, problem: { code: 'demonstration-failed' } });
    expect(started.ok ? '' : started.problem.detail).toContain('no port left');
  });
});
