import { describe, expect, it } from 'vitest';
import { policy } from '../../../main/acquisition/collectors/policy.ts';
import { users } from '../../../main/acquisition/collectors/users.ts';
import { planAcquisition } from '../../../main/acquisition/plan.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { formatOf, parseExhibit } from '../../../main/parsing/parse-exhibit.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';

const userDump = 'Users:\n  UserInfo{0:Owner:13} serialNo=0\n  UserInfo{11:Work:30} serialNo=11\nMax users: 4\n';
const command = 'settings --user 11 list secure';

describe('the settings of another user or profile', () => {
  it('are asked for once the handset listed its users, and a refusal is told', async () => {
    const { link, sent } = fakeHandset((asked) => {
      if (asked === 'dumpsys user') return { stdout: userDump };
      if (asked.startsWith('settings ')) return { stderr: 'java.lang.SecurityException: no\n', exitCode: 255 };
      return { stdout: 'x\n' };
    });
    const only = [users, policy];
    const run = await runAcquisition({ link, evidence: fakeEvidence(), knowledge, profile: 'own', only });
    expect(sent.filter((one) => one.startsWith('settings '))).toEqual([command]);
    expect(run.gaps.map((one) => `${one.command}: ${one.outcome}`)).toEqual([`${command}: refused`]);
  });

  it('stand in the plan from 6 on, before it is known whose there are', () => {
    const planned = (sdk: number) =>
      planAcquisition([policy], { release: null, sdk, features: new Set<string>(), phoneCalls: [] })
        .flatMap(({ commands }) => commands)
        .map((one) => one.command);
    expect(planned(34)).toContain('settings --user … list secure');
    expect(planned(22).join('\n')).not.toContain('settings');
  });

  it('tell what listens and answers there, and are not taken for the first user’s', () => {
    const text = [
      'android_id=0123456789abcde1',
      'always_on_vpn_app=com.example.vpn',
      'enabled_accessibility_services=com.example.watch/.Service:com.example.read/.Reader',
      'lock_screen_owner_info=two\nlines',
      'sms_default_application=null',
      '',
    ].join('\n');
    const context = { collectedAt: '2026-01-01T00:00:00.000000Z', handsetClock: null };
    const { records, unparsedCount } = parseExhibit({
      collector: 'policy',
      command,
      bytes: Buffer.from(text),
      context,
    });
    expect(unparsedCount).toBe(0);
    expect(
      records.map((one) =>
        one.kind === 'fact'
          ? [one.topic, one.package, one.name]
          : one.kind === 'identifier'
            ? [one.identifierKind, one.value, one.method]
            : [one.kind],
      ),
    ).toEqual([
      ['android-id', '0123456789abcde1', 'setting secure/android_id of user 11'],
      ['network', 'com.example.vpn', '11/secure/always_on_vpn_app'],
      ['listener', 'com.example.watch', '11/secure/enabled_accessibility_services'],
      ['listener', 'com.example.read', '11/secure/enabled_accessibility_services'],
    ]);
    expect(formatOf('settings --user 0 list secure')).toBe('settings-list');
    expect(formatOf('settings list secure')).toBe('settings-list');
  });
});
