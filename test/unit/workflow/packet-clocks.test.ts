import { describe, expect, it } from 'vitest';
import { consentAt } from '../../../main/analysis/detectors/consent.ts';
import type { AcquiredClock, EventRecord } from '../../../main/workflow/handset-events.ts';
import { alignHandsetEvents } from '../../../main/workflow/handset-events.ts';
import { microsecondsOf } from '../../../main/analysis/detectors/consent.ts';
import { PacketClocks } from '../../../main/workflow/packet-clocks.ts';
import type { ClockReading } from '../../../main/workflow/packet-clocks.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { CaptureOrigin, Exhibit } from '../../../shared/model/exhibit.ts';

type Capture = Pick<Exhibit, 'label' | 'run' | 'handset' | 'origin'>;

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
const onHandset: Capture = { ...owned, origin };
const imported: Capture = { ...owned, origin: { type: 'import', fileName: 'wifi.pcap', compression: null } };
const elsewhere: Capture = { ...owned, run: 'R2', origin: imported.origin };

/** Phone 37 s fast. */
const reading = (at: string, offsetMs = 37_000): ClockReading => ({
  ...owned,
  atUs: microsecondsOf(at),
  offsetMs,
  boundMs: 5,
});
const readings = [reading('2026-01-01T10:00:00Z'), reading('2026-01-01T10:10:00Z', 37_010)];

function lineOfLog(atHandset: string): EventRecord {
  return { ...owned, kind: 'event', eventKind: 'consent-act', atHandset, text: 'terms accepted', exhibit: 'E010' };
}
const measured = { offsetMs: 37_000, boundMs: 20, zone: 'Asia/Taipei' };
const aligned = (captures: readonly Capture[], clock: typeof measured | null = measured): CaseEvent[] =>
  alignHandsetEvents(
    // 10:05:37 by the handset, 10:05:00 by the workstation.
    [lineOfLog('2026-01-01T18:05:37.250000+08:00')],
    [],
    () => clock,
    new PacketClocks(captures, readings),
  );

const stated = (at: string, change: Partial<CaseEvent> = {}): CaseEvent => ({
  ...owned,
  id: 'V1',
  kind: 'consent-act',
  at,
  atHandset: null,
  text: 'terms accepted',
  source: 'attested by Lin',
  ...change,
});

describe('what the log tells beside packets that the handset recorded itself', () => {
  it('stands where the log says it: the clock is one and the same, however far off', () => {
    const [act] = aligned([onHandset]);
    expect(act).toMatchObject({ at: '2026-01-01T10:05:37.250000Z', boundMs: 1 });
    expect(act?.source).toContain("packets on the handset's clock");
    // A packet of 10:05:30 by the handset went before the act; the measured offset taken off would make it one after.
    expect(consentAt(act ? [act] : [], onHandset, '2026-01-01T10:05:30.000000Z')).toEqual({
      consent: 'before-any-act',
    });
    expect(consentAt(act ? [act] : [], onHandset, '2026-01-01T10:05:38.000000Z')).toEqual({ consent: 'after-act' });
    // Nor does it need a measurement.
    expect(aligned([onHandset, elsewhere], null)[0]).toMatchObject({ at: '2026-01-01T10:05:37.250000Z', boundMs: 1 });
  });

  it('is moved by the measured offset beside those of another clock, and where there are none', () => {
    for (const captures of [[imported], [elsewhere], []])
      expect(aligned(captures)[0]).toMatchObject({ at: '2026-01-01T10:05:00.250000Z', boundMs: 21 });
  });

  it('is open by the offset beside packets of both clocks, and not placed at all without a measurement', () => {
    const [act] = aligned([onHandset, imported]);
    expect(act).toMatchObject({ at: '2026-01-01T10:05:00.250000Z', boundMs: 37_021 });
    const phase = (at: string): unknown => consentAt(act ? [act] : [], onHandset, at).consent;
    expect(phase('2026-01-01T10:05:30.000000Z')).toBe('unknown');
    expect(phase('2026-01-01T10:04:22.000000Z')).toBe('before-any-act');
    expect(phase('2026-01-01T10:05:38.000000Z')).toBe('after-act');
    expect(aligned([onHandset, imported], null)[0]).toMatchObject({ clock: 'assumed' });
  });

  it('is open by how far the clock was set while they were recorded', () => {
    const set = [...readings, reading('2026-01-01T10:11:00Z', -563_000)];
    const packets = new PacketClocks([onHandset], set);
    const [act] = alignHandsetEvents([lineOfLog('2026-01-01T18:05:37.250000+08:00')], [], () => measured, packets);
    expect(act).toMatchObject({ at: '2026-01-01T10:05:37.250000Z', boundMs: 600_011 });
  });

  it('has no second instant where the clock was set: while they were recorded, since then, or while it was acquired', () => {
    const second = (packets: readonly ClockReading[], clock: AcquiredClock) =>
      alignHandsetEvents(
        [lineOfLog('2026-01-01T18:05:37.250000+08:00')],
        [],
        () => clock,
        new PacketClocks([onHandset], packets),
      ).map(({ at, atWorkstation, atWorkstationBoundMs }) => ({ at, atWorkstation, atWorkstationBoundMs }));
    const at = '2026-01-01T10:05:37.250000Z';
    const told = { at, atWorkstation: '2026-01-01T10:05:00.250000Z', atWorkstationBoundMs: 21 };
    expect(second(readings, measured)).toEqual([told]);
    expect(second([], { ...measured, wasSet: false })).toEqual([told]);
    // The capture saw the step, there and back; or it came between the capture's last measurement and the acquisition.
    const there = reading('2026-01-01T10:05:00Z', 3_637_000);
    for (const packets of [[...readings, there], [there], [...readings, reading('2026-01-01T10:11:00Z', 34_000)]])
      expect(second(packets, measured)).toEqual([{ at }]);
    expect(second(readings, { ...measured, offsetMs: 3_637_000 })).toEqual([{ at }]);
    // Each within what drift may be of the acquisition, but not of one another.
    const apart = [reading('2026-01-01T10:00:00Z', 35_500), reading('2026-01-01T10:10:00Z', 38_500)];
    expect(second(apart, measured)).toEqual([{ at }]);
    expect(second(readings, { ...measured, wasSet: true })).toEqual([{ at }]);
  });

  it('follows a control request that stands elsewhere in the packets than in the log', () => {
    const nonce = '0123456789abcdef';
    const canary: EventRecord = {
      ...lineOfLog('2026-01-01T18:00:37.000000+08:00'),
      eventKind: 'canary',
      text: `canary request sent, nonce ${nonce}`,
    };
    const align = (at: string): CaseEvent[] => {
      const canaries = [{ label: 'before', run: 'R1', nonce, atUs: microsecondsOf(at) }];
      return alignHandsetEvents([canary], canaries, () => measured, new PacketClocks([onHandset], []));
    };
    expect(align('2026-01-01T10:00:00Z')[0]).toMatchObject({ at: '2026-01-01T10:00:00.000000Z', boundMs: 1500 });
    expect(align('2026-01-01T10:00:37.3Z')[0]?.source).toContain("packets on the handset's clock");
  });
});

describe('what a person attested, by the workstation’s clock', () => {
  const place = (captures: readonly Capture[], event: CaseEvent, clocks = readings): CaseEvent =>
    new PacketClocks(captures, clocks).place(event);

  it('is moved onto the handset’s clock beside packets of that clock, with the bound of the measurements around it', () => {
    const at = '2026-01-01T10:04:00.000001Z';
    const act = place([onHandset], stated(at));
    expect(act).toMatchObject({ at: '2026-01-01T10:04:37.000001Z', atWorkstation: at, boundMs: 15 });
    expect(place([onHandset], stated('2026-01-01T10:06:00.000000Z')).at).toBe('2026-01-01T10:06:37.010000Z');
    expect(place([onHandset], stated('2026-01-01T09:00:00.000000Z')).boundMs).toBe(5);
    expect(consentAt([act], onHandset, '2026-01-01T10:04:30.000000Z').consent).toBe('before-any-act');
  });

  it('stays beside packets of another clock, is open beside both, and not placed where none was measured', () => {
    const act = stated('2026-01-01T10:04:00.000000Z');
    expect(place([imported], act)).toBe(act);
    expect(place([], act)).toBe(act);
    expect(place([onHandset, imported], act)).toEqual({ ...act, boundMs: 37_015 });
    expect(place([onHandset], act, [])).toEqual({ ...act, clock: 'assumed' });
    // Two handsets of one run have two clocks; measurements of one say nothing of the other.
    const other = { ...onHandset, handset: 'H2' };
    expect(place([other], { ...act, handset: 'H2' })).toEqual({ ...act, handset: 'H2', clock: 'assumed' });
    expect(place([onHandset, other], { ...act, handset: null })).toMatchObject({ at: act.at, boundMs: 37_015 });
  });
});
