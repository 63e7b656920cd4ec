import { describe, expect, it } from 'vitest';
import { certificates } from '../../../main/acquisition/collectors/certificates.ts';
import { users } from '../../../main/acquisition/collectors/users.ts';
import { isFinished } from '../../../main/acquisition/finished.ts';
import { planAcquisition } from '../../../main/acquisition/plan.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import { maxListedFiles } from '../../../main/acquisition/run-listed-files.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';

const folder = (user: number): string => `/data/misc/user/${user}/cacerts-added`;
const userDump = 'Users:\n  UserInfo{0:Owner:13} serialNo=0\n  UserInfo{11:x; reboot:10} serialNo=11\nMax users: 4\n';

async function ask(lists: Readonly<Record<string, string>>) {
  const { link, sent } = fakeHandset((command) => {
    if (command === 'dumpsys user') return { stdout: userDump };
    const listed = lists[command];
    if (listed !== undefined) return { stdout: listed };
    if (command.startsWith('cat ')) return { stdout: '-----BEGIN CERTIFICATE-----\n' };
    return { stderr: `${command}: Permission denied\n`, exitCode: 1 };
  });
  const only = [users, certificates];
  const run = await runAcquisition({ link, evidence: fakeEvidence(), knowledge, profile: 'own', only });
  return { sent: sent.filter((command) => command.includes('cacerts-added')), gaps: run.gaps };
}

describe('certificates that the person added', () => {
  it('are read one by one where their folder is, of each user the handset listed', async () => {
    const { sent, gaps } = await ask({
      [`ls ${folder(0)}`]: '0a0a0a0a.0  1b1b1b1b.12\r\n',
      [`ls ${folder(11)}`]: '2c2c2c2c.0\n',
    });
    expect(sent).toEqual([
      `ls ${folder(0)}`,
      `cat ${folder(0)}/0a0a0a0a.0`,
      `cat ${folder(0)}/1b1b1b1b.12`,
      `ls ${folder(11)}`,
      `cat ${folder(11)}/2c2c2c2c.0`,
    ]);
    expect(gaps.filter(({ command }) => command.includes('cacerts-added'))).toEqual([]);
  });

  it('that lie in a folder which is refused are told as refused, and nothing more is sent', async () => {
    const { sent, gaps } = await ask({});
    expect(sent).toEqual([`ls ${folder(0)}`, 'ls /data/misc/keychain/cacerts-added', `ls ${folder(11)}`]);
    expect(gaps.map(({ command, reason }) => `${command}: ${reason}`)).toContain(`ls ${folder(11)}: permission-denied`);
  });

  it('of a hostile name are not asked for, and of too many the rest is counted', async () => {
    const names = Array.from({ length: maxListedFiles + 7 }, (_, at) => `${at.toString(16).padStart(8, '0')}.0`);
    const hostile = ['../../x', '0a0a0a0a.0;reboot', '$(reboot)', '0A0A0A0A.0', '0a0a0a0a.1234'];
    const { sent, gaps } = await ask({ [`ls ${folder(0)}`]: [...hostile, ...names].join('\n') });
    const read = sent.filter((command) => command.startsWith('cat '));
    expect(read).toEqual(names.slice(0, maxListedFiles).map((name) => `cat ${folder(0)}/${name}`));
    const told = gaps.map(({ command, reason }) => `${command}: ${reason}`);
    expect(told).toContain(`cat ${folder(0)}/… (7): files-limit`);
    expect(told).toContain(`cat ${folder(0)}/… (5): file-name-unfit`);
  });

  it('stand in the plan, and an acquisition that goes on asks for them again where the folder was read', () => {
    const facts = { release: '14', sdk: 34, features: new Set<string>(), phoneCalls: [] };
    const planned = planAcquisition([certificates], facts).flatMap(({ commands }) => commands);
    expect(planned).toContainEqual({ command: `cat ${folder(0)}/…`, effect: 'reads' });
    expect(planned).toContainEqual({ command: 'ls /data/misc/user/…/cacerts-added', effect: 'reads' });
    const answer = (command: string, outcome: 'read' | 'refused') => ({
      collector: 'certificates',
      command,
      outcome,
      fault: null,
    });
    const system = [
      answer('ls /system/etc/security/cacerts', 'read'),
      answer('ls /apex/com.android.conscrypt/cacerts', 'read'),
    ];
    const refused = [answer(`ls ${folder(0)}`, 'refused'), answer('ls /data/misc/keychain/cacerts-added', 'refused')];
    expect(isFinished(certificates, facts, [...system, ...refused])).toBe(true);
    expect(isFinished(certificates, facts, [...system, answer(`ls ${folder(0)}`, 'read')])).toBe(false);
  });
});
