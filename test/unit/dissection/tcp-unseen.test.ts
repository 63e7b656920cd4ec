import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnseenRanges } from '../../../main/dissection/unseen-ranges.ts';
import { collect, streamText } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap } from './packet-builder.ts';

const needle = '356938035643809';
const request = `GET /a?imei=${needle} HTTP/1.1\r\nHost: a.example\r\n\r\n`;
const framesOf = (packets: readonly Buffer[]): (readonly number[])[] =>
  collect(pcap(packets), { needle }).found.map(({ frames }) => frames);

describe('bytes behind what was handed on, which nobody saw before', () => {
  it('of which an acknowledgement was seen first, where the capture begins, are the beginning of the stream', () => {
    const t = new Conversation({ syn: false });
    const packets = [
      t.clientSegment(request.length, '', 'A'),
      t.clientSegment(0, request),
      t.clientSegment(0, request),
    ];
    const c = collect(pcap(packets), { needle });
    expect(streamText(c, 0, 0)).toBe(request);
    expect(c.found).toMatchObject([{ frames: [2], field: 'uri' }]);
    expect(c.flows[0]?.incomplete).toEqual(['no-syn']);
  });

  it('are searched as they lie where the capture begins with two swapped packets, once however often they come', () => {
    const t = new Conversation({ syn: false, targetPort: 9999 });
    const [first, second] = [t.clientSegment(0, `one ${needle} `), t.clientSegment(20, 'x'.repeat(30))];
    expect(framesOf([second, first, first, second, first])).toEqual([[2]]);
    const c = collect(pcap([second, first]));
    expect(c.flows[0]?.incomplete).toEqual(expect.arrayContaining(['tcp-gap']));
  });

  it('are searched where a hole was given up before its bytes came', () => {
    const t = new Conversation({ targetPort: 9999 }).toServer('begin ');
    const missing = `id=${needle};`;
    const late = t.clientSegment(0, missing);
    const packets = [...t.packets];
    for (let i = 0; i < 1100; i += 1) packets.push(t.clientSegment(missing.length + 10 * i, '0123456789'));
    packets.push(late, late, t.clientSegment(0, `${missing}0123456789`));
    expect(framesOf(packets)).toEqual([[4 + 1100 + 1]]);
  });

  it('are searched where another life of the connection, whose opening nobody saw, counts from a lower number', () => {
    const first = new Conversation({ clientSeq: 3_000_000_000, serverSeq: 3_000_000_000 }).toServer(request).close();
    const second = new Conversation({ syn: false, clientSeq: 1_500_000_000, serverSeq: 1_500_000_000 });
    second.toServer(request).toClient(`HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n${needle}`);
    const [again = Buffer.alloc(0), answer = Buffer.alloc(0)] = second.packets;
    expect(framesOf([...first.packets, again, answer, again, answer])).toEqual([[4], [7], [8]]);
  });

  it('are searched in each of many holes, and what is forgotten beyond them is told', () => {
    const parts = (count: number): { found: number; incomplete: readonly string[] | undefined } => {
      const t = new Conversation({ targetPort: 9999 }).toServer('begin ');
      const holes = [...t.packets];
      for (let n = count; n > 0; n--) holes.push(t.clientSegment(100 * n, `-${n}-`));
      for (let n = 1; n < count; n++) holes.push(t.clientSegment(100 * n + 10, `id=${needle};`));
      const c = collect(pcap(holes), { needle });
      return { found: c.found.length, incomplete: c.flows[0]?.incomplete };
    };
    expect(parts(900)).toMatchObject({ found: 899 });
    const { found, incomplete } = parts(6000);
    expect(found).toBeGreaterThan(1000);
    expect(found).toBeLessThan(5999);
    expect(incomplete).toContain('cap-out-of-order');
  });

  it('a range beyond those that are remembered is forgotten, and that is told', () => {
    const ranges = new UnseenRanges();
    let told = 0;
    for (let n = 1; n < 1024; n++) if (!ranges.lost(100 * n, 100 * n + 10)) told++;
    expect(told).toBe(0);
    expect(ranges.take(105, 107, () => {})).toBe(false);
    expect(ranges.lost(200_000, 200_010)).toBe(false);
    const seen: number[][] = [];
    ranges.take(0, 300_000, (from, to) => seen.push([from, to]));
    // The two farthest back are forgotten, but for the one that has no beginning.
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([1023, [200, 210], [200_000, 200_010]]);
    ranges.take(-500, -400, (from, to) => seen.push([from, to]));
    expect(seen.at(-1)).toEqual([-500, -400]);
  });

  it('do not make a byte of a keep-alive, or a repeated packet, one that was not seen', () => {
    const t = new Conversation({ targetPort: 9999 }).toServer(`id=${needle};`);
    const packets = [...t.packets, t.clientSegment(-1, 'x'), t.clientSegment(-19, `id=${needle};`)];
    const c = collect(pcap(packets), { needle });
    expect(c.found).toHaveLength(1);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });
});

it('a byte that was lost is given once, whatever comes of it and in which order', () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), fc.array(range, { maxLength: 30 }), (lost, brought) => {
      const ranges = new UnseenRanges();
      const unseen = new Set(Array.from({ length: 40 }, (_, i) => i - 40));
      let at = 0;
      for (const [gap, seen] of lost) {
        ranges.lost(at, at + gap);
        for (let i = at; i < at + gap; i += 1) unseen.add(i);
        at += gap + seen;
      }
      for (const [shift, length] of brought) {
        const from = (shift * 13) % (at + 40);
        const parts: number[] = [];
        ranges.take(from - 40, from - 40 + length, (a, b) => {
          for (let i = a; i < b; i += 1) parts.push(i);
        });
        const expected = Array.from({ length }, (_, i) => from - 40 + i).filter((i) => unseen.has(i));
        expect([...parts].sort((a, b) => a - b)).toEqual(expected);
        for (const i of parts) unseen.delete(i);
      }
    }),
  );
});
