import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bothTimes, dayOrTimes } from '../../../main/report/instants.ts';
import { exhibitFile, repeatFinding } from '../../../main/report/repeat.ts';
import { exhibit, finding, founderHash, imei, reportFinding } from './fixture.ts';

const file = exhibitFile(exhibit('E001').sha256);
const stepsOf = (...args: Parameters<typeof reportFinding>): ReturnType<typeof repeatFinding> =>
  repeatFinding(reportFinding(...args));

/** Runs a recipe as a reader would, with the identifier in the environment. */
function run(command: string): string {
  return execFileSync('bash', ['-c', command], { env: { ...process.env, I1: imei }, encoding: 'utf8' });
}

describe('how a finding is repeated', () => {
  test('from the capture: frames, bytes at the offset, the value', () => {
    const steps = stepsOf(finding('F0001'), ['id=', imei, '']);
    expect(steps.map(({ purpose, command }) => [purpose, command])).toEqual([
      ['frames', `tshark -r ${file} -Y 'tcp.stream==4 && frame.number==41' -T fields -e frame.number`],
      [
        'bytes',
        `tshark -r ${file} -q -z follow,tcp,raw,4 | grep -E '^[0-9a-f]+$' | xxd -r -p | tail -c +119 | head -c 15`,
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
    const command = (decode?.command ?? '').replace(/^tshark.*? xxd -r -p/, source);
    expect(command.startsWith(source)).toBe(true);
    expect(run(command).trim()).toBe(imei);
  });

  test('a chunked and compressed body is undone with the offset in it', () => {
    const steps = stepsOf(finding('F0001'), ['id=', imei, ''], { bodyOffset: 60, decodings: ['chunked', 'gzip'] });
    const body = steps.find(({ purpose }) => purpose === 'body')?.command ?? '';
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
    expect(steps[0]).toEqual({ purpose: 'line', command: `sed -n '7p' ${file}`, expect: null });
    expect(stepsOf(sms, ['', 'x', ''], { place: { exhibit: 'E001', command: 'logcat', line: null } })).toHaveLength(1);
  });

  test('no value of an identifier stands in a command', () => {
    for (const step of stepsOf(finding('F0001'), ['id=', imei, ''])) expect(step.command).not.toContain(imei);
  });
});

describe('instants', () => {
  test.each([
    ['2014-08-07T10:00:00.123456Z', 'zh-Hant', '2014-08-07 10:00:00.123456 UTC', '民國 103 年 8 月 7 日 18:00:00'],
    ['2014-12-31T16:00:00.000000Z', 'zh-Hant', '2014-12-31 16:00:00 UTC', '民國 104 年 1 月 1 日 00:00:00'],
    ['2014-08-07T10:00:00.500Z', 'en', '2014-08-07 10:00:00.5 UTC', '2014-08-07 18:00:00'],
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
