import { createCipheriv } from 'node:crypto';
import { expandLabel, hkdfExtract } from '../../../main/dissection/tls-hkdf.ts';
import { u16, u32 } from './packet-builder.ts';

/** Initial packets for the tests, made the way RFC 9001, 5 says. */

export const SALTS = {
  v1: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a',
  v2: '0dede3def700a6db819381be6e269dcbf9bd2ed9',
} as const;

export interface InitialParts {
  readonly version?: number;
  readonly salt?: string;
  readonly label?: 'quic' | 'quicv2';
  /** Connection id from which the keys follow, hexadecimal. */
  readonly keyId: string;
  readonly from: 'client' | 'server';
  readonly target: string;
  readonly source: string;
  readonly token?: Buffer;
  readonly number: number;
  readonly numberBytes?: number;
  readonly payload: Buffer;
}

function long(o: InitialParts): Buffer {
  const numberBytes = o.numberBytes ?? 4;
  const v2 = o.version === 0x6b3343cf;
  const first = Buffer.from([(v2 ? 0xd0 : 0xc0) | (numberBytes - 1)]);
  const id = (hex: string): Buffer => Buffer.concat([Buffer.from([hex.length / 2]), Buffer.from(hex, 'hex')]);
  const token = o.token ?? Buffer.alloc(0);
  const length = numberBytes + o.payload.length + 16;
  return Buffer.concat([
    first,
    u32(o.version ?? 1),
    id(o.target),
    id(o.source),
    Buffer.concat([u16(0x4000 | token.length).subarray(token.length < 64 ? 1 : 0), token]),
    u16(0x4000 | length),
    u32(o.number).subarray(4 - numberBytes),
  ]);
}

export function initial(o: InitialParts): Buffer {
  const label = o.label ?? 'quic';
  const common = hkdfExtract('sha256', Buffer.from(o.salt ?? SALTS.v1, 'hex'), Buffer.from(o.keyId, 'hex'));
  const secret = expandLabel('sha256', common, `${o.from} in`, 32);
  const nonce = Buffer.from(expandLabel('sha256', secret, `${label} iv`, 12));
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ o.number) >>> 0, 8);
  const header = long(o);
  const cipher = createCipheriv('aes-128-gcm', expandLabel('sha256', secret, `${label} key`, 16), nonce);
  cipher.setAAD(header);
  const body = Buffer.concat([cipher.update(o.payload), cipher.final(), cipher.getAuthTag()]);
  const numberBytes = o.numberBytes ?? 4;
  const mask = createCipheriv('aes-128-ecb', expandLabel('sha256', secret, `${label} hp`, 16), null).update(
    body.subarray(4 - numberBytes, 20 - numberBytes),
  );
  header[0] = (header[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let i = 0; i < numberBytes; i++) {
    const at = header.length - numberBytes + i;
    header[at] = (header[at] ?? 0) ^ (mask[i + 1] ?? 0);
  }
  return Buffer.concat([header, body]);
}

/** A CRYPTO frame. */
export function crypto(offset: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([6]), u16(0x4000 | offset), u16(0x4000 | data.length), data]);
}
