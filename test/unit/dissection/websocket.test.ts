import { describe, expect, it } from 'vitest';
import { bodies, collect, type Collected } from './collector.ts';
import { Conversation } from './conversation.ts';
import { talkWebSocketHttp2 } from './http2-talk.ts';
import { pcap } from './packet-builder.ts';
import { wsConsent, wsDeflate, wsFrame, WS_ASK } from './websocket-frames.ts';

const IMEI = '490154203237518';
const MASK = 0x8badf00d;

function opened(extensions = ''): Conversation {
  return new Conversation().toServer(WS_ASK).toClient(wsConsent(extensions));
}

function told(c: Collected): unknown[] {
  return c.messages
    .filter((m) => m.kind === 'websocket-message')
    .map(({ way, fields: f }) => [
      way,
      f['opcode'],
      f['bytes'],
      f['fragments'],
      f['compressed'],
      f['incomplete'] ?? false,
    ]);
}

const texts = (c: Collected): string[] => bodies(c).map((b) => b.bytes.toString('latin1'));

describe('WebSocket', () => {
  it('reads the frames of RFC 6455, 5.7', () => {
    const t = opened();
    t.toServer(Buffer.from('818537fa213d7f9f4d5158', 'hex'));
    t.toClient(Buffer.from('810548656c6c6f', 'hex')).toClient(Buffer.from('010348656c80026c6f', 'hex'));
    t.toClient(Buffer.from('890548656c6c6f', 'hex')).toServer(Buffer.from('8a8537fa213d7f9f4d5158', 'hex'));
    t.toClient(wsFrame(Buffer.alloc(256, 1), { opcode: 2 })).toClient(
      wsFrame(Buffer.alloc(65_536, 2), { opcode: 2 }),
      1400,
    );
    const c = collect(pcap(t.packets));
    expect(told(c)).toEqual([
      [0, 'text', 5, 1, false, false],
      [1, 'text', 5, 1, false, false],
      [1, 'text', 5, 2, false, false],
      [1, 'ping', 5, 1, false, false],
      [0, 'pong', 5, 1, false, false],
      [1, 'binary', 256, 1, false, false],
      [1, 'binary', 65_536, 1, false, false],
    ]);
    expect(texts(c).slice(0, 5)).toEqual(['Hello', 'Hello', 'Hello', 'Hello', 'Hello']);
    expect(c.flows[0]).toMatchObject({ application: 'websocket', channel: 'cleartext', incomplete: [] });
  });

  it('undoes the compressed messages of RFC 7692, 7.2.3', () => {
    const t = opened('permessage-deflate');
    // One block; the same again, which refers to the first; in two fragments; a stored block; a final block.
    t.toClient(Buffer.from('c107f248cdc9c90700', 'hex')).toClient(Buffer.from('c105f200110000', 'hex'));
    t.toClient(Buffer.from('4103f248cd8004c9c90700', 'hex'));
    t.toClient(Buffer.from('c10b000500faff48656c6c6f00', 'hex')).toClient(Buffer.from('c108f348cdc9c9070000', 'hex'));
    const c = collect(pcap(t.packets));
    expect(texts(c)).toEqual(['Hello', 'Hello', 'Hello', 'Hello', 'Hello']);
    expect(bodies(c).every((b) => b.decodings.join() === 'websocket,deflate' && b.ended)).toBe(true);
    expect(told(c)).toEqual(Array.from({ length: 5 }, (_, i) => [1, 'text', 5, i === 2 ? 2 : 1, true, false]));
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('keeps the context of each side as it was agreed', () => {
    const [one, two] = [Buffer.from('the same words again and again'), Buffer.from('again the same words and more')];
    const frames = [wsFrame(wsDeflate(one), { compressed: true }), wsFrame(wsDeflate(two, one), { compressed: true })];
    const takeover = opened('permessage-deflate; client_no_context_takeover').toClient(Buffer.concat(frames));
    expect(texts(collect(pcap(takeover.packets)))).toEqual([one.toString(), two.toString()]);
    const fresh = frames.map((_, i) => wsFrame(wsDeflate(i === 0 ? one : two), { compressed: true, mask: MASK }));
    const none = opened('permessage-deflate; client_no_context_takeover').toServer(Buffer.concat(fresh));
    expect(texts(collect(pcap(none.packets)))).toEqual([one.toString(), two.toString()]);
  });

  it('names the packets that brought what was found, masked, split, and compressed', () => {
    const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i * 31 + (i >> 3) * 7) & 255));
    const plain = Buffer.concat([noise, Buffer.from(IMEI), noise]);
    for (const [payload, compressed, extensions] of [
      [plain, false, ''],
      [wsDeflate(plain), true, 'permessage-deflate'],
    ] as const) {
      const t = opened(extensions);
      const first = t.packets.length + 1;
      t.toServer(wsFrame(payload, { mask: MASK, compressed, opcode: 2 }), 500);
      const c = collect(pcap(t.packets), { needle: IMEI });
      expect(c.found).toHaveLength(1);
      const { frames = [], streamOffset = 0, message, field } = c.found[0] ?? {};
      expect(frames.length).toBeLessThanOrEqual(2);
      expect(frames[0]).toBe(first + Math.floor((streamOffset - WS_ASK.length) / 500));
      expect([message, field]).toEqual([2, 'body']);
    }
  });

  it('gives the same however it is cut into packets', () => {
    const one = Buffer.from(`first ${'word '.repeat(60)}`);
    const frames = Buffer.concat([
      wsFrame('plain', { mask: MASK, final: false }),
      wsFrame('beat', { opcode: 9, mask: 1 }),
      wsFrame(` and ${IMEI}`, { mask: MASK, opcode: 0 }),
      wsFrame(wsDeflate(one).subarray(0, 9), { mask: 77, compressed: true, final: false }),
      wsFrame(wsDeflate(one).subarray(9), { mask: 78, opcode: 0 }),
      wsFrame(wsDeflate(Buffer.from(`${IMEI} ${one.toString()}`), one), { mask: 79, compressed: true }),
      wsFrame(Buffer.from('\x03\xe8bye', 'latin1'), { opcode: 8, mask: 80 }),
    ]);
    const essence = (piece: number): unknown => {
      const c = collect(pcap(opened('permessage-deflate').toServer(frames, piece).packets), { needle: IMEI });
      return [told(c), texts(c), c.found.map((f) => [f.field, f.message, f.decodings])];
    };
    const whole = essence(10_000);
    expect(whole).toMatchObject([{ length: 5 }, { length: 5 }, { length: 2 }]);
    for (const piece of [1, 2, 3, 5, 13, 64]) expect(essence(piece)).toEqual(whole);
  });

  it('loses one message to a gap within it, and finds the frames again after any other', () => {
    const long = wsFrame(`${'a'.repeat(885)}${IMEI}`, { mask: MASK });
    const inside = opened().toServer(long.subarray(0, 300));
    inside.packets.push(inside.clientSegment(102, Buffer.concat([long.subarray(402), wsFrame(IMEI, { mask: 5 })])));
    const a = collect(pcap(inside.packets), { needle: IMEI });
    expect(told(a)).toEqual([
      [0, 'text', 798, 1, false, true],
      [0, 'text', 15, 1, false, false],
    ]);
    expect(a.found.map((f) => f.message)).toEqual([2, 3]);

    const across = opened().toServer(long.subarray(0, 300));
    across.packets.push(across.clientSegment(2000, wsFrame(`imei ${IMEI}`, { mask: 6 })));
    const b = collect(pcap(across.packets), { needle: IMEI });
    expect(b.found).toHaveLength(1);
    expect(b.flows[0]?.incomplete).toEqual(['tcp-gap', 'protocol-resync', 'message-cut']);
  });

  it('says what it could not undo, and what would grow without end', () => {
    // A stored block with what can be read, then a block of a kind that does not exist.
    const broken = Buffer.concat([Buffer.from('000f00f0ff', 'hex'), Buffer.from(IMEI), Buffer.from([7, 1, 2])]);
    const t = opened('permessage-deflate').toServer(wsFrame(broken, { mask: MASK, compressed: true }));
    const damaged = collect(pcap(t.packets), { needle: IMEI });
    expect(damaged.flows[0]?.incomplete).toEqual(['decoding-failed']);
    expect(damaged.found).toHaveLength(1);
    const bomb = wsDeflate(Buffer.alloc(20 * 1024 * 1024));
    const grown = collect(
      pcap(opened('permessage-deflate').toServer(wsFrame(bomb, { mask: 3, compressed: true }), 1400).packets),
    );
    expect(grown.flows[0]?.incomplete).toEqual(['cap-inflate']);
    expect(bodies(grown)[0]?.bytes.length).toBe(16 * 1024 * 1024);
  });
});

describe('WebSocket over HTTP/2 (RFC 8441)', () => {
  const ask = wsFrame(`{"imei":"${IMEI}"}`, { mask: MASK });
  const reply = wsFrame('{"ok":1}');

  async function captureOf(
    turns: readonly (readonly [Buffer, Buffer])[],
    offer: Readonly<Record<string, string>> = {},
    answer: Readonly<Record<string, string | number>> = offer,
    pieceBytes = 1400,
  ): Promise<Conversation> {
    const t = new Conversation({ targetPort: 8080 });
    for (const { toServer, bytes } of await talkWebSocketHttp2(offer, answer, turns)) {
      if (toServer) t.toServer(bytes, pieceBytes);
      else t.toClient(bytes, pieceBytes);
    }
    return t;
  }

  it.each([1400, 1, 7])('unmasks what the client says, in segments of %i bytes', async (pieceBytes) => {
    const t = await captureOf([[ask, reply]], {}, {}, pieceBytes);
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(told(c)).toEqual([
      [0, 'text', 26, 1, false, false],
      [1, 'text', 8, 1, false, false],
    ]);
    expect(c.found).toMatchObject([{ decodings: ['http2', 'websocket'], field: 'body', channel: 'cleartext' }]);
    expect(c.messages.find((m) => m.index === c.found[0]?.message)?.kind).toBe('websocket-message');
    expect(
      c.messages.filter((m) => m.kind !== 'websocket-message').map((m) => [m.kind, m.fields['bodyBytes']]),
    ).toEqual(
      expect.arrayContaining([
        ['http-request', ask.length],
        ['http-response', reply.length],
      ]),
    );
    expect(c.flows[0]).toMatchObject({ application: 'http2', incomplete: [] });
  });

  it('undoes what both sides agreed to compress, a frame over several of HTTP/2', async () => {
    const named = { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' };
    const text = `{"imei":"${IMEI}","filler":"${'x'.repeat(40)}"}`;
    const packed = wsFrame(wsDeflate(text), { mask: MASK, compressed: true });
    const answer = wsFrame(wsDeflate(text), { compressed: true });
    const half = Buffer.from(packed.subarray(0, 22));
    const t = await captureOf(
      [
        [half, reply],
        [Buffer.from(packed.subarray(22)), answer],
      ],
      named,
      { 'sec-websocket-extensions': 'permessage-deflate' },
    );
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found.map((f) => f.decodings)).toEqual([
      ['http2', 'websocket', 'deflate'],
      ['http2', 'websocket', 'deflate'],
    ]);
    expect(c.found[0]?.frames.length).toBeGreaterThan(1);
  });

  it('of a stream that the server refuses, or of another protocol, is no WebSocket', async () => {
    const kinds = async (offer: Record<string, string>, answer: Record<string, string | number>): Promise<string[]> => {
      const c = collect(pcap((await captureOf([[ask, reply]], offer, answer)).packets), { needle: '{"ok":1}' });
      expect(c.found.map((f) => f.decodings)).toContainEqual(['http2']);
      return c.messages.map((m) => m.kind).filter((kind) => kind === 'websocket-message');
    };
    expect(await kinds({}, { ':status': 404 })).toEqual([]);
    expect(await kinds({ ':protocol': 'connect-udp' }, {})).toEqual([]);
  });

  it('what is no frame is content, and searched', async () => {
    const t = await captureOf([[Buffer.from(`\xff no frame, imei=${IMEI}`, 'latin1'), reply]]);
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found.map((f) => f.decodings)).toContainEqual(['http2']);
    expect(c.flows[0]?.incomplete).toContain('protocol-resync');
  });

  it('goes on behind bytes that are missing within a frame', async () => {
    const long = wsFrame(`${'y'.repeat(3000)}${IMEI}`, { mask: MASK });
    const t = await captureOf([[long, reply]], {}, {}, 1000);
    const cut = t.packets.findIndex((p, i) => i > 3 && p.length > 1000 && (t.packets[i - 1]?.length ?? 0) > 1000);
    t.packets.splice(cut, 1);
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found.map((f) => f.decodings)).toEqual([['http2', 'websocket']]);
    expect(told(c)).toContainEqual([0, 'text', 3015 - 1000, 1, false, true]);
  });
});
