import { describe, expect, it } from 'vitest';
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

  it('stops at a block whose length makes no sense', () => {
    const good = new PcapngBuilder().section().interface(1).enhanced(0, 1n, QUERY).bytes();
    const c = collect(Buffer.concat([good, Buffer.from('060000000d00000000000000', 'hex'), good]));
    expect(c.summary.packets).toBe(1);
    expect(c.summary.faults).toMatchObject([{ code: 'bad-block-length', offsetBytes: good.length }]);
  });
});
