import { describe, expect, it } from 'vitest';
import { withoutSecret } from '../../../main/dissection/command-secrets.ts';

describe('passwords in commands', () => {
  it.each([
    ['PASS', 'geheim wort', { argument: '', withheld: 11 }],
    ['PASS', '', { argument: '' }],
    ['AUTH', 'PLAIN AGFubmEAZ2VoZWlt', { argument: 'PLAIN', withheld: 16 }],
    ['AUTH', 'LOGIN', { argument: 'LOGIN' }],
    ['APOP', 'anna c4c9334bac560ecc979e58001b3e22fb', { argument: 'anna', withheld: 32 }],
    ['LOGIN', '"an\\"na x" geheim', { argument: '"an\\"na x"', withheld: 6 }],
    ['LOGIN', '{4}', { argument: '{4}' }],
    ['USER', 'anna', { argument: 'anna' }],
    ['RCPT TO', ':<a@example>', { argument: ':<a@example>' }],
  ])('%s %s', (command, argument, told) => {
    expect(withoutSecret(command, argument)).toEqual(told);
  });
});
