import { createCipheriv, createDecipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import { isAuthentic } from '../../../main/dissection/is-authentic.ts';

const key = Buffer.alloc(16, 1);
const nonce = Buffer.alloc(12, 2);

function opened(tag: Buffer): boolean {
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(tag);
  decipher.update(sealed);
  return isAuthentic(decipher);
}

const cipher = createCipheriv('aes-128-gcm', key, nonce, { authTagLength: 16 });
const sealed = Buffer.concat([cipher.update('imei=490154203237518'), cipher.final()]);
const tag = cipher.getAuthTag();

test('what the tag belongs to is authentic, and nothing else', () => {
  expect(opened(tag)).toBe(true);
  for (let bit = 0; bit < 128; bit++) {
    const other = Buffer.from(tag);
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(opened(other)).toBe(false);
  }
});

test('errors that come later tell where they arose', () => {
  const depth = Error.stackTraceLimit;
  opened(Buffer.alloc(16));
  expect(Error.stackTraceLimit).toBe(depth);
  expect(new Error('later').stack).toContain('is-authentic.test');
});
