import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyLog } from '../../../../main/dissection/keylog/key-log.ts';
import { prf12 } from '../../../../main/dissection/keylog/tls-prf.ts';
import { type Collected, collect } from '../collector.ts';
import { pcap } from '../packet-builder.ts';
import { captureWithSecrets, type Exchange, EXCHANGES, IMEI, packetsOf } from './tls-exchanges.ts';

const random = 'ab'.repeat(32);
const log = (text: string): KeyLog => {
  const keys = new KeyLog();
  keys.add(Buffer.from(text));
  return keys;
};

function dissect(one: Exchange, keyLog: string | null, pieceBytes = 1400, drop = -1): Collected {
  const packets = packetsOf(one, pieceBytes).filter((_, i) => i !== drop);
  return collect(pcap(packets), { needle: IMEI, ...(keyLog === null ? {} : { keyLog: log(keyLog) }) });
}

describe('a key log', () => {
  it('takes what it knows and passes over the rest', () => {
    const keys = log(
      [
        '# a remark',
        `CLIENT_RANDOM ${random} ${'01'.repeat(48)}`,
        `CLIENT_TRAFFIC_SECRET_0 ${random.toUpperCase()} ${'02'.repeat(32)}\r`,
        `QUIC_SERVER_TRAFFIC_SECRET_0 ${random} ${'03'.repeat(32)}`,
        `EXPORTER_SECRET ${random} ${'04'.repeat(32)}`,
        `CLIENT_RANDOM ${random.slice(2)} ${'05'.repeat(48)}`,
        `SERVER_HANDSHAKE_TRAFFIC_SECRET ${random} xyz`,
        `CLIENT_RANDOM ${random} ${'06'.repeat(4000)}`,
      ].join('\n'),
    );
    expect(keys.size).toBe(3);
    const hex = (b: Uint8Array | null): string | null => (b === null ? null : Buffer.from(b).toString('hex'));
    expect(hex(keys.secret('CLIENT_RANDOM', random))).toBe('01'.repeat(48));
    expect(hex(keys.secret('CLIENT_TRAFFIC_SECRET_0', random))).toBe('02'.repeat(32));
    expect(hex(keys.secret('SERVER_TRAFFIC_SECRET_0', random))).toBe('03'.repeat(32));
    expect(keys.secret('SERVER_HANDSHAKE_TRAFFIC_SECRET', random)).toBeNull();
  });

  it('never throws and never keeps more than it may', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        new KeyLog().add(bytes);
      }),
      { seed: 3, numRuns: 200 },
    );
    const keys = new KeyLog(100);
    const line = (n: number): string => `CLIENT_RANDOM ${n.toString(16).padStart(64, '0')} ${'00'.repeat(32)}\n`;
    const lines = Array.from({ length: 105 }, (_, n) => line(n)).join('');
    keys.add(Buffer.from(lines));
    expect([keys.size, keys.capped, keys.counts.dropped]).toEqual([100, true, 5]);
  });

  it('counts what is no secret, and says the same however the text is cut into blocks', () => {
    const hex = (n: number, bytes: number): string => n.toString(16).padStart(2 * bytes, '0');
    const secretLine = fc
      .tuple(fc.constantFrom('CLIENT_RANDOM', 'SERVER_TRAFFIC_SECRET_0', 'EXPORTER_SECRET'), fc.nat(40), fc.nat(9))
      .map(([label, n, s]) => `${label} ${hex(n, 32)} ${hex(s, 32)}`);
    const lines = fc.array(fc.oneof(secretLine, fc.constantFrom('', '# x', 'CLIENT_RANDOM 12 34', 'y'.repeat(600))));
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(), { maxLength: 8 }), (all, ending, cuts) => {
        const text = Buffer.from(all.join(ending));
        const whole = log(text.toString());
        const pieces = new KeyLog();
        const at = [...new Set([0, text.length, ...cuts.map((n) => n % (text.length + 1))])].sort((a, b) => a - b);
        for (let i = 1; i < at.length; i++) {
          // The block is the caller's again after the call.
          const block = Buffer.from(text.subarray(at[i - 1], at[i]));
          pieces.push(block);
          block.fill(0x41);
        }
        pieces.endText();
        const bad = all.filter((line) => line.startsWith('CLIENT_RANDOM 12') || line.startsWith('y')).length;
        const known = new Map<string, string>();
        for (const line of all) {
          const [label = '', r = '', secret = ''] = line.split(' ');
          if (r.length === 64 && label !== 'EXPORTER_SECRET') known.set(`${label} ${r}`, secret);
        }
        for (const keys of [whole, pieces]) {
          expect(keys.counts).toEqual({ secrets: known.size, malformed: bad, dropped: 0 });
          for (const [key, secret] of known) {
            const [label, r = ''] = key.split(' ');
            const found = keys.secret(label as 'CLIENT_RANDOM', r);
            expect(found === null ? null : Buffer.from(found).toString('hex')).toBe(secret);
          }
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('finds every secret of many, and no other', () => {
    const keys = new KeyLog();
    const randomOf = (n: number): string => n.toString(16)[n % 2 === 0 ? 'padStart' : 'padEnd'](64, '0');
    const text = Array.from({ length: 20_000 }, (_, n) => `CLIENT_RANDOM ${randomOf(n)} ${randomOf(n)}\n`).join('');
    keys.add(Buffer.from(text));
    expect(keys.size).toBe(20_000);
    for (let n = 0; n < 20_000; n++) {
      const found = keys.secret('CLIENT_RANDOM', randomOf(n));
      if (found === null || Buffer.from(found).toString('hex') !== randomOf(n)) throw new Error(`secret ${n} is lost`);
    }
    expect(keys.secret('CLIENT_RANDOM', randomOf(20_000))).toBeNull();
    expect(keys.secret('SERVER_TRAFFIC_SECRET_0', randomOf(1))).toBeNull();
    expect(keys.sessions).toBe(20_000);
  });
});

describe('the pseudorandom function of TLS 1.2', () => {
  // Published test vector for P_SHA256 (mailing list of the TLS working group, «Test vectors for TLS 1.2 PRF»).
  it('gives the published bytes', () => {
    const hex = (text: string): Buffer => Buffer.from(text, 'hex');
    const secret = hex('9bbe436ba940f017b17652849a71db35');
    const seed = hex('a0ba9f936cda311827a6f796ffd5198c');
    expect(Buffer.from(prf12('sha256', secret, 'test label', seed, 100)).toString('hex')).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a' +
        '6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab' +
        '4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701' +
        '87347b66',
    );
  });
});

describe('a TLS connection whose secrets are known', () => {
  it.each(EXCHANGES.map((one) => [one.name, one] as const))(
    '%s: its content is read, and said to be known so',
    (_, one) => {
      const c = dissect(one, one.keyLog);
      const http = c.messages.filter((m) => m.kind.startsWith('http'));
      expect(http).toMatchObject([
        {
          kind: 'http-request',
          way: 0,
          fields: { method: 'POST', host: 'twin.example', uri: '/a?m=1', contentKnownBy: 'keylog' },
        },
        { kind: 'http-response', way: 1, fields: { status: 200, contentKnownBy: 'keylog' } },
      ]);
      const place = { layer: 'body', field: 'body', channel: 'tls', message: http[0]?.index };
      expect(c.found).toMatchObject([
        ...(one.name.includes('chunked') ? [{ ...place, decodings: ['tls-keylog', 'chunked'] }] : []),
        { ...place, decodings: ['tls-keylog'] },
      ]);
      expect(c.flows).toMatchObject([{ application: 'http', channel: 'tls', incomplete: [] }]);
      expect(c.messages.filter((m) => m.kind === 'tls-certificate')).toMatchObject([
        { way: 1, fields: { names: ['twin.example'], chain: [{ subject: 'twin.example' }] } },
      ]);
      const answer = c.sequences.find((s) => s.way === 1 && s.layer === 'body');
      expect(answer?.bytes.toString()).toContain('hello from twin');
      expect(c.sequences.every((s) => s.ended)).toBe(true);
    },
  );

  it.each(EXCHANGES.map((one) => [one.name, one] as const))(
    '%s: a place is told where its ciphertext stands',
    (_, one) => {
      const whole = dissect(one, one.keyLog).found[0];
      const pieces = dissect(one, one.keyLog, 7);
      const sent = Buffer.concat(one.exchange.filter(([way]) => way === 0).map(([, b]) => Buffer.from(b, 'base64')));
      expect(pieces.found).toHaveLength(one.name.includes('chunked') ? 2 : 1);
      expect(pieces.found[0]?.streamOffset).toBe(whole?.streamOffset);
      // Within the last record but for the close alert, and carried by two or three packets of seven bytes.
      const offset = whole?.streamOffset ?? 0;
      expect(offset).toBeGreaterThan(sent.length - 160);
      expect(offset + IMEI.length).toBeLessThan(sent.length);
      expect(pieces.found[0]?.frames.length).toBeGreaterThanOrEqual(3);
      expect(pieces.found[0]?.frames.length).toBeLessThanOrEqual(4);
    },
  );

  it.each(EXCHANGES.map((one) => [one.name, one] as const))(
    '%s: without the secrets nothing of it is known',
    (_, one) => {
      const other = EXCHANGES.find((x) => x.name !== one.name);
      for (const keys of [null, '', other?.keyLog ?? '']) {
        const c = dissect(one, keys);
        expect(c.found).toEqual([]);
        expect(c.messages.some((m) => m.kind.startsWith('http'))).toBe(false);
        expect(c.flows).toMatchObject([{ application: 'tls', channel: 'tls', incomplete: [] }]);
      }
    },
  );

  it('reads secrets that stand in the capture itself', () => {
    const [one] = EXCHANGES;
    if (one === undefined) throw new Error('no exchange');
    const c = collect(captureWithSecrets(one), { needle: IMEI });
    expect(c.found).toMatchObject([{ decodings: ['tls-keylog'], field: 'body' }]);
    expect(c.summary.faults).toEqual([]);
  });

  it('stops where packets are missing, and says so', () => {
    for (const one of EXCHANGES) {
      const last = dissect(one, one.keyLog, 60).found[0]?.frames[0] ?? 0;
      const c = dissect(one, one.keyLog, 60, last - 1);
      expect(c.found).toEqual([]);
      expect(c.flows[0]?.incomplete).toEqual(expect.arrayContaining(['tcp-gap', 'decoding-failed']));
    }
  });

  it('says when secrets do not open what they should', () => {
    for (const one of EXCHANGES) {
      const wrong = one.keyLog.replaceAll(/ ([0-9a-f]{2})([0-9a-f]+)\n/g, (_, _first, rest: string) => ` 00${rest}\n`);
      const c = dissect(one, wrong);
      expect(c.found).toEqual([]);
      expect(c.flows[0]?.incomplete).toContain('decoding-failed');
    }
  });
});
