import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { beginsTlsUpgrade, TlsParser } from './tls-parser.ts';

/** Bytes nobody recognised: handed on to be searched all the same, and watched for an upgrade to TLS. */
export class UnknownParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (!beginsTlsUpgrade(b, start, end)) return false;
    this.out.recognise(this.d.connection.row, 'tls', 'tls');
    const tls = new TlsParser(this.out, this.d);
    this.d.parser = tls;
    return tls.feed(b, start, end, position);
  }

  gap(): void {
    // Nothing here depends on what came before.
  }

  end(): void {
    // Nothing is held back.
  }

  pending(): null {
    return null;
  }
}
