/**
 * Of packets of several interfaces, or of several queues of one, the later may be written first: of recordings nobody made for a test the
 * worst was disordered by some 30 µs. A clock that is set steps by more.
 */
const TOLERANCE_US = 1_000_000;

/** How often the times of a file's packets stepped back, and how far a packet lies before one that stands before it, at most. */
export interface ClockStep {
  readonly count: number;
  readonly backUs: number;
  /** The packet that lies back so far. */
  readonly frame: number;
}

/** Watches the times of packets as they stand in their file: a clock that was set back shows the same times twice. */
export class ClockSteps {
  private previousUs = Number.NaN;
  private latestUs = Number.NaN;
  private count = 0;
  private backUs = 0;
  private frame = 0;

  take(us: number, frame: number): void {
    if (us < this.previousUs - TOLERANCE_US) this.step(us, frame);
    this.previousUs = us;
    if (!(us <= this.latestUs)) this.latestUs = us;
  }

  private step(us: number, frame: number): void {
    this.count++;
    const backUs = this.latestUs - us;
    if (backUs <= this.backUs) return;
    this.backUs = backUs;
    this.frame = frame;
  }

  /** Files of one capture may overlap in time: the next one is watched anew. */
  endFile(): ClockStep | null {
    const { count, backUs, frame } = this;
    this.previousUs = Number.NaN;
    this.latestUs = Number.NaN;
    this.count = 0;
    this.backUs = 0;
    return count === 0 ? null : { count, backUs, frame };
  }
}
