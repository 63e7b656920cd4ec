import type { PlaceOfFrame } from '../capture-parts.ts';

/** Dissection counts frames through all files of a recording; people count them in each. */
export class FrameNumbers {
  readonly #exhibits: readonly [string, ...string[]];
  /** Frames before each file. */
  readonly #before: number[] = [0];

  constructor(exhibits: readonly [string, ...string[]]) {
    this.#exhibits = exhibits;
  }

  /** The next file begins. */
  beginFile(framesBefore: number): void {
    this.#before.push(framesBefore);
  }

  placeOf(frame: number): PlaceOfFrame {
    const file = this.#before.findLastIndex((before) => before < frame);
    const [first] = this.#exhibits;
    return { exhibit: this.#exhibits[file] ?? first, frame: frame - (this.#before[file] ?? 0) };
  }

  isFrame(place: PlaceOfFrame, frame: number | undefined): boolean {
    if (frame === undefined) return false;
    const there = this.placeOf(frame);
    return there.exhibit === place.exhibit && there.frame === place.frame;
  }
}
