import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newCase } from '../../../main/workflow/open-case.ts';
import { wordProblem } from '../../../main/workflow/word-problem.ts';

test('a case whose name is too long for the disk is refused for that, and nothing is left', () => {
  const folder = mkdtempSync(join(tmpdir(), 'case-name-'));
  try {
    const made = newCase(
      join(folder, `${'x'.repeat(300)}.handsight`),
      { number: '1', title: 't', examiner: 'e' },
      { actor: null, lang: 'en', signal: new AbortController().signal, progress: () => undefined },
    );
    expect(made).toMatchObject({ ok: false, problem: { code: 'name-too-long' } });
    if (!made.ok) expect(wordProblem('en', made.problem)).toMatch(/too long.*shorter/);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
