import type { Exhibit, ExhibitPart, JoinedCapture } from '../../shared/model/exhibit.ts';
import type { Flow } from '../../shared/model/traffic.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { CaptureFault, FileStart } from '../dissection/sink.ts';
import { keyLogsOf } from './key-logs.ts';
import type { CaptureInput } from './read-captures.ts';

export interface PlaceOfFrame {
  readonly exhibit: string;
  /** In that exhibit, from 1. */
  readonly frame: number;
}

/** What is read as one capture: an exhibit, or the exhibits of one recording, in time order. */
export interface WholeCapture {
  /** Null for an exhibit by itself. */
  readonly joined: string | null;
  readonly exhibits: readonly [Exhibit, ...Exhibit[]];
}

/** Captures in the order of their first exhibits. Statements about exhibits that are not there are not followed. */
export function wholeCaptures(exhibits: readonly Exhibit[], joined: readonly JoinedCapture[]): readonly WholeCapture[] {
  const captures = exhibits.filter((one) => one.kind === 'capture');
  const byId = new Map(captures.map((one) => [one.id, one]));
  const wholeOf = new Map<string, WholeCapture>();
  for (const statement of joined) {
    const [first, ...others] = statement.exhibits.flatMap((id) => byId.get(id) ?? []);
    if (first === undefined) continue;
    const whole: WholeCapture = { joined: statement.id, exhibits: [first, ...others] };
    for (const { id } of whole.exhibits) wholeOf.set(id, whole);
  }
  return [...new Set(captures.map((one) => wholeOf.get(one.id) ?? { joined: null, exhibits: [one] as const }))];
}

export const bytesOf = ({ exhibits }: WholeCapture): number => exhibits.reduce((sum, one) => sum + one.bytes, 0);

/** A capture of the case, with the key logs among `all` that belong to any of its files. */
export function captureInput(
  reader: Pick<CaseReader, 'exhibitPath'>,
  whole: WholeCapture,
  all: readonly Exhibit[],
): CaptureInput {
  const { exhibits } = whole;
  const keyLogs = new Set(exhibits.flatMap((one) => keyLogsOf(one, all)));
  return {
    paths: exhibits.map((one) => reader.exhibitPath(one)),
    bytes: bytesOf(whole),
    keyLogs: [...keyLogs].map((one) => reader.exhibitPath(one)),
  };
}

/** Which file of which recording each exhibit is; exhibits by themselves are not in it. */
export function partsOf(joined: readonly JoinedCapture[]): ReadonlyMap<string, ExhibitPart> {
  return new Map(
    joined.flatMap(({ id, exhibits }) =>
      exhibits.map((exhibit, n) => [exhibit, { capture: id, part: n + 1, parts: exhibits.length }] as const),
    ),
  );
}

export function withPart(exhibit: Exhibit, parts: ReadonlyMap<string, ExhibitPart>): Exhibit {
  const partOf = parts.get(exhibit.id);
  return partOf === undefined ? exhibit : { ...exhibit, partOf };
}

/** Follows the reading of one capture: numbers that count through its files → exhibits and their own numbers. */
export class CaptureParts {
  readonly #whole: WholeCapture;
  readonly #starts: FileStart[] = [{ framesBefore: 0, flowsBefore: 0 }];

  constructor(whole: WholeCapture) {
    this.#whole = whole;
  }

  get first(): Exhibit {
    return this.#whole.exhibits[0];
  }

  get isJoined(): boolean {
    return this.#whole.exhibits.length > 1;
  }

  begin(start: FileStart): void {
    this.#starts.push(start);
  }

  placeOf(frame: number): PlaceOfFrame {
    if (!this.isJoined) return { exhibit: this.first.id, frame };
    const part = this.#starts.findLastIndex(({ framesBefore }) => framesBefore < frame);
    return { exhibit: this.#exhibit(part).id, frame: frame - (this.#starts[part]?.framesBefore ?? 0) };
  }

  /** Where a conversation began. */
  ofFlow(index: number): { readonly exhibit: Exhibit; readonly capture?: NonNullable<Flow['capture']> } {
    const { joined } = this.#whole;
    if (joined === null) return { exhibit: this.first };
    const part = this.#starts.findLastIndex(({ flowsBefore }) => flowsBefore <= index);
    return { exhibit: this.#exhibit(part), capture: { id: joined, part: part + 1 } };
  }

  /** The exhibit that a fault is about, with the frame's number in it. */
  ofFault({ file, frame }: CaptureFault): { readonly exhibit: Exhibit; readonly frame: number | null } {
    const own = file === undefined ? null : this.#exhibit(file);
    if (frame === null) return { exhibit: own ?? this.first, frame };
    const place = this.placeOf(frame);
    return {
      exhibit: own ?? this.#whole.exhibits.find(({ id }) => id === place.exhibit) ?? this.first,
      frame: place.frame,
    };
  }

  exhibitOfFile(file: number): Exhibit {
    return this.#exhibit(file);
  }

  get exhibits(): readonly Exhibit[] {
    return this.#whole.exhibits;
  }

  #exhibit(part: number): Exhibit {
    return this.#whole.exhibits[part] ?? this.first;
  }
}
