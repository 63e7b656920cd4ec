import { u32 } from './bytes.ts';
import { codingsOf, decodeContent } from './content-coding.ts';
import { type ContentReader, ContentRun, type Locator, type ReadContent } from './http-content-run.ts';

const PREFIX_BYTES = 5;
/** A compressed message longer than this is not undone. */
const MAX_PACKED_BYTES = 4 * 1024 * 1024;

export function isGrpc(contentType: string): boolean {
  return /^\s*application\/grpc(?:-web)?(?:\+[\w.-]+)?\s*(?:;|$)/i.test(contentType);
}

/** Length-prefixed messages (gRPC over HTTP/2, «Length-Prefixed-Message»): each is handed on as a sequence of its own. */
export class GrpcReader implements ContentReader {
  private readonly content: ReadContent;
  private readonly codings: readonly string[];
  private readonly prefix = new Uint8Array(PREFIX_BYTES);
  private prefixLength = 0;
  private remaining = 0;
  private run: ContentRun | null = null;
  private packed: Uint8Array | null = null;
  private packedLength = 0;
  private packedAt = 0;
  private lost = false;

  constructor(content: ReadContent, encoding: string | null) {
    this.content = content;
    const named = codingsOf(encoding ?? undefined);
    // A compressed message whose coding nobody names is taken for what it looks like.
    this.codings = named.length === 0 ? ['unnamed'] : named;
  }

  data(b: Uint8Array, start: number, end: number, offset: number): void {
    for (let at = start; at < end;) {
      if (this.lost) {
        this.content.plain(b, at, end, offset + (at - start));
        return;
      }
      if (this.remaining === 0) {
        this.prefix[this.prefixLength++] = b[at++] as number;
        if (this.prefixLength === PREFIX_BYTES) this.open(offset + (at - start));
        continue;
      }
      const n = Math.min(this.remaining, end - at);
      if (this.packed === null) this.run?.hand(b, at, at + n);
      else this.collect(this.packed, b, at, at + n);
      this.remaining -= n;
      at += n;
      if (this.remaining === 0) this.close();
    }
  }

  private open(offset: number): void {
    this.prefixLength = 0;
    const [flags = 0] = this.prefix;
    const length = u32(this.prefix, 1);
    if ((flags & 0x7e) !== 0) {
      this.lost = true;
      this.content.out.note(this.content.d.connection.row, 'malformed');
      return;
    }
    this.remaining = length;
    const { out, d } = this.content;
    const { bodies } = out;
    // 0x80 marks the trailers of gRPC-Web.
    const isPacked = (flags & 1) !== 0;
    if (isPacked && length <= MAX_PACKED_BYTES && bodies.allows(length)) {
      this.packed = new Uint8Array(Math.min(length, 4096));
      bodies.held += this.packed.length;
      this.packedLength = 0;
      this.packedAt = offset;
    } else {
      if (isPacked) {
        out.note(d.connection.row, 'cap-body');
        out.fault('cap-body', 'a compressed gRPC message is longer than is kept; it was not decoded');
      }
      this.run = this.newRun(['grpc'], (from, to) => this.content.locator(from + offset, to + offset));
    }
    if (length === 0) this.close();
  }

  private newRun(steps: readonly string[], locator: Locator): ContentRun {
    const { out, d, message, decodings } = this.content;
    return new ContentRun(out, d, message, [...decodings, ...steps], locator, () => 'body');
  }

  private collect(packed: Uint8Array, b: Uint8Array, start: number, end: number): void {
    let bytes = packed;
    if (this.packedLength + end - start > bytes.length) {
      bytes = new Uint8Array(Math.max(bytes.length * 2, this.packedLength + end - start));
      this.content.out.bodies.held += bytes.length - packed.length;
      bytes.set(packed.subarray(0, this.packedLength));
      this.packed = bytes;
    }
    bytes.set(b.subarray(start, end), this.packedLength);
    this.packedLength += end - start;
  }

  private close(): void {
    const { packed, packedAt, content } = this;
    if (packed !== null) {
      this.packed = null;
      content.out.bodies.held -= packed.length;
      const result = decodeContent(this.codings, packed.subarray(0, this.packedLength));
      for (const problem of result.problems) content.out.note(content.d.connection.row, problem);
      const run = this.newRun(['grpc', ...result.decodings], (from, to) => {
        const [a, z] = result.locate(from, to);
        return content.locator(a + packedAt, z + packedAt);
      });
      const taken = content.out.inflated.take(this.packedLength, result.bytes.length);
      if (taken < result.bytes.length) content.out.note(content.d.connection.row, 'cap-inflate');
      run.hand(result.bytes, 0, taken);
      run.end();
    }
    this.run?.end();
    this.run = null;
  }

  lose(): void {
    this.remaining = 0;
    this.close();
    this.lost = true;
  }

  finish(): void {
    this.close();
  }
}
