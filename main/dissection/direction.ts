import type { SearchHorizon, Way } from './sink.ts';
import type { StreamOrigin } from './origins.ts';
import type { UnseenRanges } from './unseen-ranges.ts';
import { FieldMarks, type FieldPlace, SegmentLog } from './position-log.ts';

/** Understands the bytes of one direction, one delivered stretch after the other. */
export interface StreamParser {
  /**
   * `[start, end)` of `b` stands at `position` of the stream.
   * @returns true when it has handed the bytes on as runs itself
   */
  feed(b: Uint8Array, start: number, end: number, position: number): boolean;
  /** `bytes` of the stream will never come. */
  gap(bytes: number): void;
  /** Nothing more will come; `clean` when the sender said so (FIN). */
  end(clean: boolean): void;
  /** What stands at a position that no mark covers yet because its message is still incomplete. */
  pending(position: number): { field: string | null; message: number | null } | null;
}

/** A segment that came before its turn, copied. */
export interface QueuedSegment {
  seq: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly us: number;
  /** Bytes the packet had on the wire but not in the capture. */
  readonly missing: number;
  /** Where they begin in the datagram of fragments that brought them; -1 when they came in a packet. */
  readonly carriedAt: number;
  next: QueuedSegment | null;
}

/** One direction of a TCP connection. */
export class Direction {
  readonly connection: Connection;
  readonly side: 0 | 1;
  nextSeq = 0;
  hasSeq = false;
  /** `nextSeq` is known from the connection's opening. */
  fromSyn = false;
  /** Stream position of the next byte. */
  offset = 0;
  /** Number of the byte sequence being handed on, -1 before its first byte; it began at `sequenceStart`. */
  sequence = -1;
  sequenceStart = 0;
  /** Stretches that went by without their bytes; null while none but what lies before the first one seen. */
  unseen: UnseenRanges | null = null;
  queue: QueuedSegment | null = null;
  queuedBytes = 0;
  queuedCount = 0;
  /** Since when the other side has been acknowledging bytes that are missing here. */
  lostSinceUs = Number.NaN;
  finSeq = -1;
  ended = false;
  /** Stream position at which its parser was told of the end; bytes may still come behind a FIN or RST that lied. */
  endedAt = -1;
  parser: StreamParser | null = null;
  readonly segments: SegmentLog;
  private fieldMarks: FieldMarks | null = null;
  /** Origin of the runs being handed on; a new one for each sequence and channel. */
  origin: StreamOrigin | null = null;
  /** Packet and time of the stretch being fed. */
  feedFrame = 0;
  feedUs = 0;

  constructor(connection: Connection, side: 0 | 1) {
    this.connection = connection;
    this.side = side;
    this.segments = new SegmentLog(connection.horizon);
  }

  get way(): Way {
    return this.side === this.connection.clientSide ? 0 : 1;
  }

  get marks(): FieldMarks {
    return (this.fieldMarks ??= new FieldMarks(this.connection.horizon));
  }

  fieldAt(position: number): FieldPlace {
    const pending = this.parser === null ? null : this.parser.pending(position);
    return pending ?? (this.fieldMarks === null ? { field: null, message: null } : this.fieldMarks.at(position));
  }
}

/** Bound on requests remembered for their responses: a one-sided capture must not collect them for ever. */
const MAX_OPEN_REQUESTS = 512;

/** What the two directions of a TCP connection share while it lives. */
export class Connection {
  readonly row: number;
  clientSide: number;
  readonly directions: readonly [Direction, Direction];
  lastUs = 0;
  /** HTTP methods whose responses have not been seen. */
  private readonly requests: string[] = [];
  /** Requests that were too many to be remembered: those of the next responses. */
  private forgotten = 0;
  readonly horizon: SearchHorizon;

  constructor(row: number, clientSide: number, horizon: SearchHorizon) {
    this.row = row;
    this.clientSide = clientSide;
    this.horizon = horizon;
    this.directions = [new Direction(this, 0), new Direction(this, 1)];
  }

  pushRequest(method: string): void {
    if (this.requests.length >= MAX_OPEN_REQUESTS) {
      this.requests.shift();
      this.forgotten++;
    }
    this.requests.push(method);
  }

  /** Was the oldest unanswered request too much to be remembered? */
  get isForgotten(): boolean {
    return this.forgotten > 0;
  }

  /** The method the oldest unanswered request used, as far as it is known. */
  openRequest(): string | null {
    return this.isForgotten ? null : (this.requests[0] ?? null);
  }

  popRequest(): void {
    if (this.isForgotten) this.forgotten--;
    else this.requests.shift();
  }

  forgetRequests(): void {
    this.requests.length = 0;
    this.forgotten = 0;
  }
}
