import { timingSafeEqual } from 'node:crypto';
import { u32le } from '../bytes.ts';

/**
 * ChaCha20-Poly1305 (RFC 8439): the cryptography that Electron brings does not offer it, and the same capture must give
 * the same findings everywhere.
 */

const PRIME = (1n << 130n) - 5n;
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn;
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

function quarter(x: Uint32Array, a: number, b: number, c: number, d: number): void {
  const at = (i: number): number => x[i] ?? 0;
  const mix = (to: number, by: number, turn: number, from: number): void => {
    x[to] = at(to) + at(by);
    const mixed = at(from) ^ at(to);
    x[from] = (mixed << turn) | (mixed >>> (32 - turn));
  };
  mix(a, b, 16, d);
  mix(c, d, 12, b);
  mix(a, b, 8, d);
  mix(c, d, 7, b);
}

/** One block of the key stream (2.3). */
function block(state: Uint32Array, counter: number): Uint8Array {
  state[12] = counter;
  const x = new Uint32Array(state);
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarter(x, i, 4 + i, 8 + i, 12 + i);
    for (let i = 0; i < 4; i++) quarter(x, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4));
  }
  const out = Buffer.alloc(64);
  for (let i = 0; i < 16; i++) out.writeUInt32LE(((x[i] ?? 0) + (state[i] ?? 0)) >>> 0, i * 4);
  return out;
}

function stateOf(key: Uint8Array, nonce: Uint8Array): Uint32Array {
  const state = new Uint32Array(16);
  state.set(SIGMA);
  for (let i = 0; i < 8; i++) state[4 + i] = u32le(key, i * 4);
  for (let i = 0; i < 3; i++) state[13 + i] = u32le(nonce, i * 4);
  return state;
}

function number(b: Uint8Array, start: number, end: number): bigint {
  const reversed = Buffer.from(b.subarray(start, end)).reverse().toString('hex');
  return reversed === '' ? 0n : BigInt(`0x${reversed}`);
}

/** The code over `message` (2.5). */
export function poly1305(key: Uint8Array, message: Uint8Array): Uint8Array {
  const r = number(key, 0, 16) & CLAMP;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const end = Math.min(message.length, at + 16);
    sum = ((sum + number(message, at, end) + (1n << BigInt(8 * (end - at)))) * r) % PRIME;
  }
  const tag = (sum + number(key, 16, 32)) & ((1n << 128n) - 1n);
  return Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').reverse();
}

/** The bytes whose code is the tag (2.8): header and ciphertext, each filled up to sixteen, then both lengths. */
function authenticated(header: Uint8Array, sealed: Uint8Array): Uint8Array {
  const fill = (n: number): Buffer => Buffer.alloc((16 - (n % 16)) % 16);
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64LE(BigInt(header.length), 0);
  lengths.writeBigUInt64LE(BigInt(sealed.length), 8);
  return Buffer.concat([header, fill(header.length), sealed, fill(sealed.length), lengths]);
}

/**
 * @param key 32 bytes
 * @param nonce 12 bytes
 * @param tag 16 bytes
 * @returns null when they do not belong together
 */
export function openChaCha20Poly1305(
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  sealed: Uint8Array,
  tag: Uint8Array,
): Uint8Array | null {
  const state = stateOf(key, nonce);
  const own = poly1305(block(state, 0).subarray(0, 32), authenticated(header, sealed));
  if (tag.length !== own.length || !timingSafeEqual(own, tag)) return null;
  const plain = new Uint8Array(sealed);
  for (let at = 0; at < plain.length; at += 64) {
    const stream = block(state, 1 + at / 64);
    for (let i = 0; i < 64 && at + i < plain.length; i++) plain[at + i] = (plain[at + i] ?? 0) ^ (stream[i] ?? 0);
  }
  return plain;
}
