import { describe, expect, it } from 'vitest';
import { microsecondsOf } from '../../../main/analysis/detectors/consent.ts';
import type { ClockReading } from '../../../main/workflow/packet-clocks.ts';
import {
  findingWithInstant,
  flowWithInstants,
  packetInstants,
  withWorkstationInstant,
} from '../../../main/workflow/packet-instants.ts';
import type { CaptureOrigin, Exhibit } from '../../../shared/model/exhibit.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { finding } from '../report/fixture.ts';

type Capture = Pick<Exhibit, 'id' | 'kind' | 'label' | 'run' | 'handset' | 'origin'>;

const origin: CaptureOrigin = {
  type: 'capture',
  method: 'tcpdump',
  segment: 1,
  end: 'complete',
  startedAt: '2026-01-01T10:00:00.000000Z',
  endedAt: '2026-01-01T10:10:00.000000Z',
  packetsCaptured: 1,
  packetsReceivedByFilter: 1,
  packetsDroppedByKernel: 0,
  positions: [],
};
const owned = { label: 'before', handset: 'H1', run: 'R1' } as const;
const recorded: Capture = { ...owned, id: 'E1', kind: 'capture', origin };
const captures: readonly Capture[] = [
  recorded,
  { ...recorded, id: 'E2', origin: { type: 'import', fileName: 'wifi.pcap', compression: null } },
  { ...recorded, id: 'E3', handset: 'H2' },
  { ...recorded, id: 'E4', run: 'R2' },
];

/** By the workstation, and handset minus workstation. */
const reading = (time: string, offsetMs: number, boundMs = 5): ClockReading => ({
  ...owned,
  atUs: microsecondsOf(`2026-01-01T${time}Z`),
  offsetMs,
  boundMs,
});
/** Phone 37 s fast, drifting by a millisecond a minute. */
const drifting = [0, 1, 2, 3].map((minute) => reading(`10:0${minute}:00`, 37_000 + minute));

const placed = (readings: readonly ClockReading[], time: string, exhibit = 'E1') =>
  packetInstants(captures, readings)(exhibit, `2026-01-01T${time}Z`);

describe('a packet that the handset recorded by its own clock', () => {
  it('stands on the workstation’s too, by the nearest measurement; what the two around it differ is open', () => {
    expect(placed(drifting, '10:01:50.000001')).toEqual({ at: '2026-01-01T10:01:12.999001Z', boundMs: 6 });
    expect(placed(drifting, '10:02:20.000000')).toEqual({ at: '2026-01-01T10:01:42.998000Z', boundMs: 6 });
    // Before the first measurement and after the last one.
    expect(placed(drifting, '10:00:30.000000')).toEqual({ at: '2026-01-01T09:59:53.000000Z', boundMs: 5 });
    expect(placed(drifting, '10:05:00.000000')).toEqual({ at: '2026-01-01T10:04:22.997000Z', boundMs: 5 });
  });

  it('has no second clock where nobody measured it: imported, another handset’s, another run’s, too far from any measurement', () => {
    for (const exhibit of ['E2', 'E3', 'E4', 'E9']) expect(placed(drifting, '10:01:00.000000', exhibit)).toBeNull();
    expect(placed([], '10:01:00.000000')).toBeNull();
    expect(placed(drifting, '10:20:00.000000')).toBeNull();
    expect(placed(drifting, '09:45:00.000000')).toBeNull();
  });

  it('is open by how far the clock was set, where it may have been recorded before or after', () => {
    // Set back by ten minutes between 10:01 and 10:02; the capture goes on till the clock shows the same again.
    const back = [
      reading('10:00:00', 0),
      reading('10:01:00', 0),
      ...Array.from({ length: 14 }, (_, i) => reading(`10:${String(i + 2).padStart(2, '0')}:00`, -600_000)),
    ];
    expect(placed(back, '09:52:30.000000')).toEqual({ at: '2026-01-01T10:02:30.000000Z', boundMs: 5 });
    expect(placed(back, '10:00:30.000000')?.boundMs).toBe(600_005);
    // In the minute of the step, after it, where the clock had not been in the capture before.
    expect(placed(back, '09:51:30.000000')).toEqual({ at: '2026-01-01T10:01:30.000000Z', boundMs: 5 });
    // Set ahead: what the clock left out was never recorded.
    const ahead = [reading('10:00:00', 0), reading('10:01:00', 600_000), reading('10:02:00', 600_000)];
    expect(placed(ahead, '10:00:30.000000')).toEqual({ at: '2026-01-01T10:00:30.000000Z', boundMs: 5 });
    expect(placed(ahead, '10:05:00.000000')).toBeNull();
    expect(placed(ahead, '10:11:30.000000')).toEqual({ at: '2026-01-01T10:01:30.000000Z', boundMs: 5 });
  });

  it('is open by a step too small to count as set, whichever measurement it came just before or just after', () => {
    const minutes = (...offsets: readonly number[]) => offsets.map((offset, i) => reading(`10:0${i}:00`, offset));
    // Moved back by 1.5 s at 10:00:59.5: what the clock showed at 10:00:59 it showed again, behind the measurement.
    expect(placed(minutes(0, -1500, -1500), '10:00:59.000000')).toEqual({
      at: '2026-01-01T10:01:00.500000Z',
      boundMs: 1505,
    });
    // Moved back at 10:01:00.5: 10:00:59.1 was shown at 10:01:00.6 too.
    expect(placed(minutes(0, 0, -1500), '10:00:59.100000')).toEqual({
      at: '2026-01-01T10:00:59.100000Z',
      boundMs: 1505,
    });
    // Moved ahead nothing is shown twice: beside a measurement both sides of it are open, a second on no more than one.
    const ahead = minutes(0, 0, 1500, 1500);
    expect(placed(ahead, '10:00:59.000000')?.boundMs).toBe(5);
    expect(placed(ahead, '10:01:30.000000')?.boundMs).toBe(1505);
    expect(placed(ahead, '10:02:02.500000')?.boundMs).toBe(5);
  });

  it('is placed by the measurements that are some', () => {
    const whole = placed(drifting, '10:01:50.000001');
    for (const none of [reading('10:01:20', 0, -1), reading('10:01:20', 0, Number.POSITIVE_INFINITY)])
      expect(placed([...drifting, none], '10:01:50.000001')).toEqual(whole);
    expect(placed([...drifting.slice(2), reading('10:99:00', 0), ...drifting.slice(0, 2)], '10:01:50.000001')).toEqual(
      whole,
    );
  });
});

describe('rows of what captures hold', () => {
  const instantOf = packetInstants(captures, drifting);
  const at = '2026-01-01T10:00:40.000000Z';

  it('get the second clock beside their own', () => {
    const atWorkstation = '2026-01-01T10:00:03.000000Z';
    const message = { flow: 1, exhibit: 'E1', kind: 'dns-query', at, frame: 3 } as unknown as Message;
    expect(withWorkstationInstant(message, instantOf)).toEqual({ ...message, atWorkstation, atWorkstationBoundMs: 6 });
    const flow = { exhibit: 'E1', firstPacketAt: at, lastPacketAt: '2026-01-01T10:04:00.000000Z' } as unknown as Flow;
    expect(flowWithInstants(flow, instantOf)).toEqual({
      ...flow,
      firstPacketAtWorkstation: atWorkstation,
      lastPacketAtWorkstation: '2026-01-01T10:03:22.997000Z',
      atWorkstationBoundMs: 6,
    });
    const found = finding('F0001', { at, frames: [{ exhibit: 'E1', frame: 3 }] });
    expect(findingWithInstant(found, instantOf)).toEqual({ ...found, atWorkstation, atWorkstationBoundMs: 6 });
  });

  it('say that there is none; what rests on no packet says nothing', () => {
    const imported = finding('F0001', { at, frames: [{ exhibit: 'E2', frame: 3 }] });
    expect(findingWithInstant(imported, instantOf)).toEqual({ ...imported, atWorkstation: null });
    const ofRecord = finding('F0002', { at: null, frames: [] });
    expect(findingWithInstant(ofRecord, instantOf)).toBe(ofRecord);
  });
});
