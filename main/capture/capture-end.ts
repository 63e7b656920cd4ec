import type { CaptureEnd } from '../../shared/model/exhibit.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import type { PcapBoundaries } from './pcap-boundaries.ts';
import type { TcpdumpTotals } from './tcpdump-words.ts';

export interface EndJudgement {
  readonly end: CaptureEnd;
  /** Why it is not `complete`, and what was dropped; null when nothing is wrong. */
  readonly fault: string | null;
}

/** Packets that the handset saw and tcpdump never got, by its own totals. */
export function droppedOf(totals: TcpdumpTotals | null): number {
  return (totals?.droppedByKernel ?? 0) + (totals?.droppedByInterface ?? 0);
}

type Seen = Pick<PcapBoundaries, 'atBoundary' | 'boundaryBytes' | 'bytes' | 'hasFileHeader' | 'packets' | 'violation'>;

/**
 * Pure: how a segment ended. `complete` takes an exit packet with status 0, a record boundary, and as many packets as
 * tcpdump says it captured; the mere end of the stream never suffices (adb.md, Live capture).
 * What was dropped is said beside whatever else is wrong.
 */
export function judgeEnd(
  exit: Result<{ readonly exitCode: number | null }>,
  seen: Seen,
  totals: TcpdumpTotals | null,
): EndJudgement {
  const { end, fault } = judgeStream(exit, seen, totals);
  const dropped = droppedOf(totals);
  const drops = dropped === 0 ? [] : [`${dropped} packets were dropped on the handset`];
  const faults = [...(fault === null ? [] : [fault]), ...drops];
  return { end, fault: faults.length === 0 ? null : faults.join('; ') };
}

function judgeStream(
  exit: Result<{ readonly exitCode: number | null }>,
  seen: Seen,
  totals: TcpdumpTotals | null,
): EndJudgement {
  if (!seen.hasFileHeader || seen.violation !== null) {
    const why =
      seen.violation ?? (exit.ok ? `tcpdump ended with status ${exit.value.exitCode ?? '?'}` : words(exit.problem));
    const cut = seen.hasFileHeader || exit.ok ? '' : '; no packet had come';
    return { end: 'process-failed', fault: `${why}${cut}` };
  }
  if (!seen.atBoundary) {
    const left = `cut ${seen.bytes - seen.boundaryBytes} bytes into record ${seen.packets + 1}`;
    return { end: 'cut-in-record', fault: exit.ok ? left : `${left}: ${words(exit.problem)}` };
  }
  if (!exit.ok) return { end: 'truncated', fault: words(exit.problem) };
  if (exit.value.exitCode !== 0) {
    return { end: 'process-failed', fault: `tcpdump ended with status ${exit.value.exitCode ?? '?'}` };
  }
  if (totals === null) return { end: 'process-failed', fault: 'tcpdump ended without its totals' };
  if (totals.captured !== seen.packets) {
    // Usually one: where packets come faster than they are taken away, SIGINT meets tcpdump in the write of a packet that it
    // has counted. The write ends with EINTR (tcpdump sets no SA_RESTART), and that packet is lost (measured: 4.99.3, two of
    // three such ends).
    return { end: 'truncated', fault: `tcpdump captured ${totals.captured} packets, ${seen.packets} arrived` };
  }
  return { end: 'complete', fault: null };
}

function words(problem: Problem): string {
  return problem.detail === undefined ? problem.code : `${problem.code}: ${problem.detail}`;
}
