import type { CapturePosition, Exhibit } from '../../shared/model/exhibit.ts';
import { captureNoteText } from '../../shared/model/capture-note.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { handsetCanary } from '../capture/canary.ts';
import { droppedOf } from '../capture/capture-end.ts';
import type { CaptureEvent, CaptureRun, CaptureSegment, CaptureStore } from '../capture/capture-types.ts';
import { captureWithTcpdump } from '../capture/capture-tcpdump.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { ExhibitWriter } from '../evidence/exhibit-writer.ts';
import type { HandsetLink } from '../handset/link.ts';
import { CaptureClocks } from './capture-clocks.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import type { Conduct } from './conduct.ts';
import { nowAt } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { gap, wordGap } from './gaps.ts';
import type { Handsets } from './handset-session.ts';
import { LiveSearch } from './live-search.ts';
import type { LiveOutput } from './live-search.ts';
import { RecordedChanges } from './recorded-changes.ts';
import { StoreFailure, need } from './store-failure.ts';
import { tell } from './tell.ts';
import { undoOn } from './undo-changes.ts';
import { wordProblem } from './word-problem.ts';

export interface CaptureWish {
  readonly serial: string;
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
  /** Null: until the signal. */
  readonly seconds: number | null;
}

export interface Captured {
  readonly exhibits: readonly Exhibit[];
  readonly run: CaptureRun;
  readonly gaps: readonly string[];
}

/** What a capture may tell while it runs. */
export interface CaptureVoice {
  readonly onEvent?: (event: CaptureEvent) => void;
  /** With it, what arrives is searched for the case's identifiers at once; provisional. */
  readonly live?: LiveOutput;
}

/**
 * Live capture by the handset's own tcpdump. Aborting the signal is the orderly end (canary, SIGINT, totals).
 * Problems (nothing stored): REFUSED without root, NOT_FOUND without tcpdump, those of the link and of opening the case.
 */
export async function captureTraffic(
  directory: string,
  wish: CaptureWish,
  handsets: Handsets,
  conduct: Conduct,
  voice: CaptureVoice = {},
): Promise<Result<Captured>> {
  const texts = checkedText({ label: wish.label, run: wish.run, as: conduct.actor });
  if (!texts.ok) return texts;
  const known = readCase(directory, (reader) =>
    reader.handsets().some((one) => one.id === wish.handset)
      ? ok(null)
      : fail('handset-unknown', { handset: wish.handset }),
  );
  if (!known.ok) return known;
  // The signal ends the capture itself; the link must live on to stop tcpdump and fetch its totals.
  const link = await handsets.open(wish.serial, new AbortController().signal);
  if (!link.ok) return link;
  try {
    return await writeCaseWhile(directory, `capturing ${wish.label}`, conduct, (writer) =>
      captureInto(writer, wish, link.value, conduct, voice),
    );
  } finally {
    link.value.close();
  }
}

async function captureInto(
  writer: CaseWriter,
  wish: CaptureWish,
  link: HandsetLink,
  conduct: Conduct,
  { onEvent, live: output }: CaptureVoice,
): Promise<Result<Captured>> {
  const identifiers = [...new Map(writer.identifiers().map((one) => [one.id, one])).values()];
  const live = output === undefined || identifiers.length === 0 ? null : new LiveSearch(identifiers, output);
  const store = new SegmentStore(writer, wish, live);
  const clocks = new CaptureClocks(writer, wish, link.features, (problem) =>
    tell(conduct, (words, lang) =>
      problem === null
        ? words('capture.clock-stored')
        : words('capture.clock-not-stored', { why: wordProblem(lang, problem) }),
    ),
  );
  await undoOn(writer, link, conduct);
  const { handset, serial } = wish;
  const changes = new RecordedChanges(writer, { act: `capture of ${handset}`, handset, serial }, conduct);
  await changes.identify(link);
  const startedMs = performance.now();
  try {
    const captured = await captureWithTcpdump(link, {
      store,
      signal: conduct.signal,
      canary: handsetCanary(link, changes.record),
      ...(wish.seconds === null ? {} : { seconds: wish.seconds }),
      onEvent: (event) => {
        onEvent?.(event);
        clocks.take(event);
        if (event.type === 'position') report(conduct, event.position, wish.seconds, startedMs);
      },
    });
    store.settle();
    const unclocked = clocks.settle(store.exhibits.length > 0, nowAt());
    if (!captured.ok) return captured;
    recordRun(writer, wish, captured.value);
    return ok({
      exhibits: store.exhibits,
      run: captured.value,
      gaps: [...gapsOf(captured.value), ...(unclocked === null ? [] : [unclocked]), ...changes.left].map((one) =>
        wordGap(conduct.lang, one),
      ),
    });
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return { ok: false, problem: error.problem };
  } finally {
    changes.close();
    await live?.end();
  }
}

function report(conduct: Conduct, position: CapturePosition, seconds: number | null, startedMs: number): void {
  const elapsed = Math.round((performance.now() - startedMs) / 1000);
  const note = seconds === null ? `${elapsed} s` : `${elapsed} of ${seconds} s`;
  conduct.progress({ task: 'capture', step: 'tcpdump', done: position.packets, total: null, unit: 'packets', note });
}

/** One exhibit a segment; what tcpdump said on standard error is another. */
class SegmentStore implements CaptureStore {
  readonly exhibits: Exhibit[] = [];
  readonly #writer: CaseWriter;
  readonly #wish: CaptureWish;
  readonly #live: LiveSearch | null;
  #current: ExhibitWriter | null = null;

  constructor(writer: CaseWriter, wish: CaptureWish, live: LiveSearch | null) {
    this.#writer = writer;
    this.#wish = wish;
    this.#live = live;
  }

  begin(info: { readonly segment: number; readonly command: string; readonly startedAt: string }): {
    write: (chunk: Buffer) => void;
    checkpoint: () => void;
  } {
    const { label, handset, run } = this.#wish;
    const exhibit = need(
      this.#writer.beginExhibit({
        originalName: `tcpdump-segment-${info.segment}.pcap`,
        kind: 'capture',
        label,
        handset,
        run,
        acquisition: null,
        collector: 'tcpdump',
        origin: {
          type: 'capture',
          method: 'tcpdump',
          segment: info.segment,
          end: 'truncated',
          startedAt: info.startedAt,
          endedAt: info.startedAt,
          packetsCaptured: null,
          packetsReceivedByFilter: null,
          packetsDroppedByKernel: null,
          positions: [],
        },
      }),
    );
    this.#current = exhibit;
    this.#live?.begin(exhibit.path);
    return {
      write: (chunk) => need(exhibit.write(chunk)),
      checkpoint: () => {
        need(exhibit.checkpoint());
      },
    };
  }

  end(segment: CaptureSegment): void {
    const exhibit = this.#current;
    this.#current = null;
    if (exhibit === null) return;
    if (segment.bytes === 0) {
      need(exhibit.abandon('no bytes came'));
    } else {
      this.exhibits.push(
        need(
          exhibit.finish({
            outcome: segment.end === 'complete' ? 'read' : 'interrupted',
            packets: segment.packets,
            fault: segment.fault,
            origin: {
              type: 'capture',
              method: 'tcpdump',
              segment: segment.segment,
              end: segment.end,
              startedAt: segment.startedAt,
              endedAt: segment.endedAt,
              packetsCaptured: segment.totals?.captured ?? null,
              packetsReceivedByFilter: segment.totals?.receivedByFilter ?? null,
              packetsDroppedByKernel: segment.totals?.droppedByKernel ?? null,
              positions: segment.positions,
            },
          }),
        ),
      );
    }
    if (segment.standardError.length > 0) this.#storeWords(segment);
  }

  /** A segment whose end was never reported keeps what came. */
  settle(): void {
    const exhibit = this.#current;
    this.#current = null;
    if (exhibit === null) return;
    if (exhibit.bytes === 0) need(exhibit.abandon('no bytes came'));
    else
      this.exhibits.push(
        need(exhibit.finish({ outcome: 'interrupted', packets: null, fault: 'the capture ended without its totals' })),
      );
  }

  #storeWords(segment: CaptureSegment): void {
    const { label, handset, run } = this.#wish;
    need(
      this.#writer.storeExhibit(
        segment.standardError,
        {
          originalName: `tcpdump-segment-${segment.segment}.stderr.txt`,
          kind: 'command-output',
          label,
          handset,
          run,
          acquisition: null,
          collector: 'tcpdump',
          origin: {
            type: 'command',
            command: segment.command,
            stream: 'stderr',
            protocol: 'shell-v2',
            exitStatus: segment.exitCode,
            startedAt: segment.startedAt,
            endedAt: segment.endedAt,
            problem: segment.problem?.code ?? null,
          },
        },
        {
          outcome: 'read',
          packets: null,
          fault:
            segment.standardErrorTruncatedAtBytes === null
              ? null
              : `cut at ${segment.standardErrorTruncatedAtBytes} bytes`,
        },
      ),
    );
  }
}

/** Canaries and gaps are events of the case: whoever judges absence looks at them. */
function recordRun(writer: CaseWriter, wish: CaptureWish, run: CaptureRun): void {
  const base = {
    run: wish.run,
    label: wish.label,
    handset: wish.handset,
    atHandset: null,
    source: 'capture by tcpdump',
  };
  for (const canary of run.canaries) {
    const { when, nonceHex: nonce, segment, foundAtBytes: foundAtByte } = canary;
    need(
      writer.addEvent({
        ...base,
        kind: 'canary',
        at: canary.sentAt,
        text: captureNoteText({ type: 'canary', when, nonce, segment, foundAtByte }),
      }),
    );
  }
  for (const stepMs of run.clockStepsMs) {
    const text = captureNoteText({ type: 'clock-set', seconds: Math.round(stepMs / 1000) });
    need(writer.addEvent({ ...base, kind: 'note', at: run.endedAt, text }));
  }
  for (const { segment, totals, endedAt } of run.segments) {
    const packets = droppedOf(totals);
    if (packets === 0) continue;
    const text = captureNoteText({ type: 'dropped', packets, segment });
    need(writer.addEvent({ ...base, kind: 'gap', at: endedAt, text }));
  }
  for (const gap of run.gaps) {
    need(
      writer.addEvent({
        ...base,
        kind: 'gap',
        at: gap.lostAt,
        text: captureNoteText({ type: 'interrupted', until: gap.resumedAt, cause: gap.cause }),
      }),
    );
  }
}

function gapsOf(run: CaptureRun): Gap[] {
  const gaps = run.segments.flatMap(({ segment, end, fault, totals, packets }) => {
    const count = droppedOf(totals);
    const missing = totals === null ? 0 : totals.captured - packets;
    return [
      ...(end === 'complete' ? [] : [gap('segment', { segment, end, detail: fault ?? '' })]),
      ...(missing > 0 ? [gap('packets-missing', { segment, count: missing })] : []),
      ...(count > 0 ? [gap('packets-dropped', { segment, count })] : []),
    ];
  });
  for (const { lostAt, resumedAt, cause } of run.gaps) {
    gaps.push(gap('interruption', { from: lostAt, to: resumedAt ?? '…', detail: cause }));
  }
  for (const stepMs of run.clockStepsMs) gaps.push(gap('clock-set', { seconds: Math.round(stepMs / 1000) }));
  for (const { when, foundAtBytes } of run.canaries) {
    if (foundAtBytes === null) gaps.push(gap('canary-lost', { when }));
  }
  return gaps;
}
