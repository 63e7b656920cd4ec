import { timingSafeEqual } from 'node:crypto';
import { u32le } from '../bytes.ts';

/**
 * ChaCha20-Poly1305 (RFC 8439): the cryptography that Electron brings does not offer it, and the same capture must give
 * the same findings everywhere.
 */

const PRIME = (1n << 130n) - 5n;
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn;
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

function quarter(x: Uint32Array, ia: number, ib: number, ic: number, id: number): void {
  let a = x[ia] as number;
  let b = x[ib] as number;
  let c = x[ic] as number;
  let d = x[id] as number;
  a = (a + b) | 0;
  d = turned(d ^ a, 16);
  c = (c + d) | 0;
  b = turned(b ^ c, 12);
  a = (a + b) | 0;
  d = turned(d ^ a, 8);
  c = (c + d) | 0;
  b = turned(b ^ c, 7);
  x[ia] = a;
  x[ib] = b;
  x[ic] = c;
  x[id] = d;
}

function turned(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** One block of the key stream (2.3), written to `out`. */
function block(state: Uint32Array, counter: number, out: Buffer): void {
  state[12] = counter;
  const x = new Uint32Array(state);
  for (let round = 0; round < 10; round++) {
    quarter(x, 0, 4, 8, 12);
    quarter(x, 1, 5, 9, 13);
    quarter(x, 2, 6, 10, 14);
    quarter(x, 3, 7, 11, 15);
    quarter(x, 0, 5, 10, 15);
    quarter(x, 1, 6, 11, 12);
    quarter(x, 2, 7, 8, 13);
    quarter(x, 3, 4, 9, 14);
  }
  for (let i = 0; i < 16; i++) out.writeUInt32LE(((x[i] as number) + (state[i] as number)) >>> 0, i * 4);
}

function stateOf(key: Uint8Array, nonce: Uint8Array): Uint32Array {
  const state = new Uint32Array(16);
  state.set(SIGMA);
  for (let i = 0; i < 8; i++) state[4 + i] = u32le(key, i * 4);
  for (let i = 0; i < 3; i++) state[13 + i] = u32le(nonce, i * 4);
  return state;
}

/** The first bytes of one block of the key stream, as QUIC's header protection takes them (RFC 9001, 5.4.4). */
export function chacha20Block(key: Uint8Array, nonce: Uint8Array, counter: number): Uint8Array {
  const out = Buffer.alloc(64);
  block(stateOf(key, nonce), counter, out);
  return out;
}

function number(b: Buffer, at: number): bigint {
  return b.readBigUInt64LE(at) | (b.readBigUInt64LE(at + 8) << 64n);
}

/** The code over `message` (2.5). */
export function poly1305(key: Uint8Array, message: Uint8Array): Uint8Array {
  const secret = Buffer.from(key);
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  const r = number(secret, 0) & CLAMP;
  const whole = message.length - (message.length % 16);
  let sum = 0n;
  for (let at = 0; at < whole; at += 16) sum = ((sum + number(bytes, at) + (1n << 128n)) * r) % PRIME;
  if (whole < message.length) {
    const last = Buffer.alloc(16);
    last.set(bytes.subarray(whole));
    last[message.length - whole] = 1;
    sum = ((sum + number(last, 0)) * r) % PRIME;
  }
  const tag = (sum + number(secret, 16)) & ((1n << 128n) - 1n);
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
  const stream = Buffer.alloc(64);
  block(state, 0, stream);
  const own = poly1305(stream.subarray(0, 32), authenticated(header, sealed));
  if (tag.length !== own.length || !timingSafeEqual(own, tag)) return null;
  const plain = new Uint8Array(sealed);
  for (let at = 0; at < plain.length; at += 64) {
    block(state, 1 + at / 64, stream);
    const end = Math.min(plain.length, at + 64);
    for (let i = at; i < end; i++) plain[i] = (plain[i] as number) ^ (stream[i - at] as number);
  }
  return plain;
}
