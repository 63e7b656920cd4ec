import { describe, expect, it } from 'vitest';
import { releaseText, sourceText } from '../../../../main/comparison/makers/citations.ts';
import { makerSigns } from '../../../../main/comparison/makers/maker-of.ts';
import { makerIds, subjectKinds } from '../../../../main/comparison/makers/rule.ts';
import type { MakerRule } from '../../../../main/comparison/makers/rule.ts';
import { makerTables, ruleOf } from '../../../../main/comparison/makers/tables.ts';
import { miuiOps, nameAppOp } from '../../../../main/parsing/app-op-names.ts';

const rules = makerIds.flatMap((maker) => makerTables[maker].map((rule) => ({ maker, rule })));

/** What is wrong with a row, in words. */
function faultsOf({ subject, about, values, source, seenOn }: MakerRule): string[] {
  const faults: string[] = [];
  const [kind, name] = [subject.slice(0, subject.indexOf(':')), subject.slice(subject.indexOf(':') + 1)];
  if (!subjectKinds.some((one) => one === kind) || name.trim() === '') faults.push('subject');
  if (kind === 'setting' && !/^(?:system|secure|global)\/[\w.]+$/.test(name)) faults.push('setting name');
  if (kind === 'component' && !/^[a-z][\w.]*\.[A-Z]\w*$/.test(name)) faults.push('component class');
  if (kind === 'package' && !/^[a-z][\w]*(?:\.\w+)+$/i.test(name)) faults.push('package name');
  if (
    !/^https:\/\/[\w.-]+\/\S+|\b(?:public decompilation|public repositories|real handsets|public lists of packages)\b/.test(
      source,
    )
  ) {
    faults.push('source');
  }
  if (!/\w/.test(seenOn)) faults.push('release');
  for (const wording of [about, ...Object.values(values ?? {})]) {
    if (wording.en.trim() === '' || /[\u3400-\u9fff]/.test(wording.en)) faults.push('English');
    // Names of products stay in Latin letters; a row of such letters alone has no Chinese.
    if (!/[\u3400-\u9fff]/.test(wording['zh-Hant'])) faults.push('Chinese');
  }
  return faults;
}

describe('the tables of the makers', () => {
  it.each(rules.map(({ rule }) => [rule.subject, rule] as const))('%s has a source and both languages', (_, rule) => {
    expect(faultsOf(rule)).toEqual([]);
  });

  it('would catch a row without source, language or shape', () => {
    const good = rules[0]?.rule;
    expect(good).toBeDefined();
    if (good === undefined) return;
    expect(faultsOf({ ...good, source: 'somebody said so' })).toEqual(['source']);
    expect(faultsOf({ ...good, about: { en: 'proxy', 'zh-Hant': 'proxy' } })).toEqual(['Chinese']);
    expect(faultsOf({ ...good, subject: 'setting:mx_used' })).toEqual(['setting name']);
  });

  it('cites in both languages: addresses as they are, documents and releases in words', () => {
    const english =
      /\b(?:and|later|to|with|of|the|for|since|apps?|handsets?|builds?|others?|class|public|where|settings)\b/i;
    for (const { rule } of rules) {
      for (const part of sourceText(rule.source, 'zh-Hant').split('；')) {
        if (!part.startsWith('https://'))
          expect(part.replace(/[\w.]+\.\w+|「[^」]*」/g, ''), rule.subject).not.toMatch(english);
      }
      expect(releaseText(rule.seenOn, 'zh-Hant'), rule.subject).not.toMatch(english);
      expect(releaseText(rule.seenOn, 'en')).toBe(rule.seenOn);
    }
    expect(releaseText('Android 1.5 and later; of no effect since 10', 'zh-Hant')).toBe(
      'Android 1.5 及之後；10 起無作用',
    );
  });

  it('has no subject twice, in one table or in two', () => {
    const seen = new Map<string, number>();
    for (const { rule } of rules) seen.set(rule.subject, (seen.get(rule.subject) ?? 0) + 1);
    expect([...seen].filter(([, count]) => count > 1)).toEqual([]);
  });

  it('has rows for each maker, and a row for each property that a maker is told by', () => {
    for (const maker of makerIds) expect(makerTables[maker].length).toBeGreaterThan(9);
    for (const property of makerSigns) expect(ruleOf(`property:${property}`, null)?.rule.subject).toBeDefined();
  });

  it('names each of MIUI’s app-ops 10001 to 10023 as the parser does', () => {
    expect([...miuiOps.keys()]).toEqual(Array.from({ length: 23 }, (_, i) => 10_001 + i));
    for (const number of miuiOps.keys()) {
      expect(ruleOf(`app-op:${nameAppOp(`MIUIOP(${number})`)}`, 'miui')?.maker).toBe('miui');
    }
  });

  it('keeps a maker’s rows from the handsets of another', () => {
    expect(ruleOf('setting:system/mx_used', 'miui')?.maker).toBe('miui');
    expect(ruleOf('setting:system/mx_used', 'one-ui')).toBeNull();
    expect(ruleOf('setting:global/adb_enabled', 'one-ui')?.maker).toBe('android');
    expect(ruleOf('setting:system/mx_used', null)?.maker).toBe('miui');
    expect(ruleOf('setting:system/no_such', null)).toBeNull();
  });
});
