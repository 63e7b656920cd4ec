import { describe, expect, it } from 'vitest';
import { isOnlyCut } from '../../../main/dissection/pcapng-blocks.ts';
import { collect } from './collector.ts';
import { block, dns, ipv4, pcap, PcapngBuilder, udp, udpDatagram } from './packet-builder.ts';

const QUERY = udp(40_000, 53, dns('example.com', 1));

describe('pcap', () => {
  const first = 1_407_405_600_000_000;

  it.each([
    ['microseconds, little endian', 0xa1b2c3d4, true, 1_000],
    ['microseconds, big endian', 0xa1b2c3d4, false, 1_000],
    ['nanoseconds, little endian', 0xa1b23c4d, true, 1],
    ['nanoseconds, big endian', 0xa1b23c4d, false, 1],
    ['Kuznetzov, little endian', 0xa1b2cd34, true, 1_000],
    ['Kuznetzov, big endian', 0xa1b2cd34, false, 1_000],
  ])('%s', (_, magic, littleEndian, stepUs) => {
    const c = collect(pcap([QUERY, QUERY], { magic, littleEndian, stepUnits: 1000 }));
    expect(c.summary).toMatchObject({ format: 'pcap', packets: 2, udpFlows: 1, faults: [] });
    expect(c.messages.map((m) => [m.frame, m.fields['name'], m.atUs])).toEqual([
      [1, 'example.com', first],
      [2, 'example.com', first + stepUs],
    ]);
  });

  it('keeps what stands before a cut and says where', () => {
    const whole = pcap([QUERY, QUERY]);
    const c = collect(whole.subarray(0, whole.length - 5));
    expect(c.summary.packets).toBe(1);
    expect(c.summary.faults).toEqual([
      {
        code: 'cut-in-record',
        count: 1,
        frame: 1,
        offsetBytes: 24 + 16 + QUERY.length,
        detail: expect.stringContaining('record') as string,
      },
    ]);
  });

  it('keeps what stands before a record of impossible length', () => {
    const bad = pcap([QUERY, QUERY]);
    bad.writeUInt32LE(0x7fffffff, 24 + 16 + QUERY.length + 8);
    const c = collect(bad);
    expect(c.summary.packets).toBe(1);
    expect(c.summary.faults[0]).toMatchObject({ code: 'bad-record', offsetBytes: 24 + 16 + QUERY.length });
  });

  it.each([
    ['no capture at all', Buffer.from('%PDF-1.4 and so on'), 'bad-magic'],
    ['empty', Buffer.alloc(0), 'empty-file'],
    ['three bytes', Buffer.from([0xd4, 0xc3, 0xb2]), 'bad-magic'],
    ['half a file header', pcap([]).subarray(0, 20), 'cut-in-record'],
  ])('%s', (_, bytes, code) => {
    expect(collect(bytes).summary.faults.map((f) => f.code)).toEqual([code]);
  });

  it('says an unknown link type once, with its packets', () => {
    const c = collect(pcap([QUERY, QUERY, QUERY], { linkType: 147 }));
    expect(c.summary.linkTypes).toEqual([{ linkType: 147, packets: 3 }]);
    expect(c.summary.faults).toMatchObject([{ code: 'unknown-link-type', count: 3, frame: 1 }]);
    expect(c.summary.faults[0]?.detail).toContain('147');
  });

  it('says that packets were cut by the snapshot length', () => {
    const c = collect(pcap([{ bytes: QUERY.subarray(0, 50), wire: QUERY.length }, QUERY]));
    expect(c.summary.faults).toMatchObject([{ code: 'snaplen', count: 1, frame: 1 }]);
    expect(c.flows[0]?.incomplete).toContain('snaplen');
  });
});

describe('pcapng', () => {
  it.each([true, false])('sections, interfaces and every kind of packet block (little endian: %s)', (little) => {
    const raw = ipv4(udpDatagram(40_000, 53, dns('raw.example', 1)), {
      from: '10.0.0.5',
      to: '10.0.0.1',
      protocol: 17,
    });
    const file = new PcapngBuilder(little)
      .section()
      .interface(1, 9)
      .interface(101, 6)
      .enhanced(0, 1_407_405_600_123_456_789n, QUERY)
      .enhanced(1, 1_407_405_600_000_001n, raw)
      .section()
      .interface(1, 0x8a)
      .enhanced(0, 1_407_405_600n << 10n, QUERY)
      .simple(QUERY)
      .obsolete(0, (1_407_405_600n << 10n) + 512n, QUERY);
    const c = collect(file.bytes());
    expect(c.summary).toMatchObject({ format: 'pcapng', packets: 5, faults: [] });
    expect(c.messages.map((m) => [m.frame, m.fields['name'], m.atUs])).toEqual([
      [1, 'example.com', 1_407_405_600_123_456],
      [2, 'raw.example', 1_407_405_600_000_001],
      [3, 'example.com', 1_407_405_600_000_000],
      [4, 'example.com', 1_407_405_600_000_000],
      [5, 'example.com', 1_407_405_600_500_000],
    ]);
  });

  it('gives custom blocks a frame number, as Wireshark does, and passes over blocks it does not know', () => {
    const file = new PcapngBuilder()
      .section()
      .interface(1)
      .raw(block(0x0bad, Buffer.alloc(20), true))
      .raw(block(4, Buffer.alloc(64), true))
      .raw(block(0x12345, Buffer.alloc(2_000_000), true))
      .enhanced(0, 1n, QUERY);
    const c = collect(file.bytes(), { blockBytes: 70_000 });
    expect(c.summary).toMatchObject({ packets: 2, faults: [] });
    expect(c.messages.map((m) => m.frame)).toEqual([2]);
  });

  it('goes on after a packet block that holds less than it says', () => {
    const file = new PcapngBuilder()
      .section()
      .interface(1)
      .enhanced(0, 1n, QUERY)
      .enhanced(0, 2n, QUERY, QUERY.length + 500);
    const fault = file.bytes().length;
    const c = collect(file.enhanced(7, 3n, QUERY).enhanced(0, 4n, QUERY).bytes());
    expect(c.summary.packets).toBe(2);
    expect(c.summary.faults.map((f) => f.code)).toEqual(['bad-block', 'bad-block']);
    expect(c.summary.faults[0]?.offsetBytes).toBeLessThan(fault);
    expect(c.messages.map((m) => m.atUs)).toEqual([1, 4]);
  });

  it.each([true, false])(
    'believes a simple packet that is longer than its snap length (little endian: %s)',
    (little) => {
      const lying = new PcapngBuilder(little).section().interface(1, undefined, 30).simple(QUERY);
      expect(collect(lying.bytes())).toMatchObject({
        summary: { packets: 1, faults: [{ code: 'bad-block', count: 1, offsetBytes: 48 }] },
        messages: [{ fields: { name: 'example.com' } }],
      });
      const cut = new PcapngBuilder(little).section().interface(1, undefined, 30).simple(QUERY.subarray(0, 30), 71);
      expect(collect(cut.bytes()).summary.faults.map((f) => f.code)).not.toContain('bad-block');
    },
  );

  it('resolves every time resolution and offset', () => {
    // if_tsresol → units of 1,407,405,600.123456789 s, rounded down.
    const cases: [resolution: number, units: bigint, us: number][] = [
      [0, 1_407_405_600n, 1_407_405_600_000_000],
      [1, 14_074_056_001n, 1_407_405_600_100_000],
      [3, 1_407_405_600_123n, 1_407_405_600_123_000],
      [6, 1_407_405_600_123_456n, 1_407_405_600_123_456],
      [7, 14_074_056_001_234_567n, 1_407_405_600_123_456],
      [9, 1_407_405_600_123_456_789n, 1_407_405_600_123_456],
      [10, 14_074_056_001_234_567_890n, 1_407_405_600_123_456],
      [0x80, 1_407_405_600n, 1_407_405_600_000_000],
      [0x81, (1_407_405_600n << 1n) + 1n, 1_407_405_600_500_000],
      [0x94, (1_407_405_600n << 20n) + 1n, 1_407_405_600_000_000],
      [0x9e, (1_407_405_600n << 30n) + (1n << 29n), 1_407_405_600_500_000],
      [0xa0, (1_407_405_600n << 32n) + (3n << 30n), 1_407_405_600_750_000],
    ];
    for (const little of [true, false]) {
      const file = new PcapngBuilder(little).section();
      cases.forEach(([resolution]) => file.interface(1, resolution));
      cases.forEach(([, units], i) => file.enhanced(i, units, QUERY));
      expect(collect(file.bytes()).messages.map((m) => m.atUs)).toEqual(cases.map(([, , us]) => us));
    }
  });

  it('counts a resolution finer than anything captured down to zero, and adds the offset', () => {
    const file = new PcapngBuilder().section();
    const option = (code: number, data: Buffer): Buffer => Buffer.concat([file.w16(code), file.w16(data.length), data]);
    const seconds = Buffer.alloc(8);
    seconds.writeBigInt64LE(1_407_405_600n);
    const finest = Buffer.from([0x7f, 0, 0, 0]);
    const body = [file.w16(1), file.w16(0), file.w32(0), option(14, seconds), file.w16(9), file.w16(1), finest];
    file.raw(block(1, Buffer.concat(body), true)).enhanced(0, 0xffffffff_ffffffffn, QUERY);
    expect(collect(file.bytes()).messages.map((m) => m.atUs)).toEqual([1_407_405_600_000_000]);
  });

  it.each([
    ['resolution of no bytes', 9, 0, 0],
    ['resolution of two bytes', 9, 2, 4],
    ['offset of three bytes', 14, 3, 4],
    ['name that is longer than its block', 2, 400, 8],
  ])('says that times may be wrong where an interface has a %s, and reads on', (_, code, length, held) => {
    for (const little of [true, false]) {
      const file = new PcapngBuilder(little).section();
      const option = [file.w16(code), file.w16(length), Buffer.alloc(held)];
      const body = Buffer.concat([file.w16(1), file.w16(0), file.w32(0), ...option]);
      const { summary } = collect(
        file
          .raw(block(1, body, little))
          .enhanced(0, 5n, QUERY)
          .bytes(),
      );
      expect(summary).toMatchObject({ packets: 1, faults: [{ code: 'bad-block', count: 1, offsetBytes: 28 }] });
    }
  });

  it('gives a packet whose time cannot be that of the one before, and says so', () => {
    const file = new PcapngBuilder()
      .section()
      .interface(1)
      .enhanced(0, 5n, QUERY)
      .enhanced(0, 1n << 63n, QUERY);
    const { messages, summary } = collect(file.bytes());
    expect(messages.map((m) => m.atUs)).toEqual([5, 5]);
    expect(summary).toMatchObject({ lastUs: 5, faults: [{ code: 'bad-time', count: 1, frame: 1 }] });
  });

  it('hands on the secrets that the file holds, or says that they are there', () => {
    const log = Buffer.from('CLIENT_RANDOM 00 11\n');
    const body = (length: number): Buffer => {
      const file = new PcapngBuilder();
      return Buffer.concat([file.w32(0x544c534b), file.w32(length), log]);
    };
    const file = new PcapngBuilder()
      .section()
      .interface(1)
      .raw(block(10, body(log.length), true));
    file.enhanced(0, 1n, QUERY).raw(block(10, body(log.length + 9), true));
    const taken: [number, string][] = [];
    const c = collect(file.bytes(), { secrets: (type, bytes) => taken.push([type, Buffer.from(bytes).toString()]) });
    expect(taken).toEqual([[0x544c534b, log.toString()]]);
    expect(c.summary.faults.map((f) => f.code)).toEqual(['bad-block']);
    // A TLS key log is used; of other kinds it is said that they are there.
    expect(collect(file.bytes()).summary.faults.map((f) => f.code)).toEqual(['bad-block']);
    const other = Buffer.from(file.bytes());
    for (let at = other.indexOf('KSLT'); at >= 0; at = other.indexOf('KSLT')) other.write('KGWW', at);
    expect(collect(other).summary.faults.map((f) => f.code)).toEqual(['secrets-present', 'bad-block']);
  });
});

describe('a damaged pcapng', () => {
  const packet = (us: number): Buffer => new PcapngBuilder().enhanced(0, BigInt(us), QUERY).bytes();
  const head = new PcapngBuilder().section().interface(1).bytes();
  const times = (file: Buffer, blockBytes?: number): number[] =>
    collect(file, blockBytes === undefined ? {} : { blockBytes }).messages.map((m) => m.atUs);

  it.each([
    [
      'a length that makes no sense',
      Buffer.from('060000000d00000000000000', 'hex'),
      ['bad-block-length', 'passed-over'],
    ],
    ['garbage', Buffer.alloc(1001, 0xa7), ['bad-block-length', 'passed-over']],
    ['a hole of zeros', Buffer.alloc(4096), ['bad-block-length', 'passed-over']],
    ['half a packet', packet(9).subarray(0, 40), ['bad-block', 'passed-over']],
    [
      'a section header without byte order',
      Buffer.concat([Buffer.from('0a0d0d0a', 'hex'), Buffer.alloc(24)]),
      ['bad-magic', 'passed-over'],
    ],
  ])('goes on after %s, and says from where to where', (_, damage, codes) => {
    const before = Buffer.concat([head, packet(1)]);
    const file = Buffer.concat([before, damage, packet(2), packet(3)]);
    const c = collect(file);
    expect(c.messages.map((m) => m.atUs)).toEqual([1, 2, 3]);
    expect(c.summary.faults.map((f) => [f.code, f.offsetBytes])).toEqual(codes.map((code) => [code, before.length]));
    expect(c.summary.faults[1]?.detail).toContain(`${damage.length} bytes`);
    for (const size of [1, 7, 100]) expect(times(file, size)).toEqual([1, 2, 3]);
  });

  it.each([
    ['too long', 0x160],
    ['too long for the file', 0x5000],
    ['too long for a packet', 0x200000],
    ['too short', 0x20],
  ])('goes on after a packet whose length is %s', (_, length) => {
    const bad = packet(2);
    bad.writeUInt32LE(length, 4);
    expect(times(Buffer.concat([head, packet(1), bad, packet(3), packet(4)]))).toEqual([1, 3, 4]);
  });

  it('believes the first length when another block stands where it says', () => {
    const bad = packet(2);
    bad.writeUInt32LE(0x7777, bad.length - 4);
    for (const rest of [[packet(3)], []]) {
      const c = collect(Buffer.concat([head, packet(1), bad, ...rest]));
      expect(c.messages).toHaveLength(2 + rest.length);
      expect(c.summary.faults).toMatchObject([{ code: 'bad-block', count: 1 }]);
    }
  });

  it('says that nothing more could be read', () => {
    const before = Buffer.concat([head, packet(1)]);
    for (const size of [12, 500]) {
      const { summary } = collect(Buffer.concat([before, Buffer.alloc(size, 0xa7)]));
      expect(summary.packets).toBe(1);
      expect(summary.faults[1]).toMatchObject({ code: 'passed-over', offsetBytes: before.length });
      expect(summary.faults[1]?.detail).toContain(`${size} bytes`);
    }
  });

  it('takes a packet cut at the end of the file for cut, not for damage: nothing in it is a block', () => {
    // The packet holds a pcapng file of its own.
    const inner = new PcapngBuilder().enhanced(0, 1n, Buffer.concat([head, packet(7), Buffer.alloc(99)])).bytes();
    const whole = Buffer.concat([head, packet(1), inner]);
    for (const missing of [1, 4, 20, 99]) {
      const { summary } = collect(whole.subarray(0, whole.length - missing));
      expect(summary).toMatchObject({ packets: 1, faults: [{ code: 'cut-in-record' }] });
    }
  });

  it('tells a cut packet from one whose length is wrong by the options that would follow', () => {
    const option = (code: number, length: number): Buffer => {
      const file = new PcapngBuilder();
      return Buffer.concat([file.w16(code), file.w16(length), Buffer.alloc(8, 0x2e)]);
    };
    for (const [code, length, isCut] of [
      [1, 400, true],
      [4, 8, true],
      [2988, 8, true],
      [0x7777, 8, false],
      [1, 2000, false],
      [0, 8, false],
    ] as const) {
      const block = Buffer.concat([packet(1).subarray(0, -4), option(code, length)]);
      block.writeUInt32LE(1000, 4);
      expect(isOnlyCut(6, block, 0, block.length, false), `${code} ${length}`).toBe(isCut);
    }
  });

  it('passes over a section of an unknown version and reads the next', () => {
    const strange = Buffer.from(head);
    strange.writeUInt16LE(2, 12);
    const c = collect(Buffer.concat([strange, packet(1), head, packet(2)]));
    expect(c.messages.map((m) => m.atUs)).toEqual([2]);
    expect(c.summary.faults).toMatchObject([{ code: 'bad-version', offsetBytes: 0 }]);
  });
});

describe('an old pcap', () => {
  it('reads lengths that were written the other way round', () => {
    for (const minor of [2, 3]) {
      const file = pcap([{ bytes: QUERY, wire: QUERY.length + 100 }]);
      file.writeUInt16LE(minor, 6);
      const [captured, wire] = [file.readUInt32LE(32), file.readUInt32LE(36)];
      file.writeUInt32LE(wire, 32);
      file.writeUInt32LE(captured, 36);
      const c = collect(file);
      expect(c.messages).toHaveLength(1);
      expect(c.summary.faults).toMatchObject([{ code: 'snaplen', count: 1 }]);
    }
  });
});
