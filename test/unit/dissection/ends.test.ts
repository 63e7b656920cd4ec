import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KeyLog } from '../../../main/dissection/keylog/key-log.ts';
import { type Collected, collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { EXCHANGES } from './keylog/tls-exchanges.ts';
import { pcap } from './packet-builder.ts';
import { WS_ASK, wsConsent, wsFrame } from './websocket-frames.ts';

const IMEI = '490154203237518';

function allEnd(c: Collected): void {
  expect(c.sequences.filter((s) => !s.ended)).toEqual([]);
}

// Found by fuzzing (test/fuzz, seeds 17, 245 and 293): what came behind the end of a direction was never closed nor told.
describe('bytes behind an end that was none', () => {
  it('are read, and what they begin is told: WebSocket behind a reset', () => {
    const t = new Conversation().toServer(WS_ASK).toClient(wsConsent());
    t.packets.push(t.serverSegment(0, '', 'R'));
    t.toClient(wsFrame(`{"imei":"${IMEI}"`, { final: false }));
    const c = collect(pcap(t.packets), { needle: IMEI });
    allEnd(c);
    expect(c.messages.at(-1)).toMatchObject({ kind: 'websocket-message', fields: { incomplete: true } });
  });

  it.each(EXCHANGES.map((one) => [one.name, one] as const))('are read, deciphered ones too: %s', (_, one) => {
    const t = new Conversation({ targetPort: 443 });
    for (const [i, [way, bytes]] of one.exchange.entries()) {
      if (i === one.exchange.length - 2) t.packets.push(t.serverSegment(0, '', 'R'));
      if (way === 0) t.toServer(Buffer.from(bytes, 'base64'), 400);
      else t.toClient(Buffer.from(bytes, 'base64'), 400);
    }
    const keyLog = new KeyLog();
    keyLog.add(Buffer.from(one.keyLog));
    const c = collect(pcap(t.packets), { keyLog, needle: IMEI });
    allEnd(c);
    expect(c.found).not.toEqual([]);
    const kinds = c.messages.map((m) => m.kind);
    expect(kinds).toContain('http-request');
    expect(kinds).toContain('http-response');
  });
});

describe('a change of protocol while the other side is in the middle of a message', () => {
  const body = gzipSync(JSON.stringify({ imei: IMEI, pad: 'p'.repeat(90) }));
  const head = `POST /half HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length + 50}\r\n\r\n`;

  it.each(['websocket', 'h2c', 'other'])('ends that message and tells it: %s', (protocol) => {
    const t = new Conversation().toServer(Buffer.concat([Buffer.from(head), body]), 40);
    t.toClient(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${protocol}\r\nConnection: Upgrade\r\n\r\n`);
    const c = collect(pcap(t.close().packets), { needle: IMEI });
    allEnd(c);
    const request = c.messages.find((m) => m.kind === 'http-request');
    expect(request?.fields).toMatchObject({ uri: '/half', incomplete: true });
    expect(c.found).toHaveLength(1);
  });

  it('hands on the few bytes that were held back until they could be recognised', () => {
    const t = new Conversation();
    t.toServer('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n');
    t.toClient('HTTP/1.1 200 OK\r\n\r\n').toServer('GE');
    t.toClient('HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n').toServer('T z');
    const c = collect(pcap(t.close().packets));
    allEnd(c);
    const sent = c.sequences.filter((s) => s.layer === 'stream' && s.way === 0).map((s) => s.bytes.toString('latin1'));
    expect(sent.join('')).toContain('GET z');
  });
});
