import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyLog, type SecretLabel } from '../../../../main/dissection/keylog/key-log.ts';
import { expandLabel } from '../../../../main/dissection/tls-hkdf.ts';
import { type Collected, collect } from '../collector.ts';
import { pcap, u16 } from '../packet-builder.ts';
import { EARLY_EXCHANGES, type Exchange, IMEI, packetsOf } from './tls-exchanges.ts';

const CASES = EARLY_EXCHANGES.map((one) => [one.name, one] as const);
const exchangeOf = (name: string): Exchange => {
  const one = EARLY_EXCHANGES.find((x) => x.name === name);
  if (one === undefined) throw new Error(`no exchange ${name}`);
  return one;
};

function logOf(text: string): KeyLog {
  const keys = new KeyLog();
  keys.add(Buffer.from(text));
  return keys;
}

const without = (keyLog: string, label: string): string =>
  keyLog
    .split('\n')
    .filter((line) => !line.startsWith(`${label} `))
    .join('\n');

function dissect(one: Exchange, keyLog = one.keyLog, pieceBytes = 1400, drop = -1): Collected {
  const packets = packetsOf(one, pieceBytes).filter((_, i) => i !== drop);
  return collect(pcap(packets), { needle: IMEI, keyLog: logOf(keyLog) });
}

const urisOf = (c: Collected): unknown[] =>
  c.messages.filter((m) => m.kind === 'http-request').map((m) => (m.fields as { uri: string }).uri);

/** Records of one way, each with its header. */
function recordsOf(one: Exchange, way: number): Buffer[] {
  const all = Buffer.concat(one.exchange.filter(([w]) => w === way).map(([, b]) => Buffer.from(b, 'base64')));
  const records: Buffer[] = [];
  for (let at = 0; at < all.length;) {
    const end = at + 5 + all.readUInt16BE(at + 3);
    records.push(all.subarray(at, end));
    at = end;
  }
  return records;
}

const FINISHED = Buffer.concat([Buffer.from([20, 0, 0, 48]), Buffer.alloc(48, 1)]);
const END_OF_EARLY_DATA = Buffer.from([5, 0, 0, 0]);

/** Goes on from the real hellos of an exchange with AES-256-GCM, with records sealed here under its secrets. */
class Continuation {
  private readonly one = exchangeOf('early-data-accepted-aes256');
  private readonly numbers = new Map<SecretLabel, number>();
  private readonly sent: [number, string][] = [];

  constructor() {
    this.send(0, recordsOf(this.one, 0)[0] ?? Buffer.alloc(0));
  }

  private send(way: number, bytes: Buffer): this {
    this.sent.push([way, bytes.toString('base64')]);
    return this;
  }

  serverHello(): this {
    return this.send(1, recordsOf(this.one, 1)[0] ?? Buffer.alloc(0));
  }

  sealed(label: SecretLabel, type: number, content: string | Uint8Array, spoilt = false): this {
    const line = this.one.keyLog.split('\n').find((l) => l.startsWith(`${label} `)) ?? '';
    const secret = Buffer.from(line.split(' ')[2] ?? '', 'hex');
    const number = this.numbers.get(label) ?? 0;
    this.numbers.set(label, number + 1);
    const nonce = Buffer.from(expandLabel('sha384', secret, 'iv', 12));
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ number) >>> 0, 8);
    const plain = Buffer.concat([Buffer.from(content), Buffer.from([type])]);
    const header = Buffer.concat([Buffer.from([23, 3, 3]), u16(plain.length + 16)]);
    const cipher = createCipheriv('aes-256-gcm', expandLabel('sha384', secret, 'key', 32), nonce);
    cipher.setAAD(header);
    const tag = (): Buffer => cipher.getAuthTag();
    const record = Buffer.concat([header, cipher.update(plain), cipher.final(), tag()]);
    if (spoilt) record[5] = (record[5] ?? 0) ^ 1;
    return this.send(label.startsWith('SERVER') ? 1 : 0, record);
  }

  early(content: string, spoilt = false): this {
    return this.sealed('CLIENT_EARLY_TRAFFIC_SECRET', 23, content, spoilt);
  }

  endOfEarlyData(): this {
    return this.sealed('CLIENT_EARLY_TRAFFIC_SECRET', 22, END_OF_EARLY_DATA);
  }

  finished(): this {
    return this.sealed('CLIENT_HANDSHAKE_TRAFFIC_SECRET', 22, FINISHED);
  }

  later(content: string): this {
    return this.sealed('CLIENT_TRAFFIC_SECRET_0', 23, content);
  }

  dissected(keyLog = this.one.keyLog): Collected {
    return dissect({ ...this.one, exchange: this.sent }, keyLog);
  }
}

const post = (uri: string, body = `imei=${IMEI}`): string =>
  `POST ${uri} HTTP/1.1\r\nHost: twin.example\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('early data of a TLS 1.3 connection whose secrets are known', () => {
  it.each(CASES)('%s: it is read, and so is what comes behind the handshake', (_, one) => {
    for (const pieceBytes of [1400, 9]) {
      const c = dissect(one, one.keyLog, pieceBytes);
      expect(urisOf(c)).toEqual(['/early', '/after']);
      expect(c.found).toMatchObject([
        { field: 'body', channel: 'tls', decodings: ['tls-keylog'] },
        { field: 'body', channel: 'tls', decodings: ['tls-keylog'] },
      ]);
      expect(c.flows).toMatchObject([{ application: 'http', channel: 'tls', incomplete: [] }]);
      expect(c.sequences.every((s) => s.ended)).toBe(true);
    }
  });

  it.each(CASES)('%s: each place is told where its record stands', (_, one) => {
    const c = dissect(one);
    const records = recordsOf(one, 0);
    const startOf = (n: number): number => records.slice(0, n).reduce((sum, r) => sum + r.length, 0);
    // Behind the hello and a ChangeCipherSpec stands the early request; before the close alert the later one.
    for (const [i, n] of [2, records.length - 2].entries()) {
      const offset = c.found[i]?.streamOffset ?? -1;
      expect(offset).toBeGreaterThan(startOf(n));
      expect(offset + IMEI.length).toBeLessThan(startOf(n + 1));
    }
  });

  it.each(CASES)('%s: without its secret what comes behind is read, and that something was not is said', (_, one) => {
    const wrong = one.keyLog.replace(/(CLIENT_EARLY_TRAFFIC_SECRET \S+ )../, '$100');
    for (const keyLog of [without(one.keyLog, 'CLIENT_EARLY_TRAFFIC_SECRET'), wrong]) {
      const c = dissect(one, keyLog);
      expect(urisOf(c)).toEqual(['/after']);
      expect(c.flows[0]?.incomplete).toEqual(['decoding-failed']);
    }
  });

  it.each(CASES)('%s: it is read with its secret alone', (_, one) => {
    const early = one.keyLog.split('\n').find((line) => line.startsWith('CLIENT_EARLY_TRAFFIC_SECRET')) ?? '';
    const c = dissect(one, early);
    expect(urisOf(c)).toEqual(['/early']);
    expect(c.flows[0]?.incomplete).toContain('decoding-failed');
  });

  it.each(CASES)('%s: packets missing in it do not hide what comes behind', (_, one) => {
    const pieceBytes = 20;
    const hello = recordsOf(one, 0)[0]?.length ?? 0;
    // Three packets open the connection; the early record begins six bytes behind the hello, and is 106 or 98 long.
    const drop = 3 + Math.ceil((hello + 6) / pieceBytes) + 1;
    const c = dissect(one, one.keyLog, pieceBytes, drop);
    expect(urisOf(c)).toEqual(['/after']);
    expect(c.flows[0]?.incomplete).toEqual(expect.arrayContaining(['tcp-gap', 'decoding-failed']));
  });

  it('is read when the server never answers', () => {
    const c = new Continuation().early(post('/early')).dissected();
    expect(urisOf(c)).toEqual(['/early']);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('may go on behind the answer, and a request may end behind the handshake', () => {
    const text = post('/early');
    const c = new Continuation()
      .early(text.slice(0, 30))
      .serverHello()
      .early(text.slice(30, -10))
      .endOfEarlyData()
      .finished()
      .later(text.slice(-10) + post('/after'))
      .dissected();
    expect(urisOf(c)).toEqual(['/early', '/after']);
    expect(c.found).toHaveLength(2);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('that was refused in the middle of a request does not swallow the request that follows', () => {
    const c = new Continuation()
      .early(post('/early').slice(0, 60))
      .serverHello()
      .finished()
      .later(post('/after'))
      .dissected();
    expect(urisOf(c)).toContain('/after');
    expect(c.found).toMatchObject([{ field: 'body' }]);
    expect(c.flows[0]?.incomplete).not.toContain('decoding-failed');
  });

  it('that was refused has no part in the answers', () => {
    const body = `told ${IMEI}`;
    const c = new Continuation()
      .early('HEAD /early HTTP/1.1\r\nHost: twin.example\r\n\r\n')
      .serverHello()
      .sealed('SERVER_HANDSHAKE_TRAFFIC_SECRET', 22, FINISHED)
      .finished()
      .later(post('/after', 'x'))
      .sealed('SERVER_TRAFFIC_SECRET_0', 23, `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      .dissected();
    expect(urisOf(c)).toEqual(['/early', '/after']);
    // An answer to HEAD would have no body.
    expect(c.found).toMatchObject([{ field: 'body' }]);
  });

  it('with a damaged record does not end the direction', () => {
    const c = new Continuation()
      .early(post('/first'))
      .early(post('/second'), true)
      .serverHello()
      .endOfEarlyData()
      .finished()
      .later(post('/after'))
      .dissected();
    expect(urisOf(c)).toEqual(['/first', '/after']);
    expect(c.flows[0]?.incomplete).toEqual(['decoding-failed']);
  });

  it('announced but not sent changes nothing', () => {
    const c = new Continuation().serverHello().finished().later(post('/after')).dissected();
    expect(urisOf(c)).toEqual(['/after']);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('ends where the handshake does: a record that cannot be opened later is the last', () => {
    const c = new Continuation()
      .early(post('/early'))
      .serverHello()
      .endOfEarlyData()
      .finished()
      .later(post('/after'))
      .early(post('/out-of-place'))
      .later(post('/unread'))
      .dissected();
    expect(urisOf(c)).toEqual(['/early', '/after']);
    expect(c.flows[0]?.incomplete).toEqual(['decoding-failed']);
  });
});
