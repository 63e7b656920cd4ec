import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';

const BLOCK = 16;
/** Of TLS's nonces of twelve bytes, what is left of a block counts: three bytes (RFC 3610, 2.1). */
const COUNTER_BYTES = 3;

/**
 * AES-CCM (RFC 3610; RFC 5116, 5.3; RFC 6655) of its parts, which OpenSSL and the BoringSSL of Electron both have: the latter
 * has no CCM, and the same capture must give the same findings everywhere.
 * @returns null when key, nonce, header and bytes do not belong together
 */
export function openAesCcm(
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  sealed: Uint8Array,
  tag: Uint8Array,
): Uint8Array | null {
  const bits = key.length * 8;
  const decipher = createDecipheriv(`aes-${bits}-ctr`, key, counterBlock(nonce));
  // The first block of the key stream covers the tag.
  const tagCover = decipher.update(Buffer.alloc(BLOCK));
  const plain = decipher.update(sealed);
  const mac = createCipheriv(`aes-${bits}-cbc`, key, Buffer.alloc(BLOCK));
  mac.setAutoPadding(false);
  const authenticated = Buffer.concat([
    firstBlock(nonce, header.length, plain.length, tag.length),
    padded(Buffer.concat([lengthOf(header), header])),
    padded(plain),
  ]);
  const chain = mac.update(authenticated);
  const code = chain.subarray(chain.length - BLOCK).subarray(0, tag.length);
  const expected = code.map((byte, i) => byte ^ (tagCover[i] ?? 0));
  return expected.length === tag.length && timingSafeEqual(expected, tag) ? plain : null;
}

function counterBlock(nonce: Uint8Array): Buffer {
  const block = Buffer.alloc(BLOCK);
  block[0] = COUNTER_BYTES - 1;
  block.set(nonce, 1);
  return block;
}

function firstBlock(nonce: Uint8Array, headerBytes: number, plainBytes: number, tagBytes: number): Buffer {
  const block = counterBlock(nonce);
  block[0] = (headerBytes > 0 ? 0x40 : 0) | (((tagBytes - 2) / 2) << 3) | (COUNTER_BYTES - 1);
  block.writeUIntBE(plainBytes, BLOCK - COUNTER_BYTES, COUNTER_BYTES);
  return block;
}

/** Headers of records and packets are short; none has no length either. */
function lengthOf(header: Uint8Array): Buffer {
  const length = Buffer.alloc(header.length === 0 ? 0 : 2);
  if (header.length > 0) length.writeUInt16BE(header.length);
  return length;
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}
