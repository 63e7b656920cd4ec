import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SectionScanner, maxSections } from '../../../../main/parsing/import/sections.ts';
import type { Sections } from '../../../../main/parsing/import/sections.ts';

const dashes = '-'.repeat(79);
const end = (name: string): string =>
  `--------- 0.009s was the duration of dumpsys ${name}, ending at: 2020-01-08 15:32:00\n`;
const service = (name: string, body: string, ended = true): string =>
  `${dashes}\nDUMP OF SERVICE ${name}:\n${body}${ended ? end(name.split(' ').at(-1) ?? name) : ''}`;

function scan(bytes: Uint8Array, blockBytes = 7): Sections {
  const scanner = new SectionScanner();
  for (let i = 0; i < bytes.length; i += blockBytes) {
    // The first look decides on the encoding: it is as long as a reader's first block is.
    const first = i === 0 ? Math.max(blockBytes, 64) : blockBytes;
    scanner.push(bytes.subarray(i, i + first));
    if (i === 0) i += first - blockBytes;
  }
  return scanner.finish();
}

function textsOf(bytes: Uint8Array, { sections }: Sections): [string, string][] {
  return sections.map(({ command, offsetBytes, bytes: length }) => [
    command,
    Buffer.from(bytes.subarray(offsetBytes, offsetBytes + length)).toString('utf8'),
  ]);
}

describe('the dump of all services', () => {
  const text = `Currently running services:\n  wifi\n  account\n${service('wifi', 'Wi-Fi is disabled\n')}${service('account', 'User UserInfo{0:Owner:13}:\n')}`;

  it.each([1, 2, 7, 64, 4096])('is cut at its headings, whatever the blocks (%i bytes)', (blockBytes) => {
    const bytes = Buffer.from(text);
    const found = scan(bytes, blockBytes);
    expect(textsOf(bytes, found)).toEqual([
      ['dumpsys wifi', `Wi-Fi is disabled\n${end('wifi')}`],
      ['dumpsys account', `User UserInfo{0:Owner:13}:\n${end('account')}`],
    ]);
    expect(found.sections.every(({ ended }) => ended)).toBe(true);
    expect(found).toMatchObject({ dropped: 0, encoding: 'utf-8' });
  });

  it('is read with the line ends of a PTY', () => {
    const bytes = Buffer.from(text.replaceAll('\n', '\r\r\n'));
    expect(scan(bytes).sections.map(({ command, ended }) => [command, ended])).toEqual([
      ['dumpsys wifi', true],
      ['dumpsys account', true],
    ]);
  });

  it.each([
    ['with a mark', '\uFEFF'],
    ['without one', ''],
  ])('is cut between characters where a Windows shell made it UTF-16, %s', (_, mark) => {
    const bytes = Buffer.from(`${mark}${text}`, 'utf16le');
    const found = scan(bytes, 5);
    expect(found.encoding).toBe('utf-16le');
    expect(found.sections.map(({ command }) => command)).toEqual(['dumpsys wifi', 'dumpsys account']);
    const [first] = found.sections;
    const part = bytes.subarray(first?.offsetBytes, (first?.offsetBytes ?? 0) + (first?.bytes ?? 0));
    expect(part.toString('utf16le')).toBe(`Wi-Fi is disabled\n${end('wifi')}`);
  });

  it('takes a service that is dumped in short and whole for the whole one', () => {
    const bytes = Buffer.from(
      service('CRITICAL power', 'short\n') + service('power', 'whole\n') + service('HIGH meminfo', 'm\n'),
    );
    expect(scan(bytes).sections.map(({ command }) => command)).toEqual([
      'dumpsys --priority CRITICAL power',
      'dumpsys power',
      'dumpsys meminfo',
    ]);
  });

  it('says of a section that it does not say its end', () => {
    const bytes = Buffer.from(service('a', 'x\n') + service('b', 'cut in the mid', false));
    expect(scan(bytes).sections.map(({ ended }) => ended)).toEqual([true, false]);
    // The end of another service inside it is not its own.
    const forged = Buffer.from(service('a', end('b'), false));
    expect(scan(forged).sections).toMatchObject([{ command: 'dumpsys a', ended: false }]);
  });

  it('takes a line like a heading for one only after its line of dashes', () => {
    const bytes = Buffer.from(service('log', 'DUMP OF SERVICE package:\nPackages:\n'));
    expect(scan(bytes).sections.map(({ command }) => command)).toEqual(['dumpsys log']);
  });

  it('stops taking sections at its limit, and counts the rest', () => {
    const bytes = Buffer.from(`${dashes}\nDUMP OF SERVICE a:\n`.repeat(maxSections + 3));
    const found = scan(bytes, 65_536);
    expect(found.sections).toHaveLength(maxSections);
    expect(found.dropped).toBe(3);
  });

  it('gives stretches of the file in its order for any bytes, without overlap', () => {
    const piece = fc.oneof(
      fc.constantFrom(`${dashes}\n`, 'DUMP OF SERVICE x:\n', 'DUMP OF SERVICE HIGH y:\r\n', '\0', '\n', end('x')),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.integer({ min: 1, max: 50 }), (pieces, blockBytes) => {
        const bytes = Buffer.from(pieces.join(''));
        let last = 0;
        for (const { offsetBytes, bytes: length } of scan(bytes, blockBytes).sections) {
          expect(offsetBytes).toBeGreaterThanOrEqual(last);
          expect(length).toBeGreaterThanOrEqual(0);
          last = offsetBytes + length;
        }
        expect(last).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
