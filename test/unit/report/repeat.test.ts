import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bothTimes, dayOrTimes } from '../../../main/report/instants.ts';
import { commandWidth, foldCommand } from '../../../main/report/command-lines.ts';
import { exhibitFile, repeatFinding } from '../../../main/report/repeat.ts';
import { exhibit, finding, founderHash, imei, reportFinding } from './fixture.ts';

const file = exhibitFile(exhibit('E001').sha256);
const stepsOf = (...args: Parameters<typeof reportFinding>): ReturnType<typeof repeatFinding> =>
  repeatFinding(reportFinding(...args));

/** The command in one line, without the exhibit's name. */
const unfold = (command: string): string =>
  command
    .replace(/^E=.*\n/, '')
    .replaceAll(/ \\\n {2}/g, ' ')
    .replaceAll('\n', ' ');

/** Runs a recipe as a reader would, with the identifier in the environment. */
function run(command: string): string {
  return execFileSync('bash', ['-c', command], { env: { ...process.env, I1: imei }, encoding: 'utf8' });
}

describe('how a finding is repeated', () => {
  test('from the capture: frames, bytes at the offset, the value', () => {
    const steps = stepsOf(finding('F0001'), ['id=', imei, '']);
    expect(steps.map(({ purpose, command }) => [purpose, command])).toEqual([
      ['frames', `E=${file}\ntshark -r "$E" -Y 'tcp.stream==4 && frame.number==41' -T fields -e \\\n  frame.number`],
      [
        'bytes',
        `E=${file}\ntshark -r "$E" -q -z follow,tcp,raw,4 | grep -E '^[0-9a-f]+$' | xxd -r -p | \\\n  tail -c +119 | head -c 15`,
      ],
      ['value', 'printf %s "$I1"'],
    ]);
    expect(steps[0]?.expect).toBe('41');
  });

  test('what the server sent is the indented side', () => {
    const [, bytes] = stepsOf(finding('F0001', { direction: 'to-client' }), ['id=', imei, '']);
    expect(bytes?.command).toContain(String.raw`grep -P '^\t[0-9a-f]+$'`);
  });

  test.each([
    [['sha1', 'base64url', 'first-16'], founderHash(imei)],
    [['md5', 'hex'], '0eaed834a1e6f4b2bf0c024e0013dea1'],
    [['sha1', 'base64url', 'first-27'], 'l6IQUjLsyHVvA6ApqDm5fe1ZIH0'],
    [['md5', 'hex', 'middle-16'], 'a1e6f4b2bf0c024e'],
    [['hex'], Buffer.from(imei).toString('hex')],
  ] as const)('the recipe of %s gives the bytes of the test vector', (transform, expected) => {
    const recipe = stepsOf(finding('F0001', { transform }), ['id=', expected, '']).at(-1);
    expect(recipe?.purpose).toBe('recipe');
    expect(run(recipe?.command ?? '').trim()).toBe(expected);
  });

  test('the recipe of percent-encoding', () => {
    const recipe = stepsOf(finding('F0001', { transform: ['percent'] }), ['', '%2B886', '']).at(-1);
    expect(
      execFileSync('bash', ['-c', recipe?.command ?? ''], { env: { ...process.env, I1: '+886 9' } }).toString(),
    ).toBe('%2B886%209');
  });

  test('base64 of a longer text is cut out whole and decoded', () => {
    const whole = Buffer.from(`{"seq":1,"id":"${imei}"}`).toString('base64');
    const at = whole.indexOf(Buffer.from(imei).toString('base64').slice(0, 3));
    const start = at === -1 ? 20 : at;
    const parts = [`d: ${whole.slice(0, start)}`, whole.slice(start, start + 20), whole.slice(start + 20)] as const;
    const decode = stepsOf(finding('F0001', { transform: ['base64'], streamOffset: 3 + start }), parts).at(-1);
    expect(decode?.purpose).toBe('decode');
    const source = `printf %s 'd: ${whole}'`;
    const command = unfold(decode?.command ?? '').replace(/^tshark.*? xxd -r -p/, source);
    expect(command.startsWith(source)).toBe(true);
    expect(run(command).trim()).toBe(imei);
  });

  test('a chunked and compressed body is undone with the offset in it', () => {
    const steps = stepsOf(finding('F0001'), ['id=', imei, ''], { bodyOffset: 60, decodings: ['chunked', 'gzip'] });
    const body = unfold(steps.find(({ purpose }) => purpose === 'body')?.command ?? '');
    const bytes =
      "printf 'POST / HTTP/1.1\\r\\nA: b\\r\\n\\r\\n5\\r\\nhello\\r\\n6;x=y\\r\\n world\\r\\n0\\r\\n\\r\\nGET /next'";
    const chunked = body
      .replace(/^tshark.*? xxd -r -p/, bytes)
      .replace(' | gunzip -c 2>/dev/null', '')
      .replace('tail -c +61 | head -c 15', 'cat')
      .replace(/"\\r\\n\\r\\n", 118/, '"\\r\\n\\r\\n", 30');
    expect(run(chunked)).toBe('hello world');
    expect(body).toMatch(/gunzip -c 2>\/dev\/null \| tail -c \+61 \| head -c 15$/);
  });

  test('from the records: the line of the exhibit', () => {
    const sms = finding('F0001', {
      frames: [],
      filter: null,
      streamOffset: null,
      transform: ['sha1', 'base64url', 'first-16'],
    });
    const steps = stepsOf(sms, ['MX/', founderHash(imei), '/'], {
      place: { exhibit: 'E001', command: 'logcat', line: 7 },
    });
    expect(steps[0]).toEqual({ purpose: 'line', command: `E=${file}\nsed -n '7p' "$E"`, expect: null });
    expect(stepsOf(sms, ['', 'x', ''], { place: { exhibit: 'E001', command: 'logcat', line: null } })).toHaveLength(1);
  });

  test.each([
    [['br'], 'raw'],
    [['websocket'], 'raw'],
    [['hpack'], 'raw'],
    [['chunked', 'gzip', 'multipart'], 'raw'],
    [['tls-keylog', 'gzip'], 'raw'],
    [['zstd'], 'body'],
    [['gzip?'], 'body'],
  ] as const)('under %s: %s, never another place', (decodings, purpose) => {
    const step = stepsOf(finding('F0001'), ['id=', imei, ''], { bodyOffset: 60, decodings })[1];
    expect(step?.purpose).toBe(purpose);
    if (purpose !== 'raw') return;
    expect(step?.left).toEqual(decodings);
    expect(unfold(step?.command ?? '')).toMatch(/\| tail -c \+119 \| head -c 128 \| xxd$/);
  });

  test.each(['dhcp', 'dns-labels', 'tbcd'])('a datagram read by %s shows its payload', (decoding) => {
    const one = finding('F0001', { filter: 'udp.stream==0 && frame.number in {1,3}', streamOffset: 28 });
    const step = stepsOf(one, ['id=', imei, ''], { bodyOffset: 12, decodings: [decoding] })[1];
    expect(step?.purpose).toBe('raw');
    expect(unfold(step?.command ?? '')).toContain(
      '-e udp.payload | head -n 1 | xxd -r -p | tail -c +29 | head -c 128 | xxd',
    );
  });

  test('what has no conversation shows its frames', () => {
    const step = stepsOf(finding('F0001', { filter: 'frame.number==9' }), ['', imei, ''])[1];
    expect([step?.purpose, unfold(step?.command ?? '')]).toEqual([
      'raw-frames',
      `tshark -r "$E" -Y 'frame.number==9' -x`,
    ]);
  });

  test('a signal: the request whatever its port and order, the name that a handshake asks for', () => {
    const signal = { identifier: null, streamOffset: null, filter: 'tcp.stream==20 && frame.number==410' } as const;
    const of = (more: object): readonly (string | undefined)[] => {
      const step = repeatFinding({
        ...reportFinding(finding('F1', { ...signal, ...more }), ['', '', '']),
        context: null,
      })[1];
      return [step?.purpose, step === undefined ? undefined : unfold(step.command)];
    };
    expect(of({ field: 'look-up' })[1]).toContain("grep -aiE '^([A-Z]+ [^ ]+ HTTP/1|Host:)'");
    expect(of({ field: 'tls.sni' })).toEqual([
      'hello',
      `tshark -o tcp.reassemble_out_of_order:TRUE -r "$E" -Y 'tcp.stream==20 && tls.handshake.extensions_server_name' -T fields -e frame.number -e tls.handshake.extensions_server_name`,
    ]);
    expect(of({ field: 'look-up', contentKnownBy: 'keylog' })[0]).toBe('raw-frames');
  });

  test('a form of the identifier has a variable of its own', () => {
    const step = stepsOf(finding('F0001', { form: 'mac-plain' }), ['id=', 'x', '']).at(-1);
    expect(step).toMatchObject({ variable: 'I1_mac_plain', command: 'printf %s "$I1_mac_plain"' });
  });

  test('folded commands say the same, and no line is wider than the page', () => {
    const frames = Array.from({ length: 60 }, (_, index) => 1000 + index * 7).join(',');
    const folded = foldCommand(
      `printf '%s\\n' 'tcp.stream==4 && frame.number in {${frames}}' -T fields -e one -e two -e three | cat -A | tr -d '$'`,
    );
    for (const line of folded.split('\n')) expect(line.length).toBeLessThanOrEqual(commandWidth);
    const words = run(folded).split(/\s+/).filter(Boolean);
    expect(words.join('')).toBe(`tcp.stream==4&&frame.numberin{${frames}}-Tfields-eone-etwo-ethree`);
  });

  test('no value of an identifier stands in a command', () => {
    for (const step of stepsOf(finding('F0001'), ['id=', imei, ''])) expect(step.command).not.toContain(imei);
  });
});

describe('instants', () => {
  test.each([
    ['2014-08-07T10:00:00.123456Z', 'zh-Hant', '2014-08-07 10:00:00.123456 UTC', '民國 103 年 8 月 7 日 18:00:00'],
    ['2014-12-31T16:00:00.000000Z', 'zh-Hant', '2014-12-31 16:00:00 UTC', '民國 104 年 1 月 1 日 00:00:00'],
    ['2014-08-07T10:00:00.500Z', 'en', '2014-08-07 10:00:00.500 UTC', '2014-08-07 18:00:00'],
    ['2014-08-07T10:00:11.420000Z', 'en', '2014-08-07 10:00:11.420000 UTC', '2014-08-07 18:00:11'],
    ['not an instant', 'en', 'not an instant', ''],
  ] as const)('%s in %s', (at, lang, utc, local) => expect(bothTimes(at, lang)).toMatchObject({ utc, local }));

  test('a day that is only a day carries no hour', () => {
    expect(dayOrTimes('2014-08-10T00:00:00.000000Z', 'en')).toBe('2014-08-10');
    expect(dayOrTimes('2014-08-10T00:00:00.000000Z', 'zh-Hant')).toBe('民國 103 年 8 月 10 日');
    expect(dayOrTimes('2014-08-10T03:00:00.000000Z', 'en')).toBe(
      '2014-08-10 03:00:00 UTC · 2014-08-10 11:00:00 (Taipei)',
    );
  });
});
