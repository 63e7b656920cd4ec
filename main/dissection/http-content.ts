import type { Direction } from './direction.ts';
import { DnsBody, isDnsMessage } from './http-dns.ts';
import type { Emitter } from './emitter.ts';
import { type ContentReader, ContentRun, type Locator, type ReadContent } from './http-content-run.ts';
import { GrpcReader, isGrpc } from './http-grpc.ts';
import type { Place } from './http-pieces.ts';
import { MAX_BOUNDARY_BYTES, multipartBoundary, MultipartReader, noteLongBoundary } from './multipart.ts';

/** What is known of a body before its first byte. */
export interface BodyFormat {
  /** How it lies in the stream, outermost first: `chunked`, `http2`; empty when it is a stretch of the stream itself. */
  readonly framing: readonly string[];
  /** Content codings in the order in which they were applied. */
  readonly codings: readonly string[];
  readonly contentType: string | null;
  /** Compression of single gRPC messages. */
  readonly grpcEncoding: string | null;
}

/** Is the content of this type taken apart even where it lies plainly in the stream? */
export function isStructured(contentType: string | null): boolean {
  return contentType !== null && (isDnsMessage(contentType) || multipartBoundary(contentType) !== null);
}

/**
 * The content of one message, without transfer and content codings: handed on where it differs from the stream's own bytes,
 * and taken apart where its type says how.
 */
export class Content implements ReadContent {
  readonly out: Emitter;
  readonly d: Direction;
  readonly message: number;
  readonly decodings: readonly string[];
  readonly locator: Locator;
  private readonly reader: ContentReader | null;
  private readonly dns: DnsBody | null;
  private run: ContentRun | null = null;
  private fieldAt: (offset: number) => string = () => 'body';
  private length = 0;

  constructor(
    out: Emitter,
    d: Direction,
    message: number,
    decodings: readonly string[],
    format: BodyFormat,
    locator: Locator,
  ) {
    this.out = out;
    this.d = d;
    this.message = message;
    this.decodings = decodings;
    this.locator = locator;
    const type = format.contentType ?? '';
    const boundary = multipartBoundary(type);
    this.dns = isDnsMessage(type) ? new DnsBody(out, d) : null;
    if (boundary !== null && boundary.length > MAX_BOUNDARY_BYTES) noteLongBoundary(this);
    if (boundary !== null && boundary.length <= MAX_BOUNDARY_BYTES) {
      const multipart = new MultipartReader(this, boundary);
      this.fieldAt = (offset) => multipart.fieldAt(offset);
      this.reader = multipart;
    } else {
      this.reader = isGrpc(type) && decodings.length > 0 ? new GrpcReader(this, format.grpcEncoding) : null;
    }
  }

  /** Whether the bytes stand in the stream as they are. */
  get inStream(): boolean {
    return this.decodings.length === 0;
  }

  data(b: Uint8Array, start: number, end: number): void {
    this.dns?.data(b, start, end);
    if (this.reader === null) this.plain(b, start, end, this.length);
    else this.reader.data(b, start, end, this.length);
    this.length += end - start;
  }

  /** Hands on bytes of the content as they are; `offset` is that of the first. */
  plain(b: Uint8Array, start: number, end: number, offset: number): void {
    if (this.inStream || end <= start) return;
    if (this.run === null) {
      const at = (from: number, to: number): Place => this.locator(from + offset, to + offset);
      const field = (from: number): string => this.fieldAt(from + offset);
      this.run = new ContentRun(this.out, this.d, this.message, this.decodings, at, field);
    }
    this.run.hand(b, start, end);
  }

  /** The bytes handed on end here: what follows is not searched as one with them. */
  breakPlain(): void {
    if (this.run === null) return;
    this.run.end();
    this.run = null;
  }

  lose(): void {
    this.breakPlain();
    this.reader?.lose();
    this.dns?.lose();
  }

  finish(): void {
    this.reader?.finish();
    this.dns?.finish();
    this.breakPlain();
  }
}
