import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CertificateRoom, readCertificate } from '../../../main/dissection/certificate.ts';
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

const time = (tag: number, text: string): Buffer => der(tag, Buffer.from(text));

function certificate(
  subject: Buffer,
  issuer: Buffer,
  alternatives: readonly string[],
  validity: Buffer = der(0x30, time(0x17, '140801000000Z'), time(0x18, '20500101123045Z')),
): Buffer {
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
    validity,
    subject,
    empty,
    ...extensions,
  );
  return der(0x30, tbs, empty, der(3, Buffer.from([0])));
}

const CN = '550403';
const ORGANISATION = '55040a';

function read(bytes: Buffer): unknown {
  return readCertificate(bytes, 0, bytes.length);
}

describe('certificates', () => {
  it('gives alternative names and the issuer', () => {
    const bytes = certificate(name(CN, 'old.example'), name(CN, 'Some CA'), ['a.example', '*.b.example']);
    expect(read(bytes)).toEqual({
      names: ['a.example', '*.b.example'],
      subject: 'old.example',
      issuer: 'Some CA',
      notBefore: '2014-08-01T00:00:00Z',
      notAfter: '2050-01-01T12:30:45Z',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('falls back to the common name, and to the organisation of the issuer', () => {
    expect(read(certificate(name(CN, '小米.example'), name(ORGANISATION, 'Org'), []))).toMatchObject({
      names: ['小米.example'],
      issuer: 'Org',
    });
    expect(read(certificate(name(ORGANISATION, 'x'), name('550406', 'CN'), []))).toMatchObject({
      names: [],
      subject: 'x',
      issuer: null,
    });
  });

  it('is null for anything else, at any length', () => {
    const bytes = certificate(name(CN, 'old.example'), name(CN, 'Some CA'), ['a.example']);
    for (let n = 0; n < bytes.length; n++) expect(readCertificate(bytes, 0, n)).toBeNull();
    expect(read(Buffer.alloc(50, 0x30))).toBeNull();
  });

  it('reads times of both kinds and takes no others', () => {
    const validity = (...parts: Buffer[]): unknown =>
      read(certificate(name(CN, 'a'), name(CN, 'b'), [], der(0x30, ...parts)));
    expect(validity(time(0x17, '500101000000Z'), time(0x17, '4912312359Z'))).toMatchObject({
      notBefore: '1950-01-01T00:00:00Z',
      notAfter: '2049-12-31T23:59:00Z',
    });
    expect(validity(time(0x18, '140801000000Z'), time(0x17, '20140801000000Z'))).toMatchObject({
      notBefore: null,
      notAfter: null,
    });
    expect(validity(time(0x17, '140801000000+0800'))).toMatchObject({ notBefore: null, notAfter: null });
  });

  const u24 = (n: number): Buffer => Buffer.from([n >> 16, (n >> 8) & 255, n & 255]);
  const handshake = (...certificates: Buffer[]): Buffer => {
    const list = Buffer.concat(certificates.flatMap((c) => [u24(c.length), c]));
    const message = Buffer.concat([u24(list.length), list]);
    return tlsRecord(22, Buffer.concat([Buffer.from([11]), u24(message.length), message]));
  };
  const leaf = certificate(name(CN, 'c'), name(CN, 'CA'), ['api.account.xiaomi.com']);

  it('appears as a message of the handshake, with its chain', () => {
    const ca = certificate(name(CN, 'CA'), name(ORGANISATION, 'Root'), []);
    const c = collect(pcap(new Conversation({ targetPort: 443 }).toClient(handshake(leaf, ca), 50).packets));
    expect(c.messages).toMatchObject([
      {
        kind: 'tls-certificate',
        way: 1,
        fields: {
          names: ['api.account.xiaomi.com'],
          issuer: 'CA',
          chain: [
            { subject: 'c', issuer: 'CA' },
            { subject: 'CA', issuer: 'Root', names: ['CA'] },
          ],
        },
      },
    ]);
    expect(c.messages[0]?.fields['malformed']).toBeUndefined();
  });

  it('bounds the chain and says so, and keeps what can be read beside what cannot', () => {
    const small = certificate(name(CN, 'x'), name(CN, 'y'), []);
    const long = handshake(...Array.from({ length: 40 }, () => small));
    const c = collect(pcap(new Conversation({ targetPort: 443 }).toClient(long, 1000).packets));
    expect(c.messages[0]?.fields['chain']).toHaveLength(32);
    expect(c.flows[0]?.incomplete).toContain('cap-handshake');
    expect(c.messages[0]?.fields['malformed']).toBeUndefined();
    const damaged = handshake(Buffer.from('not a certificate'), leaf);
    const d = collect(pcap(new Conversation({ targetPort: 443 }).toClient(damaged).packets));
    expect(d.messages[0]?.fields).toMatchObject({ malformed: true, chain: [{ subject: 'c' }] });
  });

  it('tells as many names as real certificates have, bounds their text, and says when it left some out', () => {
    const shown = (...names: string[]) => {
      const long = handshake(certificate(name(CN, 'x'), name(CN, 'y'), names));
      const { messages, flows } = collect(
        pcap(new Conversation({ targetPort: 443 }).toClient(long.subarray(0, 16_000), 1000).packets),
      );
      return { fields: messages[0]?.fields, incomplete: flows[0]?.incomplete };
    };
    const many = Array.from({ length: 700 }, (_, i) => `h${i}.example`);
    expect(shown(...many)).toMatchObject({ fields: { names: many }, incomplete: [] });
    expect(shown('a'.repeat(300), 'b.example')).toMatchObject({ fields: { names: ['b.example'], malformed: true } });
    const b = certificate(name(CN, 'x'), name(CN, 'y'), []);
    const room = new CertificateRoom();
    for (let i = 0; i < 6553; i++) readCertificate(b, 0, b.length, room);
    expect(room.capped).toBe(false);
    expect(readCertificate(b, 0, b.length, room)).toMatchObject({ subject: 'x', issuer: null });
    expect(room.capped).toBe(true);
  });
});
