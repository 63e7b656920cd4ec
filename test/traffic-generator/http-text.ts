import { gzipOf } from './deflate.ts';

/** A body as it goes over the wire. */
export interface BodyPlan {
  readonly text: string | Buffer;
  readonly type: string;
  readonly gzip?: boolean;
  /** Sizes of the chunks of the (encoded) body; the last one takes the rest. Absent: `Content-Length`. */
  readonly chunks?: readonly number[];
}

/** An HTTP/1.1 message in bytes, which remembers where the body's bytes went. */
export interface HttpBytes {
  readonly bytes: Buffer;
  /** Where the text stands in `bytes`: whole body when it is compressed; null when it is not there. */
  locate(text: string): readonly [start: number, end: number] | null;
}

interface Chunked {
  readonly bytes: Buffer;
  /** Place in the wire's body of each byte of the coded body. */
  readonly places: readonly number[];
}

function chunked(body: Buffer, sizes: readonly number[]): Chunked {
  const parts: Buffer[] = [];
  const places: number[] = [];
  let length = 0;
  let at = 0;
  const put = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
  };
  for (const size of [...sizes, body.length]) {
    const piece = body.subarray(at, at + size);
    if (piece.length === 0) continue;
    put(Buffer.from(`${piece.length.toString(16)}\r\n`));
    for (let index = 0; index < piece.length; index += 1) places.push(length + index);
    put(piece);
    put(Buffer.from('\r\n'));
    at += piece.length;
  }
  put(Buffer.from('0\r\n\r\n'));
  return { bytes: Buffer.concat(parts), places };
}

/** Writes a request or a response: `start` is the first line, `fields` come in their order. */
export function httpBytes(start: string, fields: readonly (readonly [string, string])[], body?: BodyPlan): HttpBytes {
  const plain = body === undefined ? Buffer.alloc(0) : Buffer.from(body.text);
  const coded = body?.gzip === true ? gzipOf(plain) : plain;
  const framed = body?.chunks === undefined ? null : chunked(coded, body.chunks);
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  if (body !== undefined) {
    lines.push(`Content-Type: ${body.type}`);
    if (body.gzip === true) lines.push('Content-Encoding: gzip');
    lines.push(framed === null ? `Content-Length: ${coded.length}` : 'Transfer-Encoding: chunked');
  }
  const head = Buffer.from(`${[start, ...lines].join('\r\n')}\r\n\r\n`);
  const place = (index: number): number => head.length + (framed?.places[index] ?? index);
  return {
    bytes: Buffer.concat([head, framed?.bytes ?? coded]),
    locate: (text) => {
      const inHead = head.indexOf(text);
      if (inHead >= 0) return [inHead, inHead + Buffer.byteLength(text)];
      const inBody = plain.indexOf(text);
      if (inBody < 0) return null;
      if (body?.gzip === true) return [place(0), place(coded.length - 1) + 1];
      return [place(inBody), place(inBody + Buffer.byteLength(text) - 1) + 1];
    },
  };
}
