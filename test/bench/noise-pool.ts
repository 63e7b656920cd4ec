import { gzipSync } from 'node:zlib';
import { makeRandom } from '../demo-world/random.ts';
import type { Random } from '../demo-world/random.ts';
import type { World } from '../demo-world/world.ts';
import { makeNoise } from '../traffic-generator/noise.ts';

const poolBytes = 8 * 1024 * 1024;
const documents = 160;

export interface Document {
  readonly type: string;
  readonly text: Buffer;
  readonly packed: Buffer;
}

/** Innocent content, made once and served again and again: drawing every byte afresh would make the generator the slow part. */
export interface NoisePool {
  readonly random: Random;
  /** Bytes as of a cipher or of a compressed picture. The buffer is shared: read it only. */
  readonly bytes: (count: number) => Buffer;
  readonly document: () => Document;
  readonly json: () => string;
}

export function makeNoisePool(world: World): NoisePool {
  const random = makeRandom(world.seed, 'bench noise');
  const noise = makeNoise(world, random);
  const pool = randomPool(world.seed);
  const bytes = (count: number): Buffer => {
    const start = random.between(0, poolBytes - count);
    return pool.subarray(start, start + count);
  };
  const jsons = Array.from({ length: documents }, (_, n) => {
    const text = noise.json(random.between(10, 120));
    // A picture in JSON, as advertisement and avatar services send it: long base64 is dear to search.
    const picture = bytes(random.between(600, 12_000)).toString('base64');
    return n % 4 === 0 ? `${text.slice(0, -1)},"image":"${picture}"}` : text;
  });
  const pages = Array.from({ length: documents }, () => noise.html(random.between(8, 120)));
  // The lock file pins Node and with it zlib: the same seed gives the same bytes in every checkout.
  const made = (type: string, text: string): Document => ({ type, text: Buffer.from(text), packed: gzipSync(text) });
  const all = [
    ...jsons.map((text) => made('application/json; charset=utf-8', text)),
    ...pages.map((text) => made('text/html; charset=utf-8', text)),
  ];
  return { random, bytes, document: () => random.pick(all), json: () => random.pick(jsons) };
}

/** xorshift32: bytes faster than {@link Random} draws them. */
function randomPool(seed: number): Buffer {
  const words = new Uint32Array(poolBytes / 4);
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  for (let i = 0; i < words.length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state >>> 0;
  }
  return Buffer.from(words.buffer);
}
