import { describe, expect, it } from 'vitest';
import { createDissector } from '../../../main/dissection/dissector.ts';
import type { CaptureFault } from '../../../main/dissection/sink.ts';
import { dns, pcap, PcapngBuilder, udp } from './packet-builder.ts';

const packet = udp(40_000, 53, dns('n.example', 1));

/** Packets at these seconds, in this order. */
function file(seconds: readonly number[]): Buffer {
  const units = (at: number): bigint => BigInt(Math.round((1_407_405_600 + at) * 1e6));
  const builder = new PcapngBuilder().section().interface(1);
  for (const at of seconds) builder.enhanced(0, units(at), packet);
  return builder.bytes();
}

function faultsOf(...files: readonly Uint8Array[]): readonly CaptureFault[] {
  const nothing = (): undefined => undefined;
  const dissector = createDissector({ run: nothing, endSequence: nothing, message: nothing, flow: nothing });
  files.forEach((one, i) => {
    if (i > 0) dissector.nextFile();
    dissector.push(one);
  });
  return dissector.finish().faults;
}

describe('times of packets that step back', () => {
  it('are told with how often, how far at most, and where', () => {
    expect(faultsOf(file([0, 100, 40, 50, 30, 200]))).toEqual([
      { code: 'clock-steps-back', offsetBytes: null, frame: 5, count: 2, detail: '70.000 s', backUs: 70_000_000 },
    ]);
    expect(faultsOf(file([3600, 0.5]))).toMatchObject([{ frame: 2, count: 1, detail: '3599.500 s' }]);
    const [early, late] = [pcap([packet]), pcap([packet], { startSeconds: 1_407_409_200 }).subarray(24)];
    expect(faultsOf(Buffer.concat([early, late]))).toEqual([]);
    expect(faultsOf(Buffer.concat([early, late, early.subarray(24)]))).toMatchObject([{ frame: 3, count: 1 }]);
  });

  it('are no fault where packets are only disordered, have no time, or jump ahead', () => {
    expect(faultsOf(file([0, 0.9, 0, 1, 0.2, 5, 4]))).toEqual([]);
    expect(faultsOf(file([0, 86_400]))).toEqual([]);
    const untimed = new PcapngBuilder().section().interface(1).enhanced(0, 1_407_405_600_000_000n, packet);
    untimed.simple(packet).enhanced(0, 1_407_405_601_000_000n, packet);
    expect(faultsOf(untimed.bytes())).toEqual([]);
  });

  it('are told by each file of a recording for itself: files may overlap', () => {
    expect(faultsOf(file([0, 10]), file([5, 20]))).toEqual([]);
    expect(faultsOf(file([0, 10]), file([20, 15]))).toMatchObject([
      { code: 'clock-steps-back', file: 1, frame: 4, backUs: 5_000_000 },
    ]);
  });
});
