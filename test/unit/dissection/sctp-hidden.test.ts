import { describe, expect, it } from 'vitest';
import { createDissector } from '../../../main/dissection/dissector.ts';
import type { CaptureFault } from '../../../main/dissection/sink.ts';
import { patternsOf } from '../analysis/feeding.ts';
import { findingsIn } from '../analysis/findings-of-capture.ts';
import { type Collected, collect } from './collector.ts';
import { pcap } from './packet-builder.ts';
import { IMEI } from './protocol-fixtures.ts';
import { chunk, data, filledWith, interleaved, sctp, type SctpOptions } from './sctp-builder.ts';

function texts(c: Collected): string[] {
  return c.sequences.filter((s) => s.layer === 'stream').map((s) => s.bytes.toString('latin1'));
}

describe('a chunk of SCTP under a number that was there', () => {
  /** FNV-1a of 32 bits, for which a sender can build other bytes in no time. */
  const fnv = (text: string): number =>
    Array.from(Buffer.from(text)).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5 | 0);

  it.each(['BE', 'B', ''])('searches other data under the same number, built to have the same hash (%j)', (flags) => {
    const [harmless, hidden] = ['lang=zh-TW&time=8&l=&n=b0A-jXAp', `imei=${IMEI}&n=o514clPV`];
    expect([fnv(hidden), hidden.length]).toEqual([fnv(harmless), harmless.length]);
    const c = collect(pcap([sctp([data(1, harmless, { flags })]), sctp([data(1, hidden, { flags })])]), {
      needle: IMEI,
    });
    expect(texts(c).sort()).toEqual([hidden, harmless].sort());
    expect(c.found).toMatchObject([{ frames: [2] }]);
    expect(c.flows[0]?.incomplete).toContain('overlap-conflict');
  });

  it.each([
    ['another part of its message', {}, { flags: 'B' }],
    ['in another stream', {}, { stream: 1 }],
    ['out of all order', {}, { flags: 'BEU' }],
    ['of another message', {}, { number: 1 }],
    ['for another protocol', {}, { payload: 46 }],
  ])('takes the same data under the same number for a contradiction where it is %s', (_, first, second) => {
    const c = collect(pcap([sctp([data(1, 'one', first)]), sctp([data(1, 'one', second)])]));
    expect(texts(c)).toEqual(['one', 'one']);
    expect(c.flows[0]?.incomplete).toEqual(['overlap-conflict']);
  });

  it('takes the same data in a chunk of the other kind for a contradiction', () => {
    const c = collect(pcap([sctp([data(1, 'one')]), sctp([interleaved(1, 'one')])]));
    expect(texts(c)).toEqual(['one', 'one']);
    expect(c.flows[0]?.incomplete).toEqual(['overlap-conflict']);
  });

  it('takes a chunk sent again that asks for an early answer for what it is (RFC 7053)', () => {
    const urgent = data(1, 'one');
    urgent[1] = (urgent[1] as number) | 8;
    const c = collect(pcap([sctp([data(1, 'one')]), sctp([urgent])]));
    expect(texts(c)).toEqual(['one']);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });
});

describe('what fills chunks of SCTP up to the next one', () => {
  const joined = (c: Collected): string[] =>
    c.sequences.filter((s) => s.decodings.join() === 'sctp-padding').map((s) => s.bytes.toString('latin1'));

  it('searches what fills chunks up to the next one behind their content, as far as it is not zero', () => {
    const cut = IMEI.length - 2;
    const packets = [
      sctp([filledWith(IMEI.slice(cut), data(1, `a${IMEI.slice(0, cut)}`)), data(2, 'b')]),
      sctp([filledWith(IMEI.slice(cut), chunk(200, 0, Buffer.from(`c${IMEI.slice(0, cut)}`))), data(3, 'd')]),
    ];
    const c = collect(pcap(packets), { needle: IMEI });
    expect(texts(c)).toEqual([`a${IMEI}`, 'b', `c${IMEI}`, 'd']);
    expect(c.found).toMatchObject([
      { frames: [1], streamOffset: 1 },
      { frames: [2], streamOffset: 1 + IMEI.length + 1 + 1 },
    ]);
    expect(c.flows[0]).toMatchObject({ payloadBytes: [34, 0], readableBytes: [34, 0], incomplete: [] });
    expect(joined(c)).toEqual([IMEI.slice(cut).repeat(2)]);
  });

  it('finds what is spread over the fillings of chunks, in the frames that bring it, once', () => {
    const part = (i: number): string => IMEI.slice(i * 3, i * 3 + 3);
    const c = collect(
      pcap([
        sctp([data(1, 'zero'), filledWith(part(0), data(2, 'a', { flags: 'B' }))]),
        sctp([filledWith(part(1), data(3, 'b', { flags: 'E' })), data(4, 'x')]),
        // Sent again, and the other side's: neither is part of it.
        sctp([filledWith(part(1), data(3, 'b', { flags: 'E' }))]),
        sctp([filledWith('zzz', data(1, 'y'))], { back: true }),
        sctp([
          filledWith(part(2), chunk(4, 0, Buffer.from('h'))),
          filledWith(part(3), chunk(200, 0, Buffer.from('u'))),
        ]),
        sctp([filledWith(part(4), data(5, 'e'))]),
      ]),
      { needle: IMEI },
    );
    expect(joined(c).sort()).toEqual([IMEI, 'zzz']);
    expect(c.found).toMatchObject([
      { layer: 'body', decodings: ['sctp-padding'], frames: [1, 2, 5, 6], streamOffset: 'zero'.length },
    ]);
    expect(texts(c)).toEqual([
      'zero',
      part(0),
      'ab',
      part(1),
      'x',
      'yzzz',
      `h${part(2)}`,
      `u${part(3)}`,
      `e${part(4)}`,
    ]);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('searches other bytes that fill a chunk sent again', () => {
    const c = collect(pcap([sctp([data(1, 'a')]), sctp([filledWith('new', data(1, 'a'))])]));
    expect(texts(c)).toEqual(['a', 'new']);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('joins what fills the chunks of one association, not those of the next between the same ends', () => {
    const c = collect(
      pcap([sctp([filledWith('xyz', data(1, 'a'))]), sctp([filledWith('uvw', data(1, 'a'))], { tag: 99 })]),
    );
    expect(joined(c)).toEqual(['xyz', 'uvw']);
  });

  it('counts what it remembers of fillings, as long as it does', () => {
    const faultsOf = (packets: Iterable<Buffer>): readonly CaptureFault[] => {
      const ignored = (): void => undefined;
      const dissector = createDissector({ run: ignored, endSequence: ignored, message: ignored, flow: ignored });
      dissector.push(pcap([]));
      for (const packet of packets) dissector.push(pcap([packet]).subarray(24));
      return dissector.finish().faults;
    };
    // The most of which every filling is remembered.
    const chunks = Array.from({ length: 511 }, (_, i) => filledWith('xyz', data(i, 'a')));
    function* packets(lives: number, of: (life: number) => SctpOptions): Generator<Buffer> {
      for (let life = 0; life < lives; life++) yield sctp(chunks, of(life));
    }
    // Numbers alone are fewer than may be remembered.
    expect(faultsOf(packets(260, (life) => ({ sourcePort: 2000 + life })))).toMatchObject([
      { code: 'cap-connections' },
    ]);
    // Of an association that is over nothing is remembered.
    expect(faultsOf(packets(520, (life) => ({ tag: 1 + life })))).toEqual([]);
  });

  it('hands on what it joined many bytes at a time: each piece is searched with all that stand before it', () => {
    const runs: number[] = [];
    const dissector = createDissector({
      run: ({ decodings, start, end }) => void (decodings[0] === 'sctp-padding' && runs.push(end - start)),
      endSequence: () => undefined,
      message: () => undefined,
      flow: () => undefined,
    });
    const spread = Array.from({ length: 1000 }, (_, i) => sctp([filledWith('xyz', data(i, 'a'))]));
    dissector.push(pcap(spread));
    // Not only when all is over.
    expect(runs.length).toBeGreaterThan(5);
    dissector.finish();
    expect(runs.reduce((sum, bytes) => sum + bytes, 0)).toBe(3000);
    expect(runs.length).toBeLessThan(20);
  });

  it('says where what is joined was cut because too many associations were open', () => {
    const filled = (port: number): Buffer => sctp([filledWith('xyz', data(1, 'a'))], { sourcePort: port });
    const many = Array.from({ length: 4097 }, (_, i) => filled(10_000 + i));
    expect(collect(pcap(many.slice(1))).summary.faults).toEqual([]);
    expect(collect(pcap(many)).summary.faults).toMatchObject([{ code: 'cap-connections', count: 1 }]);
  });

  it('gives a finding with the frames that bring it, however many there are', () => {
    const first = 1200;
    const packets = Array.from({ length: 3000 }, (_, i) => sctp([filledWith(IMEI[i - first] ?? 'x', data(i, 'a'))]));
    const capture = pcap(packets);
    const frames = Array.from(IMEI, (_digit, i) => first + 1 + i);
    expect(collect(capture, { needle: IMEI }).found.map((one) => one.frames)).toEqual([frames]);
    const [found, ...others] = findingsIn(capture, patternsOf(['I1']));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ rule: 'identifier-transmitted', decodings: ['sctp-padding'], transform: [] });
    expect(found?.frames.map(({ frame }) => frame)).toEqual(frames);
    expect(found?.streamOffset).toBe(first * 4 + 1);
  });
});
