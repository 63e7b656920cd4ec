import { latin1, textOfLatin1 } from './bytes.ts';
import { shortName } from './short-name.ts';
import { type ContentReader, ContentRun, type Locator, type ReadContent } from './http-content-run.ts';
import { TransferDecoder } from './multipart-transfer.ts';

const LF = 10;
const CR = 13;
/** RFC 2046, 5.1.1, allows 70. */
export const MAX_BOUNDARY_BYTES = 200;
const MAX_HEAD_BYTES = 8 * 1024;
const FIRST_HEAD_BYTES = 256;
/** The end of the line, padding, or what closes the multipart: a longer word is another one (RFC 2046, 5.1.1). */
const AFTER_DELIMITER: ReadonlySet<number> = new Set([LF, CR, 9, 32, 45]);
/** Fields remembered of one body, and bodies within bodies. */
const MAX_FIELDS = 4096;
const MAX_DEPTH = 4;

/** The boundary of a multipart type (RFC 2046, 5.1.1), however long, or null. */
export function multipartBoundary(contentType: string): string | null {
  const match = /^\s*multipart\/[\w.+-]+\s*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;"]+))/is.exec(contentType);
  const boundary = (match?.[1] ?? match?.[2] ?? '').trimEnd();
  return boundary === '' ? null : boundary;
}

type State = 'text' | 'line-start' | 'delimiter' | 'head';

/**
 * multipart/form-data, multipart/mixed and their like: names the parts, and decodes those that are base64 or
 * quoted-printable. Everything else is handed on as it stands.
 */
export class MultipartReader implements ContentReader {
  private readonly content: ReadContent;
  private readonly delimiters: Buffer[];
  private state: State = 'line-start';
  /** The beginning of a line that could be a delimiter. */
  private readonly held = new Uint8Array(MAX_BOUNDARY_BYTES + 3);
  private heldLength = 0;
  private heldAt = 0;
  private head = new Uint8Array(FIRST_HEAD_BYTES);
  private headLength = 0;
  private headLine = 0;
  private decoder: TransferDecoder | null = null;
  private readonly offsets: number[] = [0];
  private readonly fields: string[] = ['body'];

  constructor(content: ReadContent, boundary: string) {
    this.content = content;
    this.delimiters = [delimiterOf(boundary)];
  }

  /** The part that holds a byte of the content: `body:<name>`. */
  fieldAt(offset: number): string {
    let low = 0;
    let high = this.offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.offsets[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.fields[low] ?? 'body';
  }

  data(b: Uint8Array, start: number, end: number, offset: number): void {
    /** Where the bytes begin that have not been given to the decoder, or handed on plainly. */
    let from = start;
    for (let at = start; at < end;) {
      if (this.state === 'text') {
        const lineEnd = b.indexOf(LF, at);
        at = lineEnd < 0 || lineEnd >= end ? end : lineEnd + 1;
        if (lineEnd >= 0 && lineEnd < end) this.startLine(offset + (at - start));
        from = this.decoded(b, from, at, offset + (from - start));
      } else if (this.state === 'line-start') {
        const fit = this.takeHeld(b[at++] as number, offset + (at - start));
        if (this.decoder !== null) from = at;
        if (fit === null) continue;
        this.closePart(offset + (at - start), fit);
        if (b[at - 1] === LF) this.openHead();
      } else if (this.state === 'delimiter') {
        // «--» closes the multipart; what follows is an epilogue, searched as it stands.
        if (b[at++] === LF) this.openHead();
      } else if (this.headByte(b[at++] as number)) {
        this.openPart(offset + (at - start));
        if (this.decoder === null) continue;
        // The head goes the plain way, what follows to the decoder.
        this.content.plain(b, from, at, offset + (from - start));
        this.content.breakPlain();
        from = at;
      }
    }
    if (this.decoder === null) this.content.plain(b, from, end, offset + (from - start));
  }

  /** Gives `[from, to)` to the decoder, if there is one. Returns where what was not given begins. */
  private decoded(b: Uint8Array, from: number, to: number, offset: number): number {
    if (this.decoder === null) return from;
    this.decoder.data(b, from, to, offset);
    return to;
  }

  private startLine(offset: number): void {
    this.state = 'line-start';
    this.heldLength = 0;
    this.heldAt = offset;
  }

  /** One more byte of a line that could be a delimiter; `next` is the offset after it. Returns which it is, once it is. */
  private takeHeld(c: number, next: number): number | null {
    this.held[this.heldLength++] = c;
    const fit = this.fit();
    if (fit === 'perhaps') return null;
    if (fit !== 'no') return fit;
    this.decoder?.data(this.held, 0, this.heldLength, this.heldAt);
    this.heldLength = 0;
    if (c === LF) this.startLine(next);
    else this.state = 'text';
    return null;
  }

  /** Which delimiter stands whole in `held`, whether one still could, or none. */
  private fit(): number | 'perhaps' | 'no' {
    const { held, heldLength } = this;
    let perhaps = false;
    for (let i = this.delimiters.length - 1; i >= 0; i--) {
      const delimiter = this.delimiters[i] as Buffer;
      const n = Math.min(heldLength, delimiter.length);
      if (heldLength > delimiter.length + 1 || delimiter.compare(held, 0, n, 0, n) !== 0) continue;
      if (heldLength <= delimiter.length) perhaps = true;
      else if (AFTER_DELIMITER.has(held[n] as number)) return i;
    }
    return perhaps ? 'perhaps' : 'no';
  }

  private openHead(): void {
    this.state = 'head';
    this.headLength = 0;
    this.headLine = 0;
  }

  /** @returns true after the empty line that ends the head */
  private headByte(c: number): boolean {
    if (c === LF) {
      if (this.headLine === 0) return true;
      this.headLine = 0;
    } else if (c !== CR) {
      this.headLine++;
    }
    if (this.headLength === this.head.length) {
      const bigger = new Uint8Array(this.headLength * 2);
      bigger.set(this.head);
      this.head = bigger;
    }
    this.head[this.headLength++] = c;
    if (this.headLength > MAX_HEAD_BYTES) {
      this.content.out.note(this.content.d.connection.row, 'cap-header');
      this.state = 'text';
    }
    return false;
  }

  /** The part's own bytes begin at `offset` of the content. */
  private openPart(offset: number): void {
    this.startLine(offset);
    const head = latin1(this.head, 0, this.headLength).replaceAll(/\r?\n[ \t]+/g, ' ');
    const disposition = valueOf(head, 'content-disposition');
    const inner = multipartBoundary(valueOf(head, 'content-type'));
    if (inner !== null && inner.length > MAX_BOUNDARY_BYTES) noteLongBoundary(this.content);
    else if (inner !== null && this.delimiters.length < MAX_DEPTH) this.delimiters.push(delimiterOf(inner));
    else if (inner !== null) {
      this.content.out.note(this.content.d.connection.row, 'cap-depth');
      this.content.out.fault('cap-depth', `parts of a multipart in more than ${MAX_DEPTH} others were not told apart`);
    }
    const named = /;\s*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(disposition);
    const name = shortName(textOfLatin1(named?.[1] ?? named?.[2] ?? ''));
    this.mark(offset, name === '' ? 'body' : `body:${name}`);
    const coding = valueOf(head, 'content-transfer-encoding').trim().toLowerCase();
    if (coding !== 'base64' && coding !== 'quoted-printable') return;
    const { out, d, message, decodings, locator } = this.content;
    const field = this.fields.at(-1) ?? 'body';
    this.decoder = new TransferDecoder(coding, (decoder) => {
      const place: Locator = (from, to) => locator(decoder.placeOf(from), decoder.placeOf(to - 1) + 1);
      return new ContentRun(out, d, message, [...decodings, 'multipart', coding], place, () => field);
    });
    // In the stream the encoded bytes are searched as well: they are told as the body that has been decoded.
    this.markStream(offset, 'body', true);
  }

  private closePart(offset: number, delimiter: number): void {
    this.delimiters.length = delimiter + 1;
    this.state = 'delimiter';
    this.endDecoder();
    this.mark(offset, 'body');
  }

  private endDecoder(): void {
    this.decoder?.finish();
    this.decoder = null;
  }

  private mark(offset: number, field: string): void {
    if (this.fields.at(-1) === field) return;
    if (this.fields.length >= MAX_FIELDS) {
      this.content.out.note(this.content.d.connection.row, 'cap-marks');
      // What follows is a part without a name rather than the last one that has one.
      if (this.fields.at(-1) === 'body') return;
      this.offsets.push(offset);
      this.fields.push('body');
      this.markStream(offset, 'body');
      return;
    }
    this.offsets.push(offset);
    this.fields.push(field);
    this.markStream(offset, field);
  }

  private markStream(offset: number, field: string, handedOn = false): void {
    const { content } = this;
    if (!content.inStream) return;
    const place = content.locator(offset, offset + 1).position;
    if (!content.d.marks.add(place, field, content.message, handedOn))
      content.out.note(content.d.connection.row, 'cap-marks');
  }

  lose(): void {
    this.endDecoder();
    this.state = 'text';
    this.heldLength = 0;
  }

  finish(): void {
    if (this.state === 'line-start') this.decoder?.data(this.held, 0, this.heldLength, this.heldAt);
    this.endDecoder();
  }
}

/** A multipart whose boundary is longer than is looked for: its parts are searched as they stand. */
export function noteLongBoundary({ out, d }: ReadContent): void {
  out.note(d.connection.row, 'cap-header');
  out.fault(
    'cap-header',
    `a multipart boundary is longer than ${MAX_BOUNDARY_BYTES} bytes; its parts were not decoded`,
  );
}

function delimiterOf(boundary: string): Buffer {
  return Buffer.from(`--${boundary}`, 'latin1');
}

function valueOf(head: string, name: string): string {
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1);
  }
  return '';
}
