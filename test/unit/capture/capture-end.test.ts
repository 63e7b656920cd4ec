import { describe, expect, test } from 'vitest';
import { judgeEnd } from '../../../main/capture/capture-end.ts';
import { stepBetween } from '../../../main/handset/clock.ts';
import { isListening, readPid, readTotals } from '../../../main/capture/tcpdump-words.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import type { ClockOffset } from '../../../shared/model/handset.ts';

const whole = { atBoundary: true, boundaryBytes: 100, bytes: 100, hasFileHeader: true, packets: 3, violation: null };
const inRecord = { ...whole, atBoundary: false, bytes: 107 };
const totals = { captured: 3, receivedByFilter: 3, droppedByKernel: 0, droppedByInterface: null };
const exit = (exitCode: number) => ok({ exitCode });
const cable = fail('TRUNCATED', { serial: 's' }, 'the handset is now: offline');

describe('how a capture ended', () => {
  test('complete takes the exit packet, status 0, a boundary and the same count', () => {
    expect(judgeEnd(exit(0), whole, totals)).toEqual({ end: 'complete', fault: null });
  });

  test('drops do not make it incomplete, but they are said', () => {
    expect(judgeEnd(exit(0), whole, { ...totals, droppedByKernel: 781 })).toEqual({
      end: 'complete',
      fault: '781 packets were dropped on the handset',
    });
  });

  test('drops are said beside a packet that is missing', () => {
    expect(judgeEnd(exit(0), whole, { ...totals, captured: 4, droppedByKernel: 781 })).toEqual({
      end: 'truncated',
      fault: 'tcpdump captured 4 packets, 3 arrived; 781 packets were dropped on the handset',
    });
  });

  test.each([
    ['the end of the stream at a boundary', cable, whole, null, 'truncated'],
    ['even when the totals had come', cable, whole, totals, 'truncated'],
    ['the end of the stream inside a record', cable, inRecord, null, 'cut-in-record'],
    ['a proper exit inside a record', exit(0), inRecord, totals, 'cut-in-record'],
    ['fewer packets than tcpdump captured', exit(0), whole, { ...totals, captured: 4 }, 'truncated'],
    ['no totals', exit(0), whole, null, 'process-failed'],
    ['another status', exit(1), whole, totals, 'process-failed'],
    [
      'no file header',
      exit(127),
      { ...whole, hasFileHeader: false, atBoundary: false, packets: 0 },
      null,
      'process-failed',
    ],
    [
      'not a capture',
      exit(0),
      { ...whole, violation: 'it does not begin with a pcap header' },
      totals,
      'process-failed',
    ],
  ] as const)('%s', (_words, how, seen, said, end) => {
    const judged = judgeEnd(how, seen, said);
    expect(judged.end).toBe(end);
    expect(judged.fault).not.toBeNull();
  });
});

describe("tcpdump's words", () => {
  const words = [
    'PID 4711',
    'tcpdump: data link type LINUX_SLL2',
    'tcpdump: listening on any, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes',
    '1 packet captured',
    '24 packets received by filter',
    '0 packets dropped by kernel',
  ].join('\n');

  test('the totals, with a singular', () => {
    expect(readTotals(words)).toEqual({
      captured: 1,
      receivedByFilter: 24,
      droppedByKernel: 0,
      droppedByInterface: null,
    });
    expect(readTotals(words.split('\n').slice(0, 3).join('\n'))).toBeNull();
    expect(readTotals('x 5 packets captured')).toBeNull();
  });

  test('listening, and the process id, which is not believed when it cannot be one', () => {
    expect(isListening(words)).toBe(true);
    expect(readPid(words)).toBe(4711);
    expect(readPid('PID 12\r\n')).toBe(12);
    for (const wrong of ['PID 1', 'PID 0', 'PID 99999999', 'PID 5000000', 'PID 4; reboot', 'xPID 44', ''])
      expect(readPid(wrong)).toBeNull();
  });
});

describe('a clock that is set while we capture', () => {
  const clock = (secondsLater: number, offsetMs: number, uptimeSeconds: number | null): ClockOffset => {
    const measuredMs = Date.UTC(2026, 0, 1) + secondsLater * 1000;
    return {
      offsetMs,
      boundMs: 2,
      measuredAt: new Date(measuredMs).toISOString(),
      handsetAt: new Date(measuredMs + offsetMs).toISOString(),
      method: 'date +%s%N',
      uptimeSeconds,
      zone: null,
    };
  };

  test('drift is no step; a set clock is, with and without an uptime', () => {
    expect(stepBetween(clock(0, 100, 500), clock(60, 130, 560))).toBeNull();
    expect(stepBetween(clock(0, 100, 500), clock(60, 3_600_100, 560))).toBeCloseTo(3_600_000, -1);
    expect(stepBetween(clock(0, 100, null), clock(60, -59_900, null))).toBeCloseTo(-60_000, -1);
  });

  test('a reboot is not taken for a step of the whole uptime', () => {
    expect(stepBetween(clock(0, 100, 90_000), clock(60, 120, 12))).toBeNull();
  });
});
