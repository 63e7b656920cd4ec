import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseText } from '../../../../main/parsing/import/recognise.ts';

function look(text: string | Buffer, fileName = 'x.txt'): ReturnType<typeof recogniseText> {
  const bytes = Buffer.from(text);
  return recogniseText({ fileName, head: bytes, tail: bytes.subarray(-1024) });
}

describe('a text that a handset printed', () => {
  it.each([
    ['properties', '[ro.a]: [1]\n[ro.b]: [two\nlines]\n[ro.c]: []\n', 'getprop'],
    ['properties with CRLF', '[ro.a]: [1]\r\n[ro.b]: [2]\r\n', 'getprop'],
    ['secure settings', 'android_id=0123456789abcdef\nlock=\n', 'settings list secure'],
    ['global settings', 'adb_enabled=1\nmode=0\n', 'settings list global'],
    ['system settings', 'font_scale=1.0\nmx_used=1\n', 'settings list system'],
    ['all services', 'Currently running services:\n  a\n', 'dumpsys'],
    [
      'a service by its end',
      `Wi-Fi is disabled\n--------- 0.093s was the duration of dumpsys wifi, ending at: 2020\n`,
      'dumpsys wifi',
    ],
    ['a list of packages', 'package:com.example.a\npackage:com.example.b\n', 'pm list packages'],
  ])('%s: by its content, whatever its name', (_, text, command) => {
    expect(look(text, 'dumpsys-account.txt')).toEqual({ command, by: 'content' });
    expect(look(Buffer.from(text, 'utf16le'))).toEqual({ command, by: 'content' });
  });

  it('is known by its name where its content does not say, and that is said', () => {
    expect(look('a=b\nc=d\n', 'settings_secure.txt')).toEqual({ command: 'settings list secure', by: 'name' });
    expect(look('x y\n', 'dumpsys-netpolicy.txt')).toEqual({ command: 'dumpsys netpolicy', by: 'name' });
    expect(look('Wi-Fi is disabled\n', 'notes.txt')).toEqual({ command: 'dumpsys wifi', by: 'content' });
    expect(look('what is this\n', 'notes.txt')).toBeNull();
    // Settings without one that stands in one table only: which table is not guessed.
    expect(look('a=b\nc=d\n')).toBeNull();
  });

  it('does not throw on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void look(Buffer.from(bytes))));
  });
});
