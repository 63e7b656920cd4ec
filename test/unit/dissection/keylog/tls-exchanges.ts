import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conversation } from '../conversation.ts';
import { block, PcapngBuilder } from '../packet-builder.ts';

/** What two OpenSSL endpoints sent each other: a POST with an IMEI in its body, and the answer. */
export interface Exchange {
  readonly name: string;
  readonly keyLog: string;
  /** Way and bytes, base64. */
  readonly exchange: readonly (readonly [number, string])[];
}

export const IMEI = '490154203237518';

const FOLDER = join(import.meta.dirname, '../../../fixtures/tls');
const read = (name: string): readonly Exchange[] => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Exchange[];

export const EXCHANGES = read('exchanges.json');

/**
 * The same with early data (s_client -early_data, s_server): a POST to /early before the answer, one to /after behind the
 * handshake, the IMEI in the body of both. `rejected`: the server did not know the session any more; `retry`: it wanted
 * another group first.
 */
export const EARLY_EXCHANGES = read('early-data.json');

/**
 * Two handshakes on one connection (s_client R, s_server r), the second under the keys of the first: a POST to /before it and one
 * to /after it, the IMEI in the body of both.
 */
export const RENEGOTIATED = read('renegotiated.json');

/** The packets of an exchange, cut into segments of `pieceBytes`. */
export function packetsOf(one: Exchange, pieceBytes = 1400): Buffer[] {
  const t = new Conversation({ targetPort: 443 });
  for (const [way, bytes] of one.exchange) {
    if (way === 0) t.toServer(Buffer.from(bytes, 'base64'), pieceBytes);
    else t.toClient(Buffer.from(bytes, 'base64'), pieceBytes);
  }
  return t.close().packets;
}

/** A capture that holds its own secrets: a Decryption Secrets Block of the kind «TLSK» before the packets. */
export function captureWithSecrets(one: Exchange): Buffer {
  const file = new PcapngBuilder().section().interface(1);
  const text = Buffer.from(one.keyLog);
  const padding = Buffer.alloc((4 - (text.length % 4)) % 4);
  file.raw(block(10, Buffer.concat([file.w32(0x544c534b), file.w32(text.length), text, padding]), true));
  packetsOf(one).forEach((packet, i) => file.enhanced(0, BigInt(i), packet));
  return file.bytes();
}
