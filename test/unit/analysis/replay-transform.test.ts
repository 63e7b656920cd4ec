import { describe, expect, it } from 'vitest';
import { replayTransform } from '../../../main/analysis/transforms/replay-transform.ts';
import { vendorSchemes } from '../../../main/analysis/transforms/vendor-schemes.ts';
import { encodings } from '../../../main/analysis/transforms/encodings.ts';
import { feedText, patternsOf, samples } from './feeding.ts';

const imei = '490154203237518';
const text = (bytes: Uint8Array | null | undefined): string | null =>
  bytes === null || bytes === undefined ? null : Buffer.from(bytes).toString('latin1');

describe('an identifier written again step by step', () => {
  it('has the values of the founding case on its way, and what stood on the wire at its end', () => {
    const replay = replayTransform(
      'imei',
      imei,
      null,
      ['sha1', 'base64url', 'first-16'],
      Buffer.from('l6IQUjLsyHVvA6Ap'),
    );
    expect(replay.text).toBe(imei);
    expect(replay.steps.map(({ step }) => step)).toEqual(['sha1', 'base64url', 'first-16']);
    // printf 490154203237518 | sha1sum
    expect(Buffer.from(replay.steps[0]?.output ?? []).toString('hex')).toBe('97a2105232ecc8756f03a029a839b97ded59207d');
    expect(text(replay.steps[1]?.output)).toBe('l6IQUjLsyHVvA6ApqDm5fe1ZIH0');
    expect(text(replay.steps[2]?.output)).toBe('l6IQUjLsyHVvA6Ap');
    expect(replay.compared).toBe('equal');
  });

  it('says so when the bytes are others', () => {
    expect(replayTransform('imei', imei, null, ['md5', 'hex'], Buffer.from('00'.repeat(16))).compared).toBe('differs');
  });

  it('takes the text of the form that leads to the bytes: letter case counts in a digest', () => {
    const wire = Buffer.from('02:aa:bb:cc:dd:ee'.toUpperCase());
    expect(replayTransform('wifi-mac', '02:aa:bb:cc:dd:ee', null, [], wire).compared).toBe('equal');
  });

  it('recognises a value inside of a longer base64 text at each of the three places', () => {
    for (const before of ['', 'a', 'ab']) {
      const wire = Buffer.from(Buffer.from(`${before}${imei}&x=1`).toString('base64'));
      expect(replayTransform('imei', imei, null, ['base64'], wire).compared, before).toBe('inside');
    }
  });

  it('stops at a step with values that it does not have, and computes nothing behind it', () => {
    const replay = replayTransform('imei', imei, null, ['join:android-id', 'md5', 'hex'], Buffer.from('x'));
    expect(replay.steps.map(({ output }) => output)).toEqual([null, null, null]);
    expect(replay.compared).toBe('not-computed');
  });

  it('reproduces every vector of the vendor schemes that are written from the identifier alone', () => {
    for (const scheme of vendorSchemes.filter(({ kinds }) => kinds.length > 0))
      for (const { value, written } of scheme.vectors) {
        const kind = value.startsWith('+') ? 'msisdn' : value.startsWith('466') ? 'imsi' : 'imei';
        expect(replayTransform(kind, value, null, scheme.steps, Buffer.from(written)).compared, scheme.name).toBe(
          'equal',
        );
      }
  });

  it('agrees with the search on everything that the search finds of these writings', () => {
    const set = patternsOf();
    for (const sample of samples.filter(({ value }) => value.length >= 10)) {
      for (const row of encodings)
        for (const writing of row.encode(sample.value, false)) {
          for (const hit of feedText(Buffer.concat([Buffer.from('x='), writing.bytes, Buffer.from('&y=1')]), set)) {
            const value = set.values[hit.value]?.value ?? '';
            const wire = hit.context.bytes.slice(hit.context.start, hit.context.end);
            const replay = replayTransform(hit.kind, value, hit.form, hit.transform, wire);
            const told = `${hit.kind} ${hit.form ?? ''} ${hit.transform.join('>')}`;
            expect(['equal', 'inside', 'not-computed'], told).toContain(replay.compared);
          }
        }
    }
  });
});
