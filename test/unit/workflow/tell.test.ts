import { describe, expect, it } from 'vitest';
import type { BothLanguages, Lang } from '../../../main/workflow/conduct.ts';
import { tell } from '../../../main/workflow/tell.ts';

describe('what a person is told', () => {
  it.each(['en', 'zh-Hant'] as const)('comes in %s, and beside it in both, its parts too', (lang: Lang) => {
    const told: [string, BothLanguages | undefined][] = [];
    tell({ lang, notice: (text, both) => void told.push([text, both]) }, (words, one) =>
      words('acquire.instead', { id: 'A1', because: `${words('acquire.differs.boot')} ${one}` }),
    );
    const [[text, both] = ['', undefined]] = told;
    expect(told).toHaveLength(1);
    expect(text).toBe(both?.[lang]);
    expect(both?.en).toContain('A1');
    expect(both?.['zh-Hant']).toContain('zh-Hant');
    expect(both?.['zh-Hant']).toMatch(/\p{Script=Han}/u);
    expect(both?.en).not.toMatch(/\p{Script=Han}/u);
  });
});
