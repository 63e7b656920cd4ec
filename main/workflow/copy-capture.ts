import { basename } from 'node:path';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { CaptureFile } from '../dissection/capture-file.ts';
import { knowsLinkType } from '../dissection/link-layer.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { unassigned } from '../evidence/case-types.ts';
import { readCaptureBytes } from './capture-bytes.ts';
import type { Conduct } from './conduct.ts';

/** A capture in custody, with what was learnt of it on the way. */
export interface StoredCapture {
  readonly exhibit: Exhibit;
  /** Packets by link type that this version cannot read: the file is whole, and another version may read it. */
  readonly unreadLinkTypes: ReadonlyMap<number, number>;
  /** Times of its earliest and latest packet, microseconds since the epoch; null where no packet has one. */
  readonly span: { readonly firstUs: number; readonly lastUs: number } | null;
}

/** Whom the files belong to. */
export interface Ownership {
  readonly handset: string;
  readonly label: string | null;
  readonly run: string | null;
}

interface Share {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Time between two checkpoints of a long copy: what a crash can cost. */
const checkpointBytes = 256 * 1024 * 1024;

/** Copies a capture file into the case, hashes it on the way, and counts what is in it. */
export async function storeCapture(
  writer: CaseWriter,
  file: string,
  wish: Ownership,
  conduct: Conduct,
  share: Share,
): Promise<Result<StoredCapture>> {
  const name = basename(file);
  const begun = writer.beginExhibit({
    originalName: name,
    kind: 'capture',
    label: wish.label ?? unassigned,
    handset: wish.handset,
    run: wish.run,
    acquisition: null,
    collector: null,
    origin: { type: 'import', fileName: name, compression: null },
  });
  if (!begun.ok) return begun;
  const exhibit = begun.value;
  let problem: Problem | null = null;
  let sinceCheckpoint = 0;
  const counted = new PacketCount();
  const read = await readCaptureBytes(file, {
    onFileBytes: (block) => {
      const written = exhibit.write(block);
      if (!written.ok) problem = written.problem;
      sinceCheckpoint += block.length;
      if (problem === null && sinceCheckpoint >= checkpointBytes) {
        sinceCheckpoint = 0;
        const point = exhibit.checkpoint();
        if (!point.ok) problem = point.problem;
      }
      return problem === null;
    },
    onBlock: (block) => counted.file.push(block),
    onProgress: (bytes) =>
      conduct.progress({
        task: 'import',
        step: name,
        done: share.doneBytes + bytes,
        total: share.totalBytes,
        unit: 'bytes',
        note: null,
      }),
    cancelled: () => conduct.signal.aborted,
  });
  if (problem !== null || conduct.signal.aborted) {
    exhibit.abandon(conduct.signal.aborted ? 'import cancelled' : 'import failed');
    return problem === null ? fail('interrupted') : { ok: false, problem };
  }
  counted.file.finish();
  const outer = read.compressionFault;
  // What is wrong with the compression is the cause of what is wrong inside.
  const fault = outer === null ? counted.fault : `${outer.code}: ${outer.detail}`;
  const stored = exhibit.finish({
    // Whatever its name says: with a fault before the first packet nothing of it could be read.
    outcome: fault !== null && counted.packets === 0 ? 'unparsable' : 'read',
    packets: counted.packets,
    fault,
    origin: { type: 'import', fileName: name, compression: read.compression },
  });
  return stored.ok
    ? ok({ exhibit: stored.value, unreadLinkTypes: counted.unreadLinkTypes, span: counted.span })
    : stored;
}

/** A hostile file may name thousands of link types: the first ones say enough. */
const maxLinkTypes = 16;

/** Counts packet records while a file is copied; the first fault of the file is kept. */
class PacketCount {
  packets = 0;
  fault: string | null = null;
  readonly file: CaptureFile;
  readonly unreadLinkTypes = new Map<number, number>();
  #firstUs = Number.POSITIVE_INFINITY;
  #lastUs = Number.NEGATIVE_INFINITY;
  /** The link type seen last that can be read. */
  #readable = -1;

  get span(): StoredCapture['span'] {
    return this.#firstUs <= this.#lastUs ? { firstUs: this.#firstUs, lastUs: this.#lastUs } : null;
  }

  constructor() {
    this.file = new CaptureFile({
      packet: (_bytes, _start, _end, _wireLength, linkType, us) => {
        this.packets += 1;
        if (us < this.#firstUs) this.#firstUs = us;
        if (us > this.#lastUs) this.#lastUs = us;
        if (linkType === this.#readable) return;
        if (knowsLinkType(linkType)) this.#readable = linkType;
        else if (this.unreadLinkTypes.size < maxLinkTypes || this.unreadLinkTypes.has(linkType))
          this.unreadLinkTypes.set(linkType, (this.unreadLinkTypes.get(linkType) ?? 0) + 1);
      },
      numberedRecord: () => {
        this.packets += 1;
      },
      fileFault: (code, detail, offsetBytes) => {
        this.fault ??= `${code} at byte ${offsetBytes}: ${detail}`;
      },
    });
  }
}
