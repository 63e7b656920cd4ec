import { type Origin, withFramesOf } from '../../dissection/sink.ts';

/** Where the bytes of a sequence came from; offsets in the sequence. */
export type Locate = (from: number, to: number) => Origin;

/** Bytes of one field that the same frames carry. */
interface Part {
  readonly from: number;
  to: number;
  readonly origin: Origin;
}

/** Asked for at once: a longer stretch is cut, so that few bytes of many frames cost few questions. */
const blockBytes = 4096;

/**
 * Where the bytes of a value came from, frame by frame, noted as they come: dissection forgets it before a long value ends. It is the
 * same for the same bytes, however they were cut when they came.
 */
export class ValueOrigins {
  private readonly parts: Part[] = [];
  private readonly start: number;
  private readonly shifts: boolean;

  /** `shifts`: offsets in the sequence and in the stream go together; in a decoded body they do not. */
  constructor(start: number, shifts: boolean) {
    this.start = start;
    this.shifts = shifts;
  }

  add(from: number, to: number, locate: Locate): void {
    for (let at = from; at < to; at += blockBytes) this.split(at, Math.min(to, at + blockBytes), locate);
  }

  /** Of the value's bytes from `from` to `to`, of which there is one at least: the frames of these, the rest as of the first. */
  of(from: number, to: number): Origin {
    const { parts } = this;
    let i = 0;
    while (i + 1 < parts.length && (parts[i] as Part).to <= from) i++;
    const first = parts[i];
    if (first === undefined) throw new Error(`no origin was noted of the value at ${this.start}`);
    const all: Origin[] = [first.origin];
    for (i += 1; i < parts.length && (parts[i] as Part).from < to; i++) all.push((parts[i] as Part).origin);
    const streamOffset = first.origin.streamOffset + (this.shifts ? from - first.from : 0);
    return { ...withFramesOf(first.origin, all), streamOffset };
  }

  private split(from: number, to: number, locate: Locate): void {
    const origin = locate(from, to);
    if (to - from > 1 && (origin.frames.length > 1 || !samePlace(origin, locate(to - 1, to)))) {
      const middle = (from + to) >> 1;
      this.split(from, middle, locate);
      this.split(middle, to, locate);
      return;
    }
    const last = this.parts[this.parts.length - 1];
    if (last !== undefined && last.to === from && sameFrames(last.origin, origin) && samePlace(last.origin, origin))
      last.to = to;
    else this.parts.push({ from, to, origin });
  }
}

function sameFrames(a: Origin, b: Origin): boolean {
  if (a.wholeIn !== b.wholeIn) return false;
  return a.frames.length === b.frames.length && a.frames.every((frame, i) => frame === b.frames[i]);
}

function samePlace(a: Origin, b: Origin): boolean {
  return a.message === b.message && a.field === b.field && a.handedOn === b.handedOn && a.channel === b.channel;
}
