import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { conversationFilter } from '../../../main/workflow/wireshark/wireshark-command.ts';
import { patternsOf } from '../analysis/feeding.ts';
import { findingsIn } from '../analysis/findings-of-capture.ts';
import { hasTshark, tshark, withoutTshark } from '../traffic-generator/tshark.ts';
import { collect } from './collector.ts';
import { CLIENT, ethernet, ipv4, ipv6, pcap, SERVER, udpDatagram } from './packet-builder.ts';
import { gtp, over4 } from './tunnel-fixtures.ts';

const IMEI = '490154203237518';
const TEXT = `imei=${IMEI}&`;

const folder = mkdtempSync(join(tmpdir(), 'udp-length-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A datagram from `port` whose header says `length`; by default the true one. */
function datagram(port: number, length = 8 + TEXT.length, text = TEXT): Buffer {
  const bytes = udpDatagram(port, 9999, text);
  bytes.writeUInt16BE(length, 4);
  return bytes;
}
const over = (bytes: Buffer): Buffer => ethernet(ipv4(bytes, { from: CLIENT, to: SERVER, protocol: 17 }));
const over6 = (bytes: Buffer): Buffer =>
  ethernet(ipv6(bytes, 17, '20010db8000000000000000000000005', '20010db8000000000000000000000001'), 0x86dd);

/** Conversations in the order of their first packets; Wireshark counts a datagram to none where it is marked. */
const PACKETS = [
  over(datagram(41000, 0)), // none
  over(datagram(41001)),
  over(datagram(41000)),
  over(datagram(41002, 7)), // none
  over6(datagram(41003, 0)),
  over6(datagram(41004, 4)), // none
  over(datagram(41005, 500)),
  over(datagram(41006, 12)),
  over(datagram(41001)),
];
const EXPECTED = [
  [41000, 1, true],
  [41001, 0, undefined],
  [41002, -1, true],
  [41003, 2, undefined],
  [41004, -1, true],
  [41005, 3, undefined],
  [41006, 4, undefined],
];

describe('a UDP datagram whose length is not that of its packet', () => {
  const file = pcap(PACKETS);

  it('is read as far as its packet goes, and counted as Wireshark does', () => {
    const c = collect(file, { needle: IMEI });
    expect(c.flows.map((f) => [f.clientPort, f.streamIndex, f.strayFrames])).toEqual(EXPECTED);
    expect(c.summary.udpFlows).toBe(EXPECTED.length);
    // What stands behind a datagram is read apart from it.
    expect(c.sequences.map((s) => s.bytes.toString())).toEqual(
      PACKETS.flatMap((_, i) => (i === 7 ? [TEXT.slice(0, 4), TEXT.slice(4)] : [TEXT])),
    );
    expect(c.found.map(({ frames, streamOffset }) => [frames, streamOffset])).toEqual(
      PACKETS.map((_, i) => [[i + 1], 5]),
    );
    expect(c.flows.every(({ payloadBytes, readableBytes }) => payloadBytes.join() === readableBytes.join())).toBe(true);
  });

  it('is cut where its packet was, also behind it', () => {
    const whole = PACKETS[7] ?? Buffer.alloc(0);
    const c = collect(pcap([{ bytes: whole.subarray(0, -3), wire: whole.length }]));
    expect(c.sequences.map((s) => s.bytes.toString())).toEqual([TEXT.slice(0, 4), TEXT.slice(4, -3)]);
    expect(c.flows).toMatchObject([{ incomplete: ['snaplen'], payloadBytes: [TEXT.length, 0] }]);
  });

  it('opens a tunnel all the same, whose content is read once', () => {
    const inner = ipv4(udpDatagram(5, 6, TEXT), { from: CLIENT, to: SERVER, protocol: 17 });
    const c = collect(pcap([over4(17, udpDatagram(2152, 2152, gtp('30', '', inner)))]), { needle: IMEI });
    expect(c.found).toHaveLength(1);
    expect(c.sequences).toHaveLength(1);
  });

  it.skipIf(!hasTshark)(`is selected by the filters of its finding and its conversation${withoutTshark}`, () => {
    const path = join(folder, 'lengths.pcap');
    writeFileSync(path, file);
    const select = (filter: string): number[] =>
      tshark(path, ['-o', 'udp.check_checksum:FALSE', '-Y', filter, '-T', 'fields', '-e', 'frame.number'])
        .split('\n')
        .filter((line) => line !== '')
        .map(Number);
    const findings = findingsIn(file, patternsOf(['I1'])).filter(({ rule }) => rule === 'identifier-transmitted');
    expect(findings).toHaveLength(PACKETS.length);
    // Of datagrams without a length, with one that is too short, and with something behind them.
    for (const { filter, frames } of findings.filter(({ frames: [one] }) => [1, 4, 8].includes(one?.frame ?? 0)))
      expect(select(filter ?? '')).toEqual(frames.map(({ frame }) => frame));
    const flows = collect(file).flows.map((f) => ({
      ...f,
      client: { address: f.clientAddress, port: f.clientPort },
      server: { address: f.serverAddress, port: f.serverPort },
    }));
    const counted = tshark(path, ['-T', 'fields', '-e', 'udp.stream']).split('\n');
    expect(counted).toEqual(['', '0', '1', '', '2', '', '3', '4', '0', '']);
    const numbered = flows.filter(({ streamIndex }) => streamIndex === 0 || streamIndex === -1);
    expect(numbered.map((flow) => select(conversationFilter(flow)))).toEqual([[2, 9], [4], [6]]);
  });
});
