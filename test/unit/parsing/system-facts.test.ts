import { describe, expect, it } from 'vitest';
import type { ParseResult } from '../../../main/parsing/parse-result.ts';
import { ofKind, parseFixture, parseText } from './fixture.ts';

const said = (result: ParseResult): string[] =>
  ofKind(result, 'fact').map(({ topic, package: name, name: what, value }) =>
    [topic, ...(name === null ? [] : [name]), what, value].join(' | '),
  );

describe('users', () => {
  it('reads a work profile, its restrictions, and what the organisation set', () => {
    const result = parseFixture('android-14/dumpsys-user.txt', 'dumpsys user');
    expect(said(result)).toEqual([
      'user | Current user | 0',
      'user | 0/name | Owner',
      'user | 0/flags | c13 (primary, admin, initialized, full, system)',
      'user | 0/serialNo | 0',
      'user | 0/isPrimary | true',
      'user | 0/State | RUNNING_UNLOCKED',
      'user | 10/name | Work: a}b',
      'user | 10/flags | 1030 (initialized, managed profile, profile)',
      'user | 10/serialNo | 10',
      'user | 10/parentId | 0',
      'user | 10/State | RUNNING_UNLOCKED',
      'policy | 10/Has profile owner | true',
      'user | 10/Restrictions | no_wallpaper',
      'user | 10/Restrictions | no_add_user',
      'policy | Device owner id | -10000',
      'user | Guest restrictions | no_sms',
      'policy | Device managed | false',
      'user | Max users | 4',
    ]);
    expect(result.unparsed).toEqual([{ line: 22, text: 'a line of another release', reason: 'not-a-user-line' }]);
  });

  it('reads `pm list users`', () => {
    expect(said(parseText('Users:\n\tUserInfo{0:Owner:13} running\n', 'pm list users'))).toEqual([
      'user | 0/name | Owner',
      'user | 0/flags | 13 (primary, admin, initialized)',
      'user | 0/state | running',
    ]);
  });

  it('takes other words for unparsable', () => {
    expect(parseText('State: x\nhello\n', 'dumpsys user')).toMatchObject({ records: [], unparsable: true });
  });
});
