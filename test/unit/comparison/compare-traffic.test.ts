import { describe, expect, it } from 'vitest';
import { dataCategories } from '../../../shared/model/finding.ts';
import type { DataCategory, Finding } from '../../../shared/model/finding.ts';
import { compareTraffic, trafficTable } from '../../../main/comparison/compare-traffic.ts';
import { finding, visibility } from './fixture.ts';

const after = { label: 'after-reset' } as const;

describe('trafficTable', () => {
  it('leaves out what is no transmission by this handset', () => {
    const foreign = { ...finding({ kind: 'imei' }), rule: 'identifier-of-other-handset' };
    const onLink = { ...finding({ kind: 'android-id' }), rule: 'identifier-on-link' };
    expect(trafficTable([foreign, onLink])).toEqual([]);
  });

  it('is identifier × recipient × channel × representation, without what was dismissed or came back', () => {
    const rows = trafficTable([
      finding({ kind: 'imei' }),
      finding({ kind: 'imei' }),
      finding({ kind: 'imei', representation: 'pseudonymised' }),
      finding({ kind: 'msisdn', recipient: 'other.example' }),
      finding({ kind: 'imei', direction: 'to-client' }),
      finding({ kind: 'imei', decision: { verdict: 'dismiss', reason: 'x', by: 'y', at: '2014-08-09T00:00:00Z' } }),
    ]);
    expect(rows.map((row) => [row.identifierKind, row.recipient, row.channel, row.representation, row.count])).toEqual([
      ['imei', 'api.account.xiaomi.com', 'cleartext', 'plain', 2],
      ['imei', 'api.account.xiaomi.com', 'cleartext', 'pseudonymised', 1],
      ['msisdn', 'other.example', 'cleartext', 'plain', 1],
    ]);
  });
});

describe('compareTraffic', () => {
  it('words silence with what could be seen', () => {
    const before = { label: 'before', findings: [finding({ kind: 'imei' })], visibility: visibility('before') };
    const [change] = compareTraffic(before, { ...after, findings: [], visibility: visibility('after-reset') });
    expect(change).toMatchObject({
      kind: 'traffic',
      change: 'removed',
      before: 'plain in cleartext',
      after: null,
      noise: false,
    });
    expect(change?.meaning).toBe(
      'IMEI to api.account.xiaomi.com: plain in cleartext, observed 1×; after-reset: not observed, 21 minutes, 87.3 % readable',
    );
    const [chinese] = compareTraffic(
      before,
      { ...after, findings: [], visibility: visibility('after-reset') },
      { lang: 'zh-Hant' },
    );
    expect(chinese?.meaning).toContain('未觀察到，21 分鐘，可讀取 87.3 %');
  });

  describe('data beside identifiers', () => {
    const sent = (
      name: DataCategory,
      conversations: number,
      recipients = 1,
      recipient = 'collect.example',
    ): Finding => ({
      ...finding({ recipient }),
      rule: `category-${name}`,
      identifier: null,
      category: { name, values: 12, conversations, recipients },
    });
    const between = (before: Finding[], later: Finding[], lang: 'en' | 'zh-Hant' = 'en') =>
      compareTraffic(
        { label: 'before', findings: before, visibility: visibility('before') },
        { ...after, findings: later, visibility: visibility('after-reset') },
        { lang },
      );

    it('is compared as identifiers are, counted by its conversations', () => {
      const [change, ...rest] = between([sent('installed-apps', 3)], []);
      expect(rest).toEqual([]);
      expect(change).toMatchObject({
        change: 'removed',
        subject: 'installed-apps → collect.example (plain in cleartext)',
      });
      expect(change?.meaning).toBe(
        'names of installed programs to collect.example: plain in cleartext, observed 3×; after-reset: not observed, 21 minutes, 87.3 % readable',
      );
      const [chinese] = between([sent('installed-apps', 3)], [], 'zh-Hant');
      expect(chinese?.meaning).toContain('已安裝之應用程式名稱');
    });

    it('to one more recipient is no end and no beginning where a finding counts several', () => {
      expect(between([sent('model-and-build', 3, 1)], [sent('model-and-build', 9, 4, 'other.example')])).toEqual([]);
      expect(between([sent('model-and-build', 3, 2)], [])[0]?.meaning).toMatch(
        /^model or build to several recipients: /,
      );
    });

    it('is not compared where an examiner dismissed it or it came from the server', () => {
      const decision = { verdict: 'dismiss', reason: 'x', by: 'y', at: '2014-08-09T00:00:00Z' } as const;
      const came: Finding = { ...sent('carrier', 1), direction: 'to-client' };
      expect(between([{ ...sent('carrier', 1), decision }, came], [])).toEqual([]);
    });

    it('every category has words', () => {
      for (const name of dataCategories) {
        const [change] = between([sent(name, 1)], []);
        expect(change?.meaning.startsWith(name)).toBe(false);
      }
    });
  });

  it('says when a run is not fit to show absence, or nothing is known of what could be seen', () => {
    const before = { label: 'before', findings: [finding({ kind: 'imei' })], visibility: visibility('before') };
    for (const why of [{ canaries: 'start-only' }, { holes: 1 }] as const) {
      const unfit = compareTraffic(before, {
        ...after,
        findings: [],
        visibility: visibility('after-reset', why),
      });
      expect(unfit[0]?.meaning).toContain('not fit to show absence');
      expect(unfit[0]?.facts?.['absenceFit']).toBe(false);
    }
    const unknown = compareTraffic(before, { ...after, findings: [], visibility: null });
    expect(unknown[0]?.meaning).toContain('how much could be seen is not known');
  });

  it('tells another form from silence: plain in cleartext became encoded in TLS', () => {
    const changes = compareTraffic(
      {
        label: 'before',
        findings: [finding({ kind: 'msisdn' }), finding({ kind: 'imei' })],
        visibility: visibility('before'),
      },
      {
        ...after,
        findings: [finding({ kind: 'msisdn', channel: 'tls', representation: 'encoded' }), finding({ kind: 'imei' })],
        visibility: visibility('after-reset'),
      },
    );
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ change: 'changed', before: 'plain in cleartext', after: 'encoded in tls' });
    expect(changes[0]?.meaning).toBe(
      'own phone number to api.account.xiaomi.com: before plain in cleartext, after encoded in TLS',
    );
  });

  it('compares two handsets by kind, and says so', () => {
    const changes = compareTraffic(
      {
        label: 'before',
        findings: [finding({ kind: 'imei', id: 'I1' }), finding({ kind: 'msisdn', id: 'I2' })],
        visibility: visibility('before'),
      },
      { ...after, findings: [finding({ kind: 'imei', id: 'I9' })], visibility: visibility('after-reset') },
      { sameHandset: false },
    );
    expect(changes.map(({ subject }) => subject)).toEqual(['msisdn → api.account.xiaomi.com (plain in cleartext)']);
    expect(changes[0]?.meaning).toContain('two different handsets');
  });

  it('compares contacts by kind: each run writes to another person', () => {
    const contact = (label: string, id: string): ReturnType<typeof finding> => {
      const made = finding({ kind: 'contact-msisdn', label });
      return { ...made, identifier: { id, kind: 'contact-msisdn' } };
    };
    const changes = compareTraffic(
      { label: 'before', findings: [contact('before', 'I9')], visibility: null },
      { label: 'after', findings: [contact('after', 'I26')], visibility: null },
    );
    expect(changes).toEqual([]);
  });

  it('does not say of a text message that a capture did not show it', () => {
    const sms = { ...finding({ kind: 'imei', label: 'before' }), rule: 'silent-sms' };
    const changes = compareTraffic(
      { label: 'before', findings: [sms], visibility: null },
      { label: 'after', findings: [], visibility: null },
    );
    expect(changes).toEqual([]);
  });
});
