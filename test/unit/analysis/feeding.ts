import type { Origin } from '../../../main/dissection/sink.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import type { PatternSet } from '../../../main/analysis/transforms/pattern-set.ts';
import { createSearcher, type Hit, type SearchStats } from '../../../main/analysis/search/searcher.ts';

export const samples: readonly { readonly id: string; readonly kind: IdentifierKind; readonly value: string }[] = [
  { id: 'I1', kind: 'imei', value: '490154203237518' },
  { id: 'I2', kind: 'imsi', value: '466920123456789' },
  { id: 'I3', kind: 'iccid', value: '89886920012345678905' },
  { id: 'I4', kind: 'msisdn', value: '+886912345678' },
  { id: 'I5', kind: 'contact-msisdn', value: '+886987654321' },
  { id: 'I6', kind: 'android-id', value: '0a1b2c3d4e5f6071' },
  { id: 'I7', kind: 'wifi-mac', value: '64:09:80:1a:2b:3c' },
  { id: 'I8', kind: 'advertising-id', value: '38400000-8cf0-11bd-b23e-10b96e40000d' },
  { id: 'I9', kind: 'serial', value: 'HC4AWYP01234' },
  { id: 'I10', kind: 'email', value: 'somebody@example.org' },
  { id: 'I11', kind: 'contact-name', value: '陳小明明' },
  { id: 'I12', kind: 'ssid', value: 'demo-lab-7f3a' },
];

const compiled = new Map<string, PatternSet>();

/** The set of some samples; compiled once, since joined digests take a while. */
export function patternsOf(ids: readonly string[] = samples.map((s) => s.id)): PatternSet {
  const key = ids.join();
  const set =
    compiled.get(key) ??
    compilePatterns(samples.filter((s) => ids.includes(s.id)).map((s) => ({ ...s, handset: 'H1' })));
  compiled.set(key, set);
  return set;
}

/** Feeds `pieces` as one sequence, each piece in a packet of its own (frames 1, 2 …), and gives the hits. */
export function feed(
  set: PatternSet,
  pieces: readonly Uint8Array[],
  layer: 'stream' | 'body' = 'stream',
): { hits: Hit[]; stats: SearchStats } {
  const hits: Hit[] = [];
  const searcher = createSearcher(set, (hit) => hits.push(hit));
  const ends: number[] = [];
  let offset = 0;
  for (const piece of pieces) {
    ends.push(offset + piece.length);
    const locate = (from: number, to: number): Origin => {
      const frames = ends.flatMap((end, i) => (from < end && to > (ends[i - 1] ?? 0) ? [i + 1] : []));
      return { frames, streamOffset: from, atUs: 0, channel: 'cleartext', message: null, field: null };
    };
    // The bytes are only valid during the call: they are wiped afterwards to prove that nothing is kept by reference.
    const bytes = Uint8Array.from([0xaa, ...piece, 0xaa]);
    searcher.run(
      {
        flow: 0,
        way: 0,
        layer,
        sequence: 1,
        offset,
        bytes,
        start: 1,
        end: 1 + piece.length,
        decodings: [],
        opaque: false,
      },
      { locate },
    );
    bytes.fill(0);
    offset += piece.length;
  }
  searcher.endSequence(1);
  searcher.finish();
  return { hits, stats: searcher.stats() };
}

export function feedText(text: string | Uint8Array, set: PatternSet = patternsOf()): Hit[] {
  return feed(set, [Buffer.from(text as string)]).hits;
}

/** Cuts into pieces of `size` bytes. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** Deterministic noise (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
