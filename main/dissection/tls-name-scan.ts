import { u16, u8 } from './bytes.ts';

const SERVER_NAME = 0;

/**
 * Finds where the server name stands in a ClientHello that is still arriving. It goes on where it stopped, so that a hello
 * that comes byte by byte costs no more than one that comes at once.
 */
export class ServerNameScan {
  /** Offset of the next extension; 0 while the header before them is incomplete. */
  private at = 0;

  /**
   * @param start where the hello begins behind its handshake header: the same at every call
   * @returns bounds of the name, or null while it is not there whole
   */
  find(b: Uint8Array, start: number, end: number): [number, number] | null {
    if (this.at === 0 && !this.skipHeader(b, start, end)) return null;
    while (this.at + 4 <= end) {
      const from = this.at + 4;
      const to = from + u16(b, this.at + 2);
      if (to > end) return null;
      if (u16(b, this.at) === SERVER_NAME && to - from >= 5 && u8(b, from + 2) === 0) {
        return [from + 5, Math.min(to, from + 5 + u16(b, from + 3))];
      }
      this.at = to;
    }
    return null;
  }

  private skipHeader(b: Uint8Array, start: number, end: number): boolean {
    if (end - start < 35) return false;
    let at = start + 35 + u8(b, start + 34);
    if (at + 2 > end) return false;
    at += 2 + u16(b, at);
    if (at + 1 > end) return false;
    this.at = at + 1 + u8(b, at) + 2;
    return true;
  }
}
