import { describe, expect, it } from 'vitest';
import { fail, problemCodes } from '../../../shared/model/problem.ts';
import { wordProblem } from '../../../main/workflow/word-problem.ts';

const langs = ['en', 'zh-Hant'] as const;

describe('the sentence about a failure', () => {
  it('says of none that it was recorded or kept: a command that could not begin leaves the case as it was', () => {
    const link = problemCodes.filter((code) => /^[A-Z_]+$/.test(code));
    expect(link).toContain('REFUSED');
    for (const code of link) {
      expect(wordProblem('en', { code }), code).not.toMatch(/recorded|arrived is kept|limit is kept/i);
      expect(wordProblem('zh-Hant', { code }), code).not.toMatch(/已記錄|已收到的部分保留|部分保留，並標示/);
    }
  });

  it('without adb names no place of the window to whoever sits at a terminal', () => {
    const { problem } = fail('NO_ADB', { path: '/usr/bin/adb' });
    expect(wordProblem('en', problem, 'terminal')).toMatch(/apt-get install adb.*ANDROID_HOME/);
    expect(wordProblem('en', problem, 'terminal')).not.toMatch(/About/);
    expect(wordProblem('zh-Hant', problem, 'terminal')).toMatch(/apt-get install adb.*ANDROID_HOME/);
    expect(wordProblem('zh-Hant', problem, 'terminal')).not.toMatch(/關於/);
    expect(wordProblem('en', problem)).toMatch(/About/);
  });

  it('is the same at a terminal where the terminal has no words of its own', () => {
    const { problem } = fail('path-missing', { path: '/x' });
    for (const lang of langs) expect(wordProblem(lang, problem, 'terminal')).toBe(wordProblem(lang, problem));
  });

  it('quotes of a detail that is very long the beginning, with a mark', () => {
    const wordsOf = (length: number): string => wordProblem('en', { code: 'REMOTE', detail: 'd'.repeat(length) });
    expect(wordsOf(500)).toMatch(/d{500}(?!…)/);
    expect(wordsOf(501)).toMatch(/d{499}…/);
  });
});
