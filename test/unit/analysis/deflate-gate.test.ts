import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deflateMayBegin } from '../../../main/analysis/search/deflate-gate.ts';
import { inflate } from '../../../main/analysis/search/inflate.ts';

const mayBegin = (bytes: Uint8Array): boolean => deflateMayBegin(bytes, 0, bytes.length);

describe('deflate without a header', () => {
  test('of text passes the gate and is undone, whatever the level and the strategy', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 20, maxLength: 400 }).map((t) => `{"id":"${t}"}`);
    fc.assert(
      fc.property(text, fc.constantFrom(1, 6, 9), fc.constantFrom(0, 2, 4), (t, level, strategy) => {
        const bytes = deflateRawSync(t, { level, strategy });
        // A stored block (type 0) shows its content as it is.
        if (((bytes[0] as number) & 6) === 0) return;
        expect(mayBegin(bytes)).toBe(true);
        const undone = inflate(Uint8Array.from(bytes));
        expect(undone?.step).toBe('deflate-raw');
        expect(undone?.complete).toBe(true);
        expect(Buffer.from(undone?.bytes ?? []).toString()).toBe(t);
      }),
    );
  });

  test('with codes of its own passes for binary content too', () => {
    const binary = Uint8Array.from({ length: 4000 }, (_, i) => (i * i) % 61);
    const bytes = deflateRawSync(binary);
    expect((bytes[0] as number) & 6).toBe(4);
    expect(mayBegin(bytes)).toBe(true);
    expect(Buffer.from(inflate(Uint8Array.from(bytes))?.bytes ?? [])).toEqual(Buffer.from(binary));
  });

  test('reads nothing outside of what it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(50), (bytes, at) => {
        expect([true, false]).toContain(deflateMayBegin(bytes, at, bytes.length));
      }),
    );
  });

  test('random bytes seldom pass', () => {
    let state = 1;
    const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24;
    let passed = 0;
    for (let i = 0; i < 20_000; i++) if (mayBegin(Uint8Array.from({ length: 24 }, next))) passed += 1;
    expect(passed).toBeLessThan(60);
    expect(passed).toBeGreaterThan(0);
  });
});
