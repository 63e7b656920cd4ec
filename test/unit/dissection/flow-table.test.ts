import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlowTable } from '../../../main/dissection/flow-table.ts';

const word = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const near = fc.constantFrom(0, 1, -1, 0x0a00_0001);
const side = (words: 1 | 4) =>
  fc
    .tuple(fc.array(fc.oneof(near, word), { minLength: words, maxLength: words }), fc.nat(65_535))
    .map(([address, port]) => ({ address: Int32Array.from([...address, 0, 0, 0].slice(0, 4)), port }));
const packet = fc.constantFrom<4 | 6>(4, 6).chain((family) =>
  fc.record({
    family: fc.constant(family),
    protocol: fc.constantFrom(6, 17),
    a: side(family === 4 ? 1 : 4),
    b: side(family === 4 ? 1 : 4),
  }),
);
type Packet = typeof packet extends fc.Arbitrary<infer T> ? T : never;

const find = (table: FlowTable, { family, protocol, a, b }: Packet): number =>
  table.find(family, protocol, a.address, b.address, a.port, b.port);
const turned = ({ family, protocol, a, b }: Packet): Packet => ({ family, protocol, a: b, b: a });
const textOf = ({ family, protocol, a, b }: Packet): string => {
  const ends = [a, b].map(({ address, port }) => `${[...address].join('.')}:${port}`).sort();
  return `${family} ${protocol} ${ends.join(' ')}`;
};

test('both directions of a conversation have one row, no two conversations have the same, and each keeps what it is', () => {
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 200 }), (packets) => {
      const table = new FlowTable();
      const rows = new Map<string, number>();
      for (const one of packets) {
        const known = rows.get(textOf(one)) ?? -1;
        expect(find(table, turned(one))).toBe(known);
        expect(find(table, one)).toBe(known);
        const row = known === -1 ? table.add(0, 1) : known;
        rows.set(textOf(one), row);
        expect(table.protocol(row)).toBe(one.protocol);
        expect(table.port(row, table.side)).toBe(one.a.port);
        expect(table.port(row, 1 - table.side)).toBe(one.b.port);
      }
      expect(table.count).toBe(rows.size);
    }),
  );
});

test('addresses of IPv4, IPv6 and hardware are told as they came, on either side, and after growing', () => {
  const table = new FlowTable();
  const v6 = Int32Array.from([0x20010db8, 0, 0, 1]);
  const none = new Int32Array(4);
  for (let n = 0; n < 5000; n++) {
    const v4 = Int32Array.from([0xc0a80000 + n, 0, 0, 0]);
    if (table.find(4, 6, v4, none, 1024, 80) === -1) table.add(n, n);
    if (n % 100 === 0 && table.find(6, 17, v6, none, n, 53) === -1) table.add(0, n);
    if (n % 1000 === 0 && table.find(2, 0, Int32Array.from([0, 0, 0x9c99, n]), none, 0, 0) === -1) table.add(0, n);
  }
  const of = (
    family: number,
    protocol: number,
    address: Int32Array,
    port: number,
    other: number,
  ): readonly string[] => {
    const row = table.find(family, protocol, none, address, other, port);
    return [table.address(row, 1 - table.side), table.address(row, table.side)];
  };
  expect(of(4, 6, Int32Array.from([0xc0a80000 + 4321, 0, 0, 0]), 1024, 80)).toEqual(['192.168.16.225', '0.0.0.0']);
  expect(of(6, 17, v6, 4900, 53)).toEqual(['2001:db8::1', '::']);
  expect(of(2, 0, Int32Array.from([0, 0, 0x9c99, 3000]), 0, 0)[0]).toBe('9c:99:00:00:0b:b8');
});

test('what was counted of a conversation stays when there is no more room, also where most columns hold nothing', () => {
  const table = new FlowTable();
  const end = Int32Array.of(7, 0, 0, 0);
  const busy = (row: number): boolean => row % 1009 === 3 || row > 19_990;
  for (let n = 0; n < 20_000; n++) {
    expect(table.find(4, 6, Int32Array.of(n, 0, 0, 0), end, 1, 2)).toBe(-1);
    const row = table.add(n, 5e15 + n);
    table.setBaseSeq(row, 1, 0xffff_0000 + (n & 0xff));
    if (!busy(row)) continue;
    table.seen(row, 5e15 + n + 17);
    table.payload[row * 2 + 1] = n + 0.5;
    table.readable[row * 2] = n + 0.25;
    table.release(row, [{ side: 1, offset: 2 ** 40 + n, nextSeq: n * 7 }]);
    table.packets[row * 2] = n + 9;
  }
  for (let row = 0; row < table.count; row++) {
    const told = [
      table.firstUs[row],
      table.lastUs(row),
      table.payload[row * 2 + 1],
      table.readable[row * 2],
      table.releasedOffset(row, 1),
      table.nextSeq(row, 1),
      table.packets[row * 2],
      table.baseSeq[row * 2 + 1],
      table.streamIndex[row],
    ];
    const counted = busy(row)
      ? [5e15 + row + 17, row + 0.5, row + 0.25, 2 ** 40 + row, row * 7, row + 9]
      : [5e15 + row, 0, 0, 0, (0xffff_0000 + (row & 0xff) + 1) >>> 0, 0];
    expect(told).toEqual([5e15 + row, ...counted, 0xffff_0000 + (row & 0xff), row]);
  }
});

test('conversations whose hash is the same, or that differ in one word of an address, are not one', () => {
  const table = new FlowTable();
  const server = Int32Array.of(0x7f00_0001, 0, 0, 0);
  for (const [address, port] of [
    [0x0a00_0000 + 59_146, 4713],
    [0x0a00_0000 + 116_644, 6778],
  ] as const) {
    expect(table.find(4, 6, Int32Array.of(address, 0, 0, 0), server, port, 80)).toBe(-1);
    table.add(0, 1);
  }
  for (let differing = 0; differing < 8; differing++) {
    const words = Int32Array.from({ length: 8 }, (_, i) => (i === differing ? 99 : i));
    expect(table.find(6, 6, words.subarray(0, 4), words.subarray(4), 1, 2)).toBe(-1);
    table.add(0, 1);
  }
  expect(table.count).toBe(10);
});

test('where a released conversation goes on stays, also where the base of its numbers is only learned later', () => {
  const table = new FlowTable();
  const address = Int32Array.of(1, 0, 0, 0);
  table.find(4, 6, address, address, 1, 2);
  const row = table.add(0, 1);
  for (const nextSeq of [0, 1, 5, 0xffff_ffff]) {
    table.release(row, [
      { side: 0, offset: 3, nextSeq },
      { side: 1, offset: 4, nextSeq: 77 },
    ]);
    for (const base of [0, 4, 0xffff_fffe]) {
      table.setBaseSeq(row, 0, base);
      expect([
        table.nextSeq(row, 0),
        table.nextSeq(row, 1),
        table.releasedOffset(row, 0),
        table.releasedOffset(row, 1),
      ]).toEqual([nextSeq, 77, 3, 4]);
    }
  }
});

test('the last packet is the one that came last, also where its time is earlier', () => {
  const table = new FlowTable();
  const address = Int32Array.of(1, 0, 0, 0);
  table.find(4, 6, address, address, 1, 2);
  const row = table.add(0, 1_407_398_400_000_000);
  expect(table.lastUs(row)).toBe(1_407_398_400_000_000);
  for (const us of [1_407_398_400_000_007, 1_407_398_399_999_999, 1_407_398_400_000_000]) {
    table.seen(row, us);
    expect(table.lastUs(row)).toBe(us);
  }
});
