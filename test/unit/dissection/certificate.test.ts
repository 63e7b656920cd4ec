import { describe, expect, it } from 'vitest';
import { certificateNames } from '../../../main/dissection/certificate.ts';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap, tlsRecord } from './packet-builder.ts';

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function name(oid: string, text: string, stringTag = 0x0c): Buffer {
  return der(0x30, der(0x31, der(0x30, der(6, Buffer.from(oid, 'hex')), der(stringTag, Buffer.from(text)))));
}

function certificate(subject: Buffer, issuer: Buffer, alternatives: readonly string[]): Buffer {
  const empty = der(0x30);
  const names = der(0x30, ...alternatives.map((a) => der(0x82, Buffer.from(a))), der(0x87, Buffer.from([1, 2, 3, 4])));
  const san = der(0x30, der(6, Buffer.from('551d11', 'hex')), der(4, names));
  const basic = der(0x30, der(6, Buffer.from('551d13', 'hex')), der(1, Buffer.from([255])), der(4, empty));
  const extensions = alternatives.length === 0 ? [] : [der(0xa3, der(0x30, basic, san))];
  const tbs = der(
    0x30,
    der(0xa0, der(2, Buffer.from([2]))),
    der(2, Buffer.from([1])),
    empty,
    issuer,
    empty,
    subject,
    empty,
    ...extensions,
  );
  return der(0x30, tbs, empty, der(3, Buffer.from([0])));
}

const CN = '550403';
const ORGANISATION = '55040a';

function read(bytes: Buffer): unknown {
  return certificateNames(bytes, 0, bytes.length);
}

describe('certificates', () => {
  it('gives alternative names and the issuer', () => {
    const bytes = certificate(name(CN, 'old.example'), name(CN, 'Some CA'), ['a.example', '*.b.example']);
    expect(read(bytes)).toEqual({ names: ['a.example', '*.b.example'], issuer: 'Some CA' });
  });

  it('falls back to the common name, and to the organisation of the issuer', () => {
    expect(read(certificate(name(CN, '小米.example'), name(ORGANISATION, 'Org'), []))).toEqual({
      names: ['小米.example'],
      issuer: 'Org',
    });
    expect(read(certificate(name(ORGANISATION, 'x'), name('550406', 'CN'), []))).toEqual({ names: [], issuer: null });
  });

  it('is null for anything else, at any length', () => {
    const bytes = certificate(name(CN, 'old.example'), name(CN, 'Some CA'), ['a.example']);
    for (let n = 0; n < bytes.length; n++) expect(certificateNames(bytes, 0, n)).toBeNull();
    expect(read(Buffer.alloc(50, 0x30))).toBeNull();
  });

  it('appears as a message of the handshake', () => {
    const bytes = certificate(name(CN, 'c'), name(CN, 'CA'), ['api.account.xiaomi.com']);
    const u24 = (n: number): Buffer => Buffer.from([n >> 16, (n >> 8) & 255, n & 255]);
    const list = Buffer.concat([u24(bytes.length), bytes]);
    const message = Buffer.concat([u24(list.length), list]);
    const record = tlsRecord(22, Buffer.concat([Buffer.from([11]), u24(message.length), message]));
    const c = collect(pcap(new Conversation({ targetPort: 443 }).toClient(record, 50).packets));
    expect(c.messages).toMatchObject([
      { kind: 'tls-certificate', way: 1, fields: { names: ['api.account.xiaomi.com'], issuer: 'CA' } },
    ]);
  });
});
