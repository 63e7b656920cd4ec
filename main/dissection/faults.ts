import type { ClockStep } from './clock-steps.ts';
import type { CaptureFault } from './sink.ts';

interface Entry {
  code: string;
  offsetBytes: number | null;
  frame: number | null;
  count: number;
  detail: string;
  file: number;
  backUs?: number;
}

/** Distinct faults kept; a hostile file must not fill memory with its own complaints. */
const MAX_DISTINCT = 512;

/** What kept the capture from being read whole. Equal faults are counted; place and frame are those of the first. */
export class FaultLog {
  private readonly entries = new Map<string, Entry>();
  private dropped = 0;

  add(code: string, detail: string, frame: number | null, offsetBytes: number | null): void {
    this.addMany(code, detail, frame, offsetBytes, 1);
  }

  /** A fault of the file itself: each file of a capture tells its own. */
  addOfFile(file: number, code: string, detail: string, frame: number | null, offsetBytes: number): void {
    this.addMany(code, detail, frame, offsetBytes, 1, file);
  }

  /** One a file: kept whatever else is dropped, since the order of events is judged by it. */
  addClockStep(file: number, { count, backUs, frame }: ClockStep): void {
    const code = 'clock-steps-back';
    const detail = `${(backUs / 1_000_000).toFixed(3)} s`;
    this.entries.set(`${file} ${code}`, { code, offsetBytes: null, frame, count, detail, file, backUs });
  }

  addMany(
    code: string,
    detail: string,
    frame: number | null,
    offsetBytes: number | null,
    count: number,
    file = 0,
  ): void {
    const key = `${file} ${code}\n${detail}`;
    const known = this.entries.get(key);
    if (known !== undefined) {
      known.count += count;
    } else if (this.entries.size < MAX_DISTINCT) {
      this.entries.set(key, { code, offsetBytes, frame, count, detail, file });
    } else {
      this.dropped += count;
    }
  }

  list(): CaptureFault[] {
    const all: CaptureFault[] = [...this.entries.values()].map(({ file, ...fault }) =>
      file === 0 ? fault : { ...fault, file },
    );
    if (this.dropped > 0) {
      all.push({
        code: 'cap-faults',
        offsetBytes: null,
        frame: null,
        count: this.dropped,
        detail: 'further faults of other kinds were counted only',
      });
    }
    return all;
  }
}
