import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Collected, collect } from './collector.ts';
import { HTTP_SCENES } from './http-scenes.ts';
import { pcap } from './packet-builder.ts';

/** Many more changes of the same scenes are tried by test/property/dissection/fuzz.test.ts. */
const RUNS = process.env['HANDSIGHT_TIER'] === 'full' ? 600 : 30;
const SEED = 20_140_807;
const IMEI = '490154203237518';

/** What must not depend on how the bytes were cut: everything but frames and times. */
function essence(c: Collected): unknown {
  const sequences = c.sequences.map((s) => [s.way, s.layer, s.decodings.join(), s.bytes.toString('latin1'), s.ended]);
  return {
    sequences: sequences.map((s) => JSON.stringify(s)).sort((a, b) => (a < b ? -1 : 1)),
    messages: c.messages.map(({ way, kind, fields }) => ({ way, kind, fields })),
    incomplete: c.flows.map((f) => f.incomplete),
    found: c.found
      .map((f) => JSON.stringify([f.layer, f.decodings, f.field, f.message, f.streamOffset]))
      .sort((a, b) => (a < b ? -1 : 1)),
  };
}

describe.each(HTTP_SCENES)('$name', ({ name, before, bytes }) => {
  const whole = collect(pcap(before().toServer(bytes).close().packets), { needle: IMEI });

  it('is read without fault', () => {
    expect(whole.flows[0]?.incomplete).toEqual([]);
    expect(whole.found.length).toBeGreaterThan(0);
  });

  it('gives the same for every way of cutting it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        const t = before();
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const n = sizes[i % sizes.length] ?? 1;
          t.toServer(bytes.subarray(at, at + n));
          at += n;
        }
        const c = collect(pcap(t.close().packets), { needle: IMEI });
        // Where base64 is cut, the place told of what it gave may be some bytes before.
        if (name.startsWith('multipart')) expect(c.found.length).toBe(whole.found.length);
        else expect(essence(c)).toEqual(essence(whole));
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('never throws nor grows, whatever is changed, left out or lost', () => {
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }));
    const hole = fc.option(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 60 })));
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        hole,
        fc.integer({ min: 1, max: 80 }),
        (changes, lost, piece) => {
          const damaged = Buffer.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          const t = before();
          for (let at = 0; at < damaged.length; at += piece) {
            if (lost === null || at < lost[0] || at >= lost[0] + lost[1])
              t.packets.push(t.clientSegment(at, damaged.subarray(at, at + piece)));
          }
          const c = collect(pcap(t.packets), { needle: IMEI });
          expect(c.sequences.every((s) => s.ended)).toBe(true);
          const handed = c.sequences.reduce((sum, s) => sum + s.bytes.length, 0);
          expect(handed).toBeLessThan(100_000);
          for (const f of c.found) expect(f.frames.length).toBeGreaterThan(0);
        },
      ),
      { seed: SEED, numRuns: RUNS * 3 },
    );
  });

  it('never throws when the bytes only begin so', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length }), fc.uint8Array({ maxLength: 300 }), (keep, garbage) => {
        const t = before()
          .toServer(Buffer.concat([bytes.subarray(0, keep), garbage]), 50)
          .toClient(Buffer.from(garbage), 37);
        const c = collect(pcap(t.close().packets), { needle: IMEI });
        expect(c.sequences.every((s) => s.ended)).toBe(true);
      }),
      { seed: SEED, numRuns: RUNS * 2 },
    );
  });
});
