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

describe('WebSocket from its middle on', () => {
  const said = (i: number): Buffer => wsFrame(`{"n":${i},"imei":"${IMEI}"}`, { mask: MASK + i });
  const middle = (): Conversation => new Conversation({ syn: false });

  it('is recognised by what the client masks; what came before is read as well', () => {
    const t = middle().toClient(wsFrame('{"to":"client"}'));
    for (let i = 0; i < 4; i++) t.toServer(said(i)).toClient(wsFrame(`{"answer to":${i}}`));
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found.map((f) => f.frames)).toEqual([[2], [4], [6], [8]]);
    expect(c.found.every((f) => f.decodings.join() === 'websocket' && f.field === 'body' && f.message !== null)).toBe(
      true,
    );
    expect(told(c).filter((m) => (m as unknown[])[0] === 0)).toHaveLength(4);
    expect(told(c)).toContainEqual([1, 'text', 15, 1, false, false]);
    expect(c.flows[0]).toMatchObject({ application: 'websocket', channel: 'cleartext', incomplete: ['no-syn'] });
    // Every byte of the stream itself is handed on once.
    const raw = c.sequences.filter((s) => s.layer === 'stream' && s.way === 0).map((s) => s.bytes.length);
    expect(raw).toEqual([4 * said(0).length]);
  });

  it('reads frames longer than a segment, several in one, in fragments, compressed', () => {
    const t = middle();
    const long = wsFrame(`${'z'.repeat(4000)}${IMEI}`, { mask: MASK });
    t.toServer(long, 1400).toServer(Buffer.concat([said(1), wsFrame('', { mask: MASK, opcode: 9 })]));
    t.toServer(wsFrame(IMEI.slice(0, 5), { mask: MASK, final: false }));
    t.toServer(wsFrame(IMEI.slice(5), { mask: 7, opcode: 0 }));
    t.toServer(wsFrame(wsDeflate(`{"imei":"${IMEI}"}`), { mask: MASK, compressed: true }));
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found.map((f) => f.decodings.join())).toEqual([
      'websocket',
      'websocket',
      'websocket',
      'websocket,deflate',
    ]);
    expect(told(c)).toContainEqual([0, 'text', 15, 2, false, false]);
  });

  it('is recognised behind bytes that are missing', () => {
    const t = new Conversation().toServer('\x01\x02unknown');
    const lost = t.packets.length;
    t.toServer('the upgrade').toClient('\x03\x04more');
    for (let i = 0; i < 3; i++) t.toServer(said(i));
    t.packets.splice(lost, 1);
    const c = collect(pcap(t.close().packets), { needle: IMEI });
    expect(c.found.map((f) => f.decodings)).toEqual([['websocket'], ['websocket'], ['websocket']]);
  });

  const frames = [said(0), said(1), said(2), said(3)];
  it.each([
    ['whose beginning was seen', () => frames.reduce((t, f) => t.toServer(f), new Conversation())],
    ['with two frames only', () => middle().toServer(said(0)).toServer(said(1))],
    ['without masks', () => frames.reduce((t, _, i) => t.toServer(wsFrame(`{"n":${i}}`)), middle())],
    [
      'whose frames never end with a segment',
      () => middle().toServer(Buffer.concat([...frames, Buffer.from([0x81])]), 29),
    ],
    ['with text that is none', () => frames.reduce((t, f) => t.toServer(spoilt(f)), middle())],
    ['with a long form of a short length', () => frames.reduce((t) => t.toServer(longForm()), middle())],
    [
      'with beginnings inside a message',
      () => frames.reduce((t) => t.toServer(wsFrame('a', { mask: 1, final: false })), middle()),
    ],
  ])('is not believed of a conversation %s', (_, make) => {
    const c = collect(pcap(make().packets));
    expect(told(c)).toEqual([]);
    expect(c.flows[0]).toMatchObject({ application: 'unknown', channel: 'unknown' });
  });

  it('is not believed of chance: a thousand conversations of random segments', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    const packets = Array.from({ length: 1000 }, (_, i) => {
      const t = new Conversation({ syn: false, sourcePort: 10_000 + i });
      for (let n = 0; n < 8; n++) {
        const bytes = Buffer.from(Array.from({ length: 6 + random(60) }, () => random(256)));
        // Half of them begin as a masked frame of text does.
        if (n % 2 === 0) bytes.set([0x81, 0x80 | random(40)]);
        t.toServer(bytes);
      }
      return t.packets;
    });
    const c = collect(pcap(packets.flat()));
    expect(c.flows.filter((f) => f.application === 'websocket')).toEqual([]);
  });

  it('says when more stood before than is kept', () => {
    const t = middle().toServer(wsFrame(Buffer.alloc(300_000, 1), { opcode: 2, mask: MASK }), 60_000);
    for (let i = 0; i < 3; i++) t.toServer(said(i));
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found).toHaveLength(3);
    expect(c.flows[0]?.incomplete).toContain('cap-body');
    expect(c.summary.faults).toMatchObject([{ code: 'cap-body' }]);
  });

  function spoilt(frame: Buffer): Buffer {
    const other = Buffer.from(frame);
    other[10] = (other[10] as number) ^ 0x80;
    return other;
  }

  function longForm(): Buffer {
    return Buffer.from([0x82, 0x80 | 126, 0, 3, 0, 0, 0, 0, 1, 2, 3]);
  }
});
