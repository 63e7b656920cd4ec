import { describe, expect, it } from 'vitest';
import { UidJoin } from '../../../main/workflow/join-uids.ts';
import { parseText } from '../parsing/fixture.ts';

const packages = [
  'package:/data/app/a/base.apk=com.example.a uid:10123',
  'package:/system/b.apk=com.android.settings uid:1000',
  'package:/system/c.apk=android uid:1000',
].join('\n');

const list = parseText(`${packages}\n`, 'pm list packages -f -U').records;
const socket = (uid: number): string =>
  `  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 ${uid}        0 12345 1 0000 100 0 0 10 0\n`;
const sockets = (uid: number): ReturnType<typeof parseText>['records'] =>
  parseText(socket(uid), 'cat /proc/net/tcp').records;

describe('bytes and sockets of a user id', () => {
  it('are those of the one app that has it, also in another user of the handset', () => {
    const join = new UidJoin();
    join.join('A1', list);
    for (const uid of [10123, 1_010_123])
      expect(join.join('A1', sockets(uid))).toMatchObject([{ name: `uid ${uid}/tcp`, package: 'com.example.a' }]);
  });

  it('stay a number where several share it, none has it, or the packages are another acquisition’s', () => {
    const join = new UidJoin();
    join.join('A1', list);
    expect(join.join('A1', sockets(1000))).toMatchObject([{ package: null }]);
    expect(join.join('A1', sockets(10124))).toMatchObject([{ package: null }]);
    expect(join.join('A2', sockets(10123))).toMatchObject([{ package: null }]);
    expect(join.join('A1', list)).toEqual(list);
  });
});
